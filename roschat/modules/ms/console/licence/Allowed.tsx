/** What the licence allows: the term, the limits with what is used of them, the options and the services. */
import type { LicenceView } from "@console/api/index.ts";
import { useFormats } from "@console/kit/formats.ts";
import { Section } from "@console/kit/Page.tsx";
import { StatusDot } from "@console/kit/StatusDot.tsx";
import { ValueList } from "@console/kit/Values.tsx";
import { Group, Progress, SimpleGrid, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { words } from "./words.ts";

const LIMITS = ["people", "computers", "sipPhones", "sipLines", "sipConversations", "dispatchers"] as const;
const OPTIONS = ["sorm", "alert", "voiceMenu", "fax"] as const;
const SERVICES = ["push", "geolocation"] as const;
const STATES = { community: "ok", active: "ok", offline: "degraded", expired: "degraded", ended: "failed" } as const;

export function Allowed({ view, actions }: { view: LicenceView; actions: ReactNode }) {
  const say = words.use();
  const state = view.state as keyof typeof STATES;
  const term = view.until ? view.until.split("-").reverse().join(".") : say("forever");
  const limit = (name: (typeof LIMITS)[number]) => {
    const used = name in view.used ? view.used[name as keyof typeof view.used] : -1;
    return { label: say(name), value: <Limit name={say(name)} used={used ?? -1} limit={view.limits[name]} /> };
  };
  const [people, computers, sipPhones, ...telephony] = LIMITS.map(limit);
  return (
    <Section
      title={
        <Group gap="sm" component="span">
          {say("licence")}
          <StatusDot state={STATES[state] ?? "unknown"} label={say(`state.${state}`)} />
        </Group>
      }
      actions={actions}
    >
      <ValueList
        values={[
          { label: say("number"), value: view.number === "community" ? say("community") : view.number },
          ...(view.customer ? [{ label: say("customer"), value: view.customer }] : []),
          { label: say("until"), value: term },
          ...[people, computers, sipPhones].filter((one) => one !== undefined),
          { label: say("boards"), value: view.e1Boards },
          ...telephony,
        ]}
      />
      <Group align="flex-start" mt="lg" gap="xl" grow preventGrowOverflow={false} wrap="wrap">
        <Stack gap="xs" miw={220}>
          <Text fw={600} size="sm">
            {say("options")}
          </Text>
          {OPTIONS.map((name) => (
            <Flag key={name} name={name} label={`${say(name)}:`} on={view.flags[name]} />
          ))}
        </Stack>
        <Stack gap="xs" miw={220}>
          <Text fw={600} size="sm">
            {say("services")}
          </Text>
          <SimpleGrid cols={1} spacing="xs">
            {SERVICES.map((name) => (
              <div key={name}>
                <Flag name={name} label={say(name)} on={view.flags[name]} />
                <Text size="xs" c="dimmed">
                  {say(`${name}About`)}
                </Text>
              </div>
            ))}
          </SimpleGrid>
        </Stack>
      </Group>
    </Section>
  );
}

function Flag({ name, label, on }: { name: string; label: string; on: boolean }) {
  const say = words.use();
  return (
    <Group gap="sm" data-flag={name} data-on={on}>
      <Text size="sm">{label}</Text>
      <StatusDot state={on ? "ok" : "off"} label={say(on ? "on" : "off")} />
    </Group>
  );
}

function Limit({ name, used, limit }: { name: string; used: number; limit: number }) {
  const say = words.use();
  const formats = useFormats();
  if (used < 0)
    return (
      <Text span size="sm" fw={500}>
        {formats.number(limit)}
      </Text>
    );
  const share = limit > 0 ? Math.min(100, (100 * used) / limit) : used > 0 ? 100 : 0;
  const color = used > limit ? "red" : share > 90 ? "orange" : "teal";
  return (
    <Stack gap={4} flex="1 1 220px" maw={360}>
      <Group justify="space-between" gap="xs">
        <Text span size="sm" fw={500}>
          {formats.number(limit)}
        </Text>
        <Text span size="xs" c="dimmed">
          {say("used", { used, limit })}
        </Text>
      </Group>
      <Progress value={share} color={color} size="sm" aria-label={`${name}: ${say("used", { used, limit })}`} />
    </Stack>
  );
}
