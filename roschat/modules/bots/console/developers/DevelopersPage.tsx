/** «Разработчики»: the accounts of those who write bots (R-DEV-001). */
import type { DeveloperView } from "@console/api/generated.ts";
import { call, invalidate, tell, useApi } from "@console/api/index.ts";
import {
  confirm,
  DataTable,
  Empty,
  FormDialog,
  Page,
  SearchBox,
  StatusDot,
  useFormats,
  useTable,
} from "@console/kit/index.ts";
import { useSession } from "@console/session.tsx";
import { ActionIcon, Button, Group, Text, Tooltip } from "@mantine/core";
import { IconKey, IconLock, IconLockOpen, IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { words } from "./words.ts";

const READ = ["GET /developers", "GET /bots"] as const;

export default function DevelopersPage() {
  const say = words.use();
  const formats = useFormats();
  const changes = useSession().role === "admin";
  const [text, setText] = useState("");
  const [edited, setEdited] = useState<DeveloperView | "new">();
  const [reset, setReset] = useState<DeveloperView>();
  const found = useApi("GET /developers", { text });
  const table = useTable("developers", { sort: "login" });
  const block = async (one: DeveloperView) => {
    if (!one.blocked && !(await confirm({ text: say("blockText", { login: one.login }) }))) return;
    await call("PUT /developers/{id}/blocked", { id: one.id, blocked: !one.blocked });
    await invalidate(READ);
  };
  const remove = async (one: DeveloperView) => {
    const text = say("removeText", { login: one.login });
    if (!(await confirm({ text, ok: say("remove"), danger: true }))) return;
    await call("DELETE /developers/{id}", { id: one.id });
    await invalidate(READ);
    tell(say("removed"));
  };
  const add = changes && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEdited("new")}>
      {say("add")}
    </Button>
  );
  return (
    <Page title={say("title")} text={say("about")} actions={add}>
      <DataTable
        label={say("title")}
        table={table}
        rows={found.data}
        error={found.error}
        rowKey={(one) => one.id}
        tools={<SearchBox value={text} onSearch={setText} label={say("find")} />}
        columns={[
          { key: "login", title: say("login"), fixed: true, sort: (one) => one.login },
          { key: "name", title: say("name"), sort: (one) => one.name },
          { key: "bots", title: say("bots"), align: "right", sort: (one) => one.bots },
          {
            key: "signedIn",
            title: say("signedIn"),
            sort: (one) => one.signedIn,
            render: (one) => formats.dateTime(one.signedIn),
          },
          { key: "created", title: say("created"), hidden: true, render: (one) => formats.date(one.created) },
          {
            key: "state",
            title: say("state"),
            render: (one) => (
              <StatusDot state={one.blocked ? "off" : "ok"} label={say(one.blocked ? "blocked" : "active")} />
            ),
          },
        ]}
        actions={(one) =>
          changes && (
            <Group gap={2} wrap="nowrap" justify="flex-end">
              <Action title={say("edit")} of={one} onClick={() => setEdited(one)}>
                <IconPencil size={16} aria-hidden />
              </Action>
              <Action title={say("reset")} of={one} onClick={() => setReset(one)}>
                <IconKey size={16} aria-hidden />
              </Action>
              <Action title={say(one.blocked ? "unblock" : "block")} of={one} onClick={() => void block(one)}>
                {one.blocked ? <IconLockOpen size={16} aria-hidden /> : <IconLock size={16} aria-hidden />}
              </Action>
              <Action title={say("remove")} of={one} color="red" onClick={() => void remove(one)}>
                <IconTrash size={16} aria-hidden />
              </Action>
            </Group>
          )
        }
        empty={<Empty title={say("none")} text={say("noneText")} icon="code" />}
      />
      {edited && <AccountDialog one={edited === "new" ? undefined : edited} onClose={() => setEdited(undefined)} />}
      {reset && <PasswordDialog one={reset} onClose={() => setReset(undefined)} />}
    </Page>
  );
}

interface ActionProps {
  title: string;
  of: DeveloperView;
  color?: string;
  onClick: () => void;
  children: ReactNode;
}

function Action({ title, of, color = "gray", onClick, children }: ActionProps) {
  return (
    <Tooltip label={title}>
      <ActionIcon variant="subtle" color={color} aria-label={`${title} ${of.login}`} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

function AccountDialog({ one, onClose }: { one: DeveloperView | undefined; onClose: () => void }) {
  const say = words.use();
  return (
    <FormDialog
      title={say(one ? "editing" : "adding")}
      fields={[
        { name: "login", label: say("login"), required: true, maxLength: 100, autoComplete: "off" },
        { name: "name", label: say("name"), maxLength: 100, autoComplete: "off" },
        {
          name: "password",
          label: say("password"),
          kind: "password",
          required: true,
          minLength: 8,
          maxLength: 256,
          autoComplete: "new-password",
          show: () => !one,
        },
      ]}
      initial={{ login: one?.login ?? "", name: one?.name ?? "", password: "" }}
      onClose={onClose}
      onSave={async ({ login, name, password }) => {
        if (one) await call("PUT /developers/{id}", { id: one.id, login, name });
        else await call("POST /developers", { login, name, password });
        await invalidate(READ);
      }}
    />
  );
}

function PasswordDialog({ one, onClose }: { one: DeveloperView; onClose: () => void }) {
  const say = words.use();
  return (
    <FormDialog
      title={`${say("newPassword")} · ${one.login}`}
      text={<Text size="sm">{say("passwordText")}</Text>}
      fields={[
        {
          name: "password",
          label: say("newPassword"),
          kind: "password",
          required: true,
          minLength: 8,
          maxLength: 256,
          autoComplete: "new-password",
        },
      ]}
      initial={{ password: "" }}
      onClose={onClose}
      onSave={async ({ password }) => {
        await call("PUT /developers/{id}/password", { id: one.id, password });
        tell(say("saved"));
      }}
    />
  );
}
