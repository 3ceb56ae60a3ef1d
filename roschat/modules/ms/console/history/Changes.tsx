import { type SettingChange, tell, useApi, useSave } from "@console/api/index.ts";
import { confirm, DataTable, Empty, useFormats } from "@console/kit/index.ts";
import { Button, Group, NativeSelect, Text, Tooltip } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useState } from "react";
import { Difference } from "./Difference.tsx";
import { useNames } from "./names.ts";
import { words } from "./words.ts";

const STEP = 100;
const MOST = 500;

export function Changes() {
  const say = words.use();
  const formats = useFormats();
  const names = useNames();
  const [section, setSection] = useState("");
  const [count, setCount] = useState(STEP);
  const asked = useApi("GET /settings-changes", { section, count });
  const rollback = useSave("POST /settings-changes/{id}/rollback", {
    invalidates: ["GET /settings", "GET /settings/{section}", "GET /settings-changes"],
    onDone: () => tell(say("rollback.done")),
  });
  const takeBack = async (change: SettingChange) => {
    const name = names.option(change.section, change.key);
    if (await confirm({ text: say("rollback.text", { name }), ok: say("rollback") }))
      rollback.mutate({ id: change.id });
  };
  return (
    <>
      <DataTable
        label={say("title")}
        rows={asked.data}
        rowKey={(row) => row.id}
        error={asked.error}
        onRetry={() => void asked.refetch()}
        busy={asked.isPlaceholderData}
        plain
        tools={
          <NativeSelect
            aria-label={say("section")}
            value={section}
            onChange={(event) => setSection(event.currentTarget.value)}
            data={[{ value: "", label: say("all") }, ...names.sections]}
          />
        }
        empty={<Empty title={say("empty")} text={say("emptyText")} icon="history" />}
        columns={[
          { key: "time", title: say("time"), narrow: true, render: (row) => formats.dateTime(row.time) },
          { key: "who", title: say("who"), narrow: true },
          {
            key: "key",
            title: say("parameter"),
            width: "32%",
            render: (row) => (
              <div>
                <Text size="sm">{names.option(row.section, row.key)}</Text>
                <Text size="xs" c="dimmed">
                  {names.section(row.section)} · {row.section}.{row.key}
                </Text>
              </div>
            ),
          },
          {
            key: "change",
            title: say("change"),
            render: (row) => <Difference before={row.before} after={row.after} secret={row.secret ?? false} />,
          },
        ]}
        actions={(row) => (
          <Tooltip label={say("rollback.secret")} disabled={!row.secret}>
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<IconArrowBackUp size={15} aria-hidden />}
              disabled={row.secret ?? false}
              onClick={() => void takeBack(row)}
            >
              {say("rollback")}
            </Button>
          </Tooltip>
        )}
      />
      {asked.data?.length === count && count < MOST && (
        <Group justify="center">
          <Button variant="default" onClick={() => setCount(Math.min(count + STEP, MOST))}>
            {say("more")}
          </Button>
        </Group>
      )}
    </>
  );
}
