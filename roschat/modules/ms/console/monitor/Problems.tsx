/** What is wrong, the worst first, each with the way to where it is put right. */
import type { Problem } from "@console/api/index.ts";
import { Empty } from "@console/kit/Empty.tsx";
import { useFormats } from "@console/kit/formats.ts";
import { useLanguage } from "@console/words.ts";
import { Anchor, Box, Group, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconAlertTriangle, IconCircleX, IconInfoCircle } from "@tabler/icons-react";
import { Link } from "wouter";
import { type Word, words } from "./words.ts";

const LOOKS = {
  error: { Icon: IconCircleX, color: "red" },
  warning: { Icon: IconAlertTriangle, color: "orange" },
  notice: { Icon: IconInfoCircle, color: "blue" },
} as const;

export function Problems({ problems, admin }: { problems: readonly Problem[]; admin: boolean }) {
  const say = words.use();
  const formats = useFormats();
  const russian = useLanguage() === "ru";
  if (problems.length === 0) return <Empty title={say("noProblems")} text={say("noProblemsText")} icon="activity" />;
  return (
    <Stack gap="sm" component="ul" m={0} p={0} style={{ listStyle: "none" }} aria-label={say("problems")}>
      {problems.map((one) => {
        const { Icon, color } = LOOKS[one.severity as keyof typeof LOOKS] ?? LOOKS.notice;
        const severity = say(`severity.${one.severity}` as Word);
        return (
          <Group
            key={`${one.process}/${one.part}/${one.code}/${one.text}`}
            component="li"
            gap="sm"
            wrap="nowrap"
            align="flex-start"
            data-problem={one.code}
          >
            <ThemeIcon variant="light" color={color} size={28} radius="xl" role="img" aria-label={severity}>
              <Icon size={17} aria-hidden />
            </ThemeIcon>
            <Box miw={0} flex={1}>
              <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                {russian ? one.textRu : one.text}
              </Text>
              <Text size="xs" c="dimmed">
                {[one.part, one.process, formats.ago(one.since)].filter(Boolean).join(" · ")}
              </Text>
            </Box>
            {admin && one.fix && one.fix !== "/monitor" && (
              <Anchor component={Link} href={one.fix} size="sm" flex="none">
                {say("fix")}
              </Anchor>
            )}
          </Group>
        );
      })}
    </Stack>
  );
}
