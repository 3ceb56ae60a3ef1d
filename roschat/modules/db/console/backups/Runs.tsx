/** What was done about backups lately, and how it went. */
import type { BackupRun } from "@console/api/index.ts";
import { DataTable } from "@console/kit/DataTable.tsx";
import { useFormats } from "@console/kit/formats.ts";
import { Section } from "@console/kit/Page.tsx";
import { StatusDot } from "@console/kit/StatusDot.tsx";
import { Text } from "@mantine/core";
import { words } from "./words.ts";

export function Runs({ runs }: { runs: BackupRun[] }) {
  const say = words.use();
  const formats = useFormats();
  if (runs.length === 0) return null;
  return (
    <Section title={say("runs")} flush>
      <DataTable
        label={say("runs")}
        rows={runs}
        rowKey={(run) => `${run.kind} ${run.started}`}
        plain
        columns={[
          { key: "ended", title: say("ended"), render: (run) => formats.dateTime(run.ended) },
          { key: "kind", title: say("kind"), render: (run) => say(`kind.${run.kind}` as "kind.make") },
          {
            key: "archive",
            title: say("name"),
            render: (run) => (
              <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                {run.archive || "—"}
              </Text>
            ),
          },
          { key: "who", title: say("who") },
          {
            key: "outcome",
            title: say("outcome"),
            render: (run) => (
              <>
                <StatusDot state={run.ok ? "ok" : "failed"} label={say(run.ok ? "ok" : "failed")} />
                {run.text && (
                  <Text size="xs" c="dimmed">
                    {run.text}
                  </Text>
                )}
              </>
            ),
          },
        ]}
      />
    </Section>
  );
}
