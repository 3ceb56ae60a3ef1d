/** «Объявления»: what was sent and how many have read it; new ones. */
import type { AnnouncementView } from "@console/api/generated.ts";
import { call, invalidate, useApi } from "@console/api/index.ts";
import { confirm, DataTable, Empty, Section, type State, StatusDot, useFormats, useTable } from "@console/kit/index.ts";
import { ActionIcon, Button, Text, Tooltip } from "@mantine/core";
import { IconPlayerStop, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { AnnouncementDetails } from "./AnnouncementDetails.tsx";
import { AnnouncementDialog } from "./AnnouncementDialog.tsx";
import { words } from "./words.ts";

export const DOTS: Record<string, State> = { waiting: "degraded", sending: "degraded", done: "ok", cancelled: "off" };
const EVERY = 3000;

export function Announcements({ changes }: { changes: boolean }) {
  const say = words.use();
  const formats = useFormats();
  const table = useTable("support.announcements", { size: 25 });
  const found = useApi(
    "GET /announcements",
    { page: table.query.page, size: table.query.size || 200 },
    { every: EVERY },
  );
  const [adding, setAdding] = useState(false);
  const [opened, setOpened] = useState<number>();
  const stop = async (one: AnnouncementView) => {
    if (!(await confirm({ text: say("stopText"), ok: say("stop"), danger: true }))) return;
    await call("POST /announcements/{id}/cancel", { id: one.id });
    await invalidate(["GET /announcements", "GET /announcements/{id}"]);
  };
  const share = (done: number, total: number) =>
    say("of", { done: formats.number(done), total: formats.number(total) });
  return (
    <Section
      title={say("announcements")}
      text={say("announcementsText")}
      flush
      actions={
        changes && (
          <Button size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setAdding(true)}>
            {say("add")}
          </Button>
        )
      }
    >
      <DataTable
        label={say("announcements")}
        table={table}
        rows={found.data?.announcements}
        total={found.data?.total}
        error={found.error}
        rowKey={(one) => one.id}
        sizes={[25, 50, 100, 200]}
        onOpen={(one) => setOpened(one.id)}
        columns={[
          {
            key: "text",
            title: say("text"),
            fixed: true,
            render: (one) => (
              <Text size="sm" lineClamp={2}>
                {one.text}
              </Text>
            ),
          },
          {
            key: "state",
            title: say("state"),
            render: (one) => (
              <StatusDot
                state={DOTS[one.state] ?? "unknown"}
                label={say(`state.${one.state}` as Parameters<typeof say>[0])}
              />
            ),
          },
          {
            key: "created",
            title: say("created"),
            render: (one) => formats.dateTime(one.state === "waiting" ? one.due : one.created),
          },
          { key: "who", title: say("who") },
          { key: "sent", title: say("sent"), align: "right", render: (one) => share(one.sent, one.total) },
          { key: "delivered", title: say("delivered"), align: "right", render: (one) => formats.number(one.delivered) },
          { key: "read", title: say("read"), align: "right", render: (one) => formats.number(one.read) },
        ]}
        actions={(one) =>
          changes &&
          (one.state === "waiting" || one.state === "sending") && (
            <Tooltip label={say("stop")}>
              <ActionIcon
                variant="subtle"
                color="red"
                aria-label={`${say("stop")}: ${one.text.slice(0, 40)}`}
                onClick={() => void stop(one)}
              >
                <IconPlayerStop size={16} aria-hidden />
              </ActionIcon>
            </Tooltip>
          )
        }
        empty={<Empty title={say("none")} text={say("noneText")} icon="megaphone" />}
      />
      {adding && <AnnouncementDialog onClose={() => setAdding(false)} />}
      {opened !== undefined && <AnnouncementDetails id={opened} onClose={() => setOpened(undefined)} />}
    </Section>
  );
}
