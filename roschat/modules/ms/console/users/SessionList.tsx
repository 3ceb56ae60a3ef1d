/** Sessions with a button to end each; for the security administrator and for one's own account. */
import type { ConsoleSession } from "@console/api/index.ts";
import { useFormats } from "@console/kit/formats.ts";
import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { words } from "./words.ts";

interface Props {
  sessions: readonly ConsoleSession[];
  onEnd: (session: number) => void;
}

export function SessionList({ sessions, onEnd }: Props) {
  const say = words.use();
  const formats = useFormats();
  return (
    <Stack component="ul" gap={0} m={0} p={0} style={{ listStyle: "none" }}>
      {sessions.map((one) => (
        <Group
          component="li"
          key={one.id}
          justify="space-between"
          py="xs"
          style={{ borderTop: "1px solid var(--mantine-color-default-border)" }}
        >
          <div style={{ minWidth: 0, flex: "1 1 240px" }}>
            <Group gap="xs">
              <Text size="sm" fw={600}>
                {browserName(one.client)}
              </Text>
              {one.current && (
                <Badge size="sm" variant="light" tt="none">
                  {say("current")}
                </Badge>
              )}
            </Group>
            <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
              {[
                `${say("address")}: ${one.address}`,
                `${say("created")}: ${formats.dateTime(one.created)}`,
                `${say("seen")}: ${formats.ago(one.seen)}`,
              ].join(" · ")}
            </Text>
          </div>
          {!one.current && (
            <Button size="compact-sm" variant="default" onClick={() => onEnd(one.id)}>
              {say("end")}
            </Button>
          )}
        </Group>
      ))}
    </Stack>
  );
}

const BROWSERS: readonly [RegExp, string][] = [
  [/YaBrowser\/([\d.]+)/, "Яндекс Браузер"],
  [/Edg\/([\d.]+)/, "Edge"],
  [/OPR\/([\d.]+)/, "Opera"],
  [/Firefox\/([\d.]+)/, "Firefox"],
  [/Chrome\/([\d.]+)/, "Chrome"],
  [/Version\/([\d.]+).*Safari/, "Safari"],
];

/** "Chrome 120 · Windows" out of a User-Agent; what is no browser is shown as it is. */
export function browserName(client: string): string {
  const system = /Windows|Android|iPhone|iPad|Mac OS X|Linux/.exec(client)?.[0]?.replace("Mac OS X", "macOS");
  for (const [pattern, name] of BROWSERS) {
    const version = pattern.exec(client)?.[1]?.split(".")[0];
    if (version) return [`${name} ${version}`, system].filter(Boolean).join(" · ");
  }
  return client.slice(0, 60) || "—";
}
