/** «Подключения»: the signed-in devices, which of them are connected, since when; each can be ended. */

import type { ContactCard, DeviceConnection } from "@console/api/generated.ts";
import { call, invalidate, tell, useApi } from "@console/api/index.ts";
import { confirm } from "@console/kit/Confirm.tsx";
import { DataTable } from "@console/kit/DataTable.tsx";
import { Empty } from "@console/kit/Empty.tsx";
import { useFormats } from "@console/kit/formats.ts";
import { StatusDot } from "@console/kit/StatusDot.tsx";
import { Button } from "@mantine/core";
import { attempt } from "./attempt.ts";
import { words } from "./words.ts";

export function ConnectionsTab({ card }: { card: ContactCard }) {
  const say = words.use();
  const formats = useFormats();
  const found = useApi("GET /contacts/{cid}/connections", { cid: card.cid }, { every: 5_000, fresh: true });
  const now = found.dataUpdatedAt / 1000;
  const kindOf = (one: DeviceConnection) => say(`kind.${one.kind as "web"}`);
  const end = async (one: DeviceConnection) => {
    const name = one.name || one.client || kindOf(one);
    if (!(await confirm({ text: say("endSessionText", { name }), danger: true }))) return;
    await call("DELETE /contacts/{cid}/connections/{device}", { cid: card.cid, device: one.device });
    await invalidate(["GET /contacts/{cid}/connections", "GET /contacts/{cid}"]);
    tell(say("signedOut"));
  };
  return (
    <DataTable
      label={say("connections")}
      plain
      rows={found.data}
      error={found.error}
      onRetry={() => void found.refetch()}
      rowKey={(one) => one.device}
      columns={[
        {
          key: "device",
          title: say("device"),
          render: (one) => (
            <StatusDot
              state={one.online ? "ok" : "off"}
              label={one.name ? `${kindOf(one)} · ${one.name}` : kindOf(one)}
            />
          ),
        },
        { key: "address", title: say("address") },
        { key: "client", title: say("client") },
        { key: "authorised", title: say("authorised"), render: (one) => formats.dateTime(one.authorisedTime ?? 0) },
        {
          key: "duration",
          title: say("duration"),
          render: (one) => (one.sinceTime ? formats.duration(Math.max(0, now - one.sinceTime)) : say("offline")),
        },
      ]}
      actions={(one) => (
        <Button size="compact-sm" variant="default" onClick={() => attempt(end(one))}>
          {say("endSession")}
        </Button>
      )}
      empty={<Empty title={say("noConnections")} text={say("noConnectionsText")} icon="plug" />}
    />
  );
}
