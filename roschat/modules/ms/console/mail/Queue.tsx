/** Letters of the last week: what waits, what was given up and why. */
import { call, invalidate, useApi } from "@console/api/index.ts";
import { confirm, DataTable, Empty, Section, StatusDot, useFormats, useTable, ValueList } from "@console/kit/index.ts";
import { ActionIcon, Alert, Group, Select, Text, Tooltip } from "@mantine/core";
import { IconRefresh, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { words } from "./words.ts";

const STATES = ["", "waiting", "sent", "failed", "cancelled"] as const;
const DOTS = { waiting: "degraded", sent: "ok", failed: "failed", cancelled: "off" } as const;
const EVERY = 5000;
const READ = ["GET /mail", "GET /mail/letters"] as const;

export function Queue() {
  const say = words.use();
  const formats = useFormats();
  const state = useApi("GET /mail", {}, { every: EVERY });
  const [shown, setShown] = useState("");
  const table = useTable("mail.letters", { size: 25 });
  const letters = useApi(
    "GET /mail/letters",
    { state: shown, page: table.query.page, size: table.query.size || 200 },
    { every: EVERY },
  );
  const retry = async (id: number) => {
    await call("POST /mail/letters/{id}/retry", { id });
    await invalidate(READ);
  };
  const cancel = async (id: number, to: string) => {
    if (!(await confirm({ text: say("cancelText", { to }) }))) return;
    await call("DELETE /mail/letters/{id}", { id });
    await invalidate(READ);
  };
  return (
    <Section title={say("queue")} text={say("queueText")}>
      {state.data?.error && (
        <Alert color="red" variant="light" title={say("trouble")} mb="sm" role="alert">
          <Text size="sm" lang="en">
            {state.data.error}
          </Text>
        </Alert>
      )}
      <ValueList
        values={[
          { label: say("waiting"), value: state.data?.waiting ?? "" },
          { label: say("delivered"), value: state.data?.sent ?? "" },
          { label: say("failed"), value: state.data?.failed ?? "" },
        ]}
      />
      <DataTable
        label={say("queue")}
        table={table}
        rows={letters.data?.letters}
        total={letters.data?.total}
        error={letters.error}
        rowKey={(letter) => letter.id}
        plain
        sizes={[25, 50, 100, 200]}
        tools={
          <Select
            aria-label={say("filter")}
            size="xs"
            w={180}
            allowDeselect={false}
            value={shown}
            onChange={(value) => {
              setShown(value ?? "");
              table.change({ page: 1 });
            }}
            data={STATES.map((value) => ({ value, label: say(`state.${value}`) }))}
          />
        }
        columns={[
          { key: "to", title: say("address"), fixed: true },
          { key: "subject", title: say("subject") },
          {
            key: "state",
            title: say("state"),
            render: (letter) => (
              <StatusDot
                state={DOTS[letter.state as keyof typeof DOTS] ?? "unknown"}
                label={say(`state.${letter.state}` as Parameters<typeof say>[0])}
              />
            ),
          },
          { key: "created", title: say("created"), render: (letter) => formats.dateTime(letter.created) },
          { key: "tries", title: say("tries"), align: "right", render: (letter) => letter.tries ?? 0 },
          { key: "error", title: say("error"), render: (letter) => letter.error ?? "" },
        ]}
        actions={(letter) =>
          letter.state === "waiting" && (
            <Group gap={2} wrap="nowrap" justify="flex-end">
              <Tooltip label={say("retry")}>
                <ActionIcon
                  variant="subtle"
                  aria-label={`${say("retry")}: ${letter.to}`}
                  onClick={() => void retry(letter.id)}
                >
                  <IconRefresh size={16} aria-hidden />
                </ActionIcon>
              </Tooltip>
              <Tooltip label={say("cancel")}>
                <ActionIcon
                  variant="subtle"
                  color="red"
                  aria-label={`${say("cancel")}: ${letter.to}`}
                  onClick={() => void cancel(letter.id, letter.to)}
                >
                  <IconX size={16} aria-hidden />
                </ActionIcon>
              </Tooltip>
            </Group>
          )
        }
        empty={<Empty title={say("none")} text={say("noneText")} icon="mail" />}
      />
    </Section>
  );
}
