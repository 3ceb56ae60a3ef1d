/** «Мониторинг сети»: what the server found when it looked at its ports, names, time and the other sides. */
import { type NetworkCheck, queries, useApi, useSave } from "@console/api/index.ts";
import { type Column, DataTable } from "@console/kit/DataTable.tsx";
import { Asked, Empty } from "@console/kit/Empty.tsx";
import { useFormats } from "@console/kit/formats.ts";
import { Page, Section } from "@console/kit/Page.tsx";
import { StatusDot } from "@console/kit/StatusDot.tsx";
import { useSession } from "@console/session.tsx";
import { useLanguage } from "@console/words.ts";
import { Anchor, Button, Text } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { Link } from "wouter";
import { words } from "./words.ts";

const KINDS = ["listener", "certificate", "dns", "time", "host"] as const;
const STATES = ["ok", "degraded", "failed"] as const;
type Shown = (typeof STATES)[number];

export default function NetworkPage() {
  const say = words.use();
  const formats = useFormats();
  const found = useApi("GET /network", {}, { every: 30_000 });
  const check = useSave("POST /network/check", {
    onDone: (view) => queries.setQueryData(["GET /network", {}], view),
  });
  return (
    <Page
      title={say("title")}
      {...(found.data ? { text: say("about", { every: formats.duration(found.data.every) }) } : {})}
      actions={
        <Button
          loading={check.isPending}
          leftSection={<IconRefresh size={16} aria-hidden />}
          onClick={() => check.mutate({})}
        >
          {say("check")}
        </Button>
      }
    >
      <Asked of={found}>
        {({ checks }) =>
          checks.length === 0 ? (
            <Section>
              <Empty icon="network" title={say("none")} text={say("noneText")} />
            </Section>
          ) : (
            KINDS.map((kind) => <Checks key={kind} kind={kind} checks={checks.filter((one) => one.kind === kind)} />)
          )
        }
      </Asked>
    </Page>
  );
}

function Checks({ kind, checks }: { kind: (typeof KINDS)[number]; checks: readonly NetworkCheck[] }) {
  const say = words.use();
  const formats = useFormats();
  const russian = useLanguage() === "ru";
  const admin = useSession().role === "admin";
  if (checks.length === 0) {
    return kind === "time" ? <Section title={say("kind.time")} text={say("timeHint")} /> : null;
  }
  const columns: Column<NetworkCheck>[] = [
    { key: "name", title: say("name"), fixed: true, render: (one) => <b>{one.name}</b> },
    { key: "target", title: say("target") },
    {
      key: "state",
      title: say("state"),
      narrow: true,
      render: (one) => <StatusDot state={one.state as Shown} label={say(one.state as Shown)} />,
    },
    { key: "text", title: say("text"), render: (one) => (russian ? one.textRu : one.text) },
    {
      key: "duration",
      title: say("duration"),
      narrow: true,
      align: "right",
      render: (one) => `${formats.number(Math.round(one.duration * 1000))} ms`,
    },
    { key: "checked", title: say("checked"), narrow: true, render: (one) => formats.dateTime(one.checked) },
  ];
  return (
    <section aria-label={say(`kind.${kind}`)}>
      <Text component="h2" size="md" fw={650} mb={6}>
        {say(`kind.${kind}`)}
      </Text>
      <DataTable
        label={say(`kind.${kind}`)}
        columns={columns}
        rows={checks}
        rowKey={(one) => one.name}
        plain
        actions={(one) =>
          admin &&
          one.state !== "ok" &&
          one.fix &&
          one.fix !== "/maintenance/network" && (
            <Anchor component={Link} href={one.fix} size="sm">
              {say("fix")}
            </Anchor>
          )
        }
      />
    </section>
  );
}
