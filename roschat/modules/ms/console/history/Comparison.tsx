import { useApi } from "@console/api/index.ts";
import { DataTable, Empty } from "@console/kit/index.ts";
import { Group, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { Difference } from "./Difference.tsx";
import { useNames } from "./names.ts";
import { words } from "./words.ts";

const WEEK = 7 * 86_400_000;

export function Comparison() {
  const say = words.use();
  const names = useNames();
  const [since, setSince] = useState(() => local(Date.now() - WEEK));
  const [until, setUntil] = useState("");
  const asked = useApi("GET /settings-difference", { since: seconds(since), until: seconds(until) });
  return (
    <DataTable
      label={say("compare")}
      rows={asked.data}
      rowKey={(row) => `${row.section}.${row.key}`}
      error={asked.error}
      onRetry={() => void asked.refetch()}
      busy={asked.isPlaceholderData}
      plain
      tools={
        <Group align="flex-end" gap="sm">
          <TextInput
            type="datetime-local"
            label={say("since")}
            value={since}
            onChange={(event) => setSince(event.currentTarget.value)}
          />
          <TextInput
            type="datetime-local"
            label={`${say("until")} (${say("now")})`}
            value={until}
            onChange={(event) => setUntil(event.currentTarget.value)}
          />
          <Text size="sm" c="dimmed" flex="1 1 240px" pb={8}>
            {say("compare.text")}
          </Text>
        </Group>
      }
      empty={<Empty title={say("compare.none")} icon="history" />}
      columns={[
        { key: "section", title: say("section"), render: (row) => names.section(row.section) },
        { key: "key", title: say("parameter"), render: (row) => names.option(row.section, row.key) },
        {
          key: "change",
          title: say("change"),
          render: (row) => <Difference before={row.before} after={row.after} secret={row.secret ?? false} />,
        },
      ]}
    />
  );
}

/** A moment as the input writes it, in the reader's time. */
function local(milliseconds: number): string {
  const shifted = new Date(milliseconds - new Date(milliseconds).getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** Unix seconds of what stands in the input; 0 for nothing. */
function seconds(text: string): number {
  const at = new Date(text).getTime();
  return Number.isFinite(at) ? at / 1000 : 0;
}
