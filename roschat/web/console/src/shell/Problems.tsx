/** The notifications window: what is wrong with components of the server, each with a link to where it is put right. */
import {
  ActionIcon,
  Anchor,
  Box,
  Group,
  Indicator,
  Popover,
  ScrollArea,
  Stack,
  Text,
  ThemeIcon,
  Tooltip,
} from "@mantine/core";
import { IconAlertTriangle, IconBell, IconCheck, IconInfoCircle } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "wouter";
import { useApi } from "../api/hooks.ts";
import { useFormats } from "../kit/formats.ts";
import { PAGES, pageAt, pagesFor } from "../pages.ts";
import { useSession } from "../session.tsx";
import { words } from "../words/shell.ts";
import { useLanguage } from "../words.ts";

const COLORS: Record<string, string> = { error: "red", warning: "orange" };

export function Problems() {
  const say = words.use();
  const language = useLanguage();
  const formats = useFormats();
  const { role } = useSession();
  const [opened, setOpened] = useState(false);
  const watching = role !== "security";
  const asked = useApi("GET /monitor/problems", {}, { every: 15_000, enabled: watching });
  if (!watching) return null;
  const problems = asked.data ?? [];
  const count = problems.filter((one) => one.severity !== "notice").length;
  const worst = problems.some((one) => one.severity === "error") ? "red.8" : "orange.8";
  const label = count > 0 ? say("problems.open", { count }) : say("problems");
  const mine = pagesFor(role, PAGES);
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      width={400}
      shadow="lg"
      trapFocus
      withRoles={false}
    >
      <Popover.Target>
        <Tooltip label={label} disabled={opened}>
          <Indicator label={count} size={16} color={worst} disabled={count === 0} offset={4}>
            <ActionIcon
              variant="default"
              size={34}
              aria-label={label}
              aria-expanded={opened}
              onClick={() => setOpened(!opened)}
            >
              <IconBell size={18} aria-hidden />
            </ActionIcon>
          </Indicator>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown p={0} maw="calc(100vw - 16px)" role="dialog" aria-label={say("problems")}>
        <Text fw={600} px="md" py="sm" tabIndex={-1} data-autofocus>
          {say("problems")}
        </Text>
        <ScrollArea.Autosize mah="min(60vh, 480px)">
          {problems.length === 0 && (
            <Stack align="center" gap={4} pb="lg" px="md" ta="center">
              <ThemeIcon variant="light" color="teal" radius="xl" size={40}>
                <IconCheck size={22} aria-hidden />
              </ThemeIcon>
              <Text size="sm" fw={600}>
                {say("problems.none")}
              </Text>
              <Text size="sm" c="dimmed">
                {say("problems.noneText")}
              </Text>
            </Stack>
          )}
          {problems.map((one) => {
            const Icon = one.severity === "notice" ? IconInfoCircle : IconAlertTriangle;
            return (
              <Group
                key={`${one.code} ${one.part} ${one.process}`}
                gap="sm"
                px="md"
                py="sm"
                wrap="nowrap"
                align="flex-start"
                style={{ borderTop: "1px solid var(--mantine-color-default-border)" }}
              >
                <ThemeIcon variant="light" color={COLORS[one.severity] ?? "brand"} radius="xl" size={28}>
                  <Icon size={16} aria-hidden />
                </ThemeIcon>
                <Box miw={0}>
                  <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                    {language === "ru" ? one.textRu || one.text : one.text}
                  </Text>
                  <Group gap="sm">
                    <Text size="xs" c="dimmed">
                      {[one.part, one.since ? formats.ago(one.since) : ""].filter(Boolean).join(" · ")}
                    </Text>
                    {one.fix && pageAt(one.fix, mine) && (
                      <Anchor component={Link} href={one.fix} size="xs" onClick={() => setOpened(false)}>
                        {say("problems.fix")}
                      </Anchor>
                    )}
                  </Group>
                </Box>
              </Group>
            );
          })}
        </ScrollArea.Autosize>
      </Popover.Dropdown>
    </Popover>
  );
}
