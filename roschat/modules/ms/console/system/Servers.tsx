/** «Серверы»: the servers of the installation and whether they answer. */
import { call, invalidate, type Reply, useApi } from "@console/api/index.ts";
import { CheckDialog } from "@console/kit/CheckDialog.tsx";
import { confirm } from "@console/kit/Confirm.tsx";
import { DataTable } from "@console/kit/DataTable.tsx";
import type { Field } from "@console/kit/Field.tsx";
import { FormDialog } from "@console/kit/FormDialog.tsx";
import { Section } from "@console/kit/Page.tsx";
import { ActionIcon, Badge, Button, Group, Text, Tooltip } from "@mantine/core";
import { IconPencil, IconPlugConnected, IconPlus, IconTrash } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { Probes } from "./Probes.tsx";
import { words } from "./words.ts";

type Server = Reply<"GET /servers">[number];

interface Typed {
  name: string;
  address: string;
}

export function Servers() {
  const say = words.use();
  const servers = useApi("GET /servers");
  const [edited, setEdited] = useState<Server | "new">();
  const [checked, setChecked] = useState<Server>();
  const remove = async (server: Server) => {
    if (!(await confirm({ text: say("removeServer", { name: server.name }) }))) return;
    await call("DELETE /servers/{id}", { id: server.id });
    await invalidate(["GET /servers"]);
  };
  return (
    <Section
      title={say("servers")}
      actions={
        <Button
          variant="light"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => setEdited("new")}
        >
          {say("addServer")}
        </Button>
      }
    >
      <DataTable
        label={say("servers")}
        rows={servers.data}
        error={servers.error}
        onRetry={() => void servers.refetch()}
        rowKey={(server) => server.id}
        plain
        columns={[
          {
            key: "name",
            title: say("serverName"),
            render: (server) => (
              <Group gap="xs">
                <Text size="sm">{server.name}</Text>
                {server.main && (
                  <Badge variant="light" tt="none">
                    {say("main")}
                  </Badge>
                )}
              </Group>
            ),
          },
          { key: "address", title: say("serverAddress") },
          { key: "webServers", title: say("webServers"), align: "right", render: (server) => server.webServers || "" },
        ]}
        actions={(server) => (
          <Group gap={2} wrap="nowrap" justify="flex-end">
            <Act label={`${say("check")} ${server.name}`} title={say("check")} onClick={() => setChecked(server)}>
              <IconPlugConnected size={16} aria-hidden />
            </Act>
            <Act label={`${say("edit")} ${server.name}`} title={say("edit")} onClick={() => setEdited(server)}>
              <IconPencil size={16} aria-hidden />
            </Act>
            {!server.main && (
              <Act label={`${say("remove")} ${server.name}`} title={say("remove")} onClick={() => void remove(server)}>
                <IconTrash size={16} aria-hidden />
              </Act>
            )}
          </Group>
        )}
      />
      {edited && <ServerDialog server={edited === "new" ? undefined : edited} onClose={() => setEdited(undefined)} />}
      {checked && (
        <CheckDialog
          onClose={() => setChecked(undefined)}
          run={async () => {
            const found = await call("POST /servers/{id}/check", { id: checked.id });
            const text = say(found.good ? "serverGood" : "serverBad");
            return { ok: found.good, text, details: <Probes probes={found.probes} /> };
          }}
        />
      )}
    </Section>
  );
}

function ServerDialog({ server, onClose }: { server: Server | undefined; onClose: () => void }) {
  const say = words.use();
  const fields: Field<Typed>[] = [
    { name: "name", label: say("serverName"), required: true, maxLength: 100 },
    {
      name: "address",
      label: say("serverAddress"),
      required: true,
      format: "host",
      disabled: server?.main ?? false,
    },
  ];
  return (
    <FormDialog
      title={say(server ? "editingServer" : "addingServer")}
      fields={fields}
      initial={{ name: server?.name ?? "", address: server?.address ?? "" }}
      onClose={onClose}
      onSave={async (typed) => {
        if (server) await call("PUT /servers/{id}", { id: server.id, ...typed });
        else await call("POST /servers", typed);
        await invalidate(["GET /servers"]);
      }}
    />
  );
}

interface ActProps {
  label: string;
  title: string;
  onClick: () => void;
  children: ReactNode;
}

function Act({ label, title, onClick, children }: ActProps) {
  return (
    <Tooltip label={title}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
