/** The services with their state, and what an administrator can do with each. */
import { type ComponentView, call, complain, useApi } from "@console/api/index.ts";
import { confirm } from "@console/kit/Confirm.tsx";
import { Asked } from "@console/kit/Empty.tsx";
import { useFormats } from "@console/kit/formats.ts";
import { Section } from "@console/kit/Page.tsx";
import { type State, StatusDot } from "@console/kit/StatusDot.tsx";
import { useLanguage } from "@console/words.ts";
import { ActionIcon, Box, Group, Menu, Text } from "@mantine/core";
import { IconDots, IconPlayerPlay, IconPlayerStop, IconRefresh } from "@tabler/icons-react";
import { type Word, words } from "./words.ts";

const DOTS: Record<string, State> = { ok: "ok", degraded: "degraded", failed: "failed", silent: "failed" };
const ICONS = { restart: IconRefresh, stop: IconPlayerStop, start: IconPlayerPlay } as const;
type Action = keyof typeof ICONS;

export function Components({ admin }: { admin: boolean }) {
  const say = words.use();
  const found = useApi("GET /monitor/components", {}, { every: 2_000 });
  return (
    <Section title={say("components")} flush>
      <Asked of={found} height={200}>
        {(components) => (
          <Box component="ul" m={0} p={0} pb={4} style={{ listStyle: "none" }} aria-label={say("components")}>
            {components.map((one) => (
              <Row key={`${one.process}/${one.name}`} one={one} admin={admin} reload={() => void found.refetch()} />
            ))}
          </Box>
        )}
      </Asked>
    </Section>
  );
}

function Row({ one, admin, reload }: { one: ComponentView; admin: boolean; reload: () => void }) {
  const say = words.use();
  const formats = useFormats();
  const russian = useLanguage() === "ru";
  const title = russian ? one.titleRu : one.title;
  const text = russian ? one.textRu : one.text;
  const act = async (action: Action) => {
    if (action !== "start") {
      const told = say(action === "stop" ? "stopText" : "restartText", { name: title });
      if (!(await confirm({ text: told, ok: say(action), danger: action === "stop" }))) return;
    }
    try {
      await call(`POST /monitor/components/{name}/${action}`, { name: one.name, process: one.process });
    } catch (error) {
      complain(error);
    }
    reload();
  };
  return (
    <Box component="li" data-component={one.name} data-state={one.state} px="md" py={7} style={LINE}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Box miw={0}>
          <Group gap={8} wrap="nowrap">
            <StatusDot state={DOTS[one.state] ?? "off"} label={say(`state.${one.state}` as Word)} bare />
            <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
              {title}
              {one.processName && (
                <Text span size="xs" c="dimmed" fw={400}>
                  {" "}
                  {one.processName}
                </Text>
              )}
            </Text>
          </Group>
          <Text size="xs" c="dimmed" pl={17} style={{ overflowWrap: "anywhere" }}>
            {say(`state.${one.state}` as Word)}
            {", "}
            {say("changed", { time: formats.dateTime(one.since) })}
            {text && `. ${text}`}
          </Text>
        </Box>
        {admin && one.actions.length > 0 && (
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" aria-label={say("actionsOf", { name: title })}>
                <IconDots size={18} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {(one.actions as Action[]).map((action) => {
                const Icon = ICONS[action];
                return (
                  <Menu.Item
                    key={action}
                    leftSection={<Icon size={16} aria-hidden />}
                    {...(action === "stop" ? { color: "red.9" } : {})}
                    onClick={() => void act(action)}
                  >
                    {say(action)}
                  </Menu.Item>
                );
              })}
            </Menu.Dropdown>
          </Menu>
        )}
      </Group>
    </Box>
  );
}

const LINE = { borderTop: "1px solid var(--mantine-color-default-border)" } as const;
