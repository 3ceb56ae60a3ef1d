/** «Пользователи»: who signs in to the console, with roles, sessions and second factors. */
import { type ConsoleUser, call, complain, invalidate, tell, useApi } from "@console/api/index.ts";
import { confirm } from "@console/kit/Confirm.tsx";
import { DataTable } from "@console/kit/DataTable.tsx";
import { useFormats } from "@console/kit/formats.ts";
import { Page } from "@console/kit/Page.tsx";
import { StatusDot } from "@console/kit/StatusDot.tsx";
import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconBrowser, IconPencil, IconPlus, IconShieldOff, IconTrash } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { SessionsDialog } from "./SessionsDialog.tsx";
import { UserDialog } from "./UserDialog.tsx";
import { words } from "./words.ts";

export default function UsersPage() {
  const say = words.use();
  const formats = useFormats();
  const users = useApi("GET /users");
  const [edited, setEdited] = useState<ConsoleUser | "new">();
  const [watched, setWatched] = useState<ConsoleUser>();

  const change = async (work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      complain(error);
    }
    await invalidate(["GET /users"]);
  };
  const remove = async ({ id, login }: ConsoleUser) => {
    if (await confirm({ text: say("removeText", { login }), danger: true }))
      await change(() => call("DELETE /users/{id}", { id }));
  };
  const resetFactor = async ({ id, login }: ConsoleUser) => {
    if (!(await confirm({ text: say("factorText", { login }) }))) return;
    await change(async () => {
      await call("DELETE /users/{id}/factor", { id });
      tell(say("factorDone"));
    });
  };
  return (
    <Page
      title={say("title")}
      text={say("about")}
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEdited("new")}>
          {say("add")}
        </Button>
      }
    >
      <DataTable
        label={say("title")}
        rows={users.data}
        error={users.error}
        onRetry={() => void users.refetch()}
        rowKey={(user) => user.id}
        onOpen={setEdited}
        columns={[
          { key: "login", title: say("login"), sort: (user) => user.login, fixed: true, narrow: true },
          { key: "name", title: say("surname"), sort: fullName, render: fullName },
          { key: "role", title: say("role"), sort: (user) => user.role, render: (user) => say(user.role) },
          { key: "state", title: say("state"), render: (user) => <State user={user} /> },
          { key: "factor", title: say("factor"), render: (user) => say(user.factor), narrow: true },
          { key: "email", title: say("email"), hidden: true },
          {
            key: "seen",
            narrow: true,
            title: say("seen"),
            sort: (user) => user.seen ?? 0,
            render: (user) => (user.seen ? formats.ago(user.seen) : "—"),
          },
          { key: "sessions", title: say("sessions"), align: "right", sort: (user) => user.sessions ?? 0, hidden: true },
        ]}
        actions={(user) => (
          <>
            <Action label={say("sessions")} of={user} onClick={() => setWatched(user)}>
              <IconBrowser size={16} aria-hidden />
            </Action>
            <Action
              label={say("resetFactor")}
              of={user}
              disabled={user.factor === "none"}
              onClick={() => void resetFactor(user)}
            >
              <IconShieldOff size={16} aria-hidden />
            </Action>
            <Action label={say("edit")} of={user} onClick={() => setEdited(user)}>
              <IconPencil size={16} aria-hidden />
            </Action>
            <Action label={say("remove")} of={user} color="red" onClick={() => void remove(user)}>
              <IconTrash size={16} aria-hidden />
            </Action>
          </>
        )}
      />
      {edited && <UserDialog user={edited === "new" ? undefined : edited} onClose={() => setEdited(undefined)} />}
      {watched && <SessionsDialog user={watched} onClose={() => setWatched(undefined)} />}
    </Page>
  );
}

function fullName(user: ConsoleUser): string {
  return [user.surname, user.name, user.patronymic].filter(Boolean).join(" ");
}

function State({ user }: { user: ConsoleUser }) {
  const say = words.use();
  if (!user.active) return <StatusDot state="off" label={say("off")} />;
  return user.mustChangePassword ? (
    <StatusDot state="degraded" label={say("waits")} />
  ) : (
    <StatusDot state="ok" label={say("works")} />
  );
}

interface ActionProps {
  label: string;
  of: ConsoleUser;
  color?: string;
  disabled?: boolean;
  onClick: () => void;
  children: ReactNode;
}

function Action({ label, of, color = "gray", disabled = false, onClick, children }: ActionProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color={color}
        aria-label={`${label} ${of.login}`}
        disabled={disabled}
        onClick={onClick}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
