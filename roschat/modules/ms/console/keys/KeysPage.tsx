/** «Ключи API»: keys of programs, each with a role, scopes and an end. A key is shown once. */
import {
  type ApiKey,
  type ConsoleRole,
  call,
  complain,
  invalidate,
  type NewApiKey,
  useApi,
} from "@console/api/index.ts";
import { confirm } from "@console/kit/Confirm.tsx";
import { DataTable } from "@console/kit/DataTable.tsx";
import { Empty } from "@console/kit/Empty.tsx";
import type { Field } from "@console/kit/Field.tsx";
import { FormDialog } from "@console/kit/FormDialog.tsx";
import { useFormats } from "@console/kit/formats.ts";
import { Page } from "@console/kit/Page.tsx";
import { ActionIcon, Anchor, Button, Code, CopyButton, Group, Modal, Stack, Text, Tooltip } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { words } from "./words.ts";

const DAY = 86_400;
const ROLES: readonly ConsoleRole[] = ["security", "admin", "operator"];

export default function KeysPage() {
  const say = words.use();
  const formats = useFormats();
  const keys = useApi("GET /keys");
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<NewApiKey>();
  const remove = async ({ id, name }: ApiKey) => {
    if (!(await confirm({ text: say("removeText", { name }), ok: say("remove"), danger: true }))) return;
    try {
      await call("DELETE /keys/{id}", { id });
    } catch (error) {
      complain(error);
    }
    await invalidate(["GET /keys"]);
  };
  const end = ({ expires }: ApiKey) => {
    if (!expires) return say("never");
    return expires * 1000 < Date.now() ? say("ended") : formats.date(expires);
  };
  const add = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      {say("add")}
    </Button>
  );
  return (
    <Page
      title={say("title")}
      text={
        <>
          {say("about")}{" "}
          <Anchor href="/api/docs" target="_blank" rel="noreferrer" inherit underline="always">
            {say("docs")}
          </Anchor>
          .
        </>
      }
      actions={keys.data?.length ? add : undefined}
    >
      <DataTable
        label={say("title")}
        rows={keys.data}
        error={keys.error}
        onRetry={() => void keys.refetch()}
        rowKey={(key) => key.id}
        empty={<Empty icon="key" title={say("noneTitle")} text={say("noneText")} action={add} />}
        columns={[
          { key: "name", title: say("name"), sort: (key) => key.name, fixed: true },
          { key: "start", title: say("key"), render: (key) => <Code>{key.start}…</Code>, narrow: true },
          { key: "role", title: say("role"), render: (key) => say(key.role), narrow: true },
          { key: "access", title: say("access"), render: (key) => say(key.readOnly ? "readOnly" : "full") },
          { key: "scopes", title: say("scopes"), render: (key) => key.scopes.join(", ") || say("all") },
          { key: "expires", title: say("expires"), sort: (key) => key.expires, render: end },
          {
            key: "created",
            hidden: true,
            title: say("created"),
            sort: (key) => key.created,
            render: (key) => `${formats.date(key.created)}, ${key.createdBy}`,
          },
          {
            key: "seen",
            title: say("seen"),
            sort: (key) => key.seen,
            render: (key) => (key.seen ? formats.ago(key.seen) : say("unused")),
          },
        ]}
        actions={(key) => (
          <Tooltip label={say("remove")}>
            <ActionIcon
              variant="subtle"
              color="red"
              aria-label={`${say("remove")} ${key.name}`}
              onClick={() => void remove(key)}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )}
      />
      {adding && <KeyDialog onMade={setMade} onClose={() => setAdding(false)} />}
      {made && <MadeDialog made={made} onClose={() => setMade(undefined)} />}
    </Page>
  );
}

interface Typed {
  name: string;
  role: ConsoleRole;
  readOnly: boolean;
  scopes: string[];
  expires: string;
}

function KeyDialog({ onMade, onClose }: { onMade: (key: NewApiKey) => void; onClose: () => void }) {
  const say = words.use();
  const scopes = useApi("GET /keys/scopes");
  const fields: Field<Typed>[] = [
    { name: "name", label: say("name"), description: say("nameHint"), required: true, maxLength: 100 },
    {
      name: "role",
      label: say("role"),
      kind: "select",
      required: true,
      choices: ROLES.map((role) => ({ value: role, label: say(role) })),
    },
    {
      name: "scopes",
      label: say("scopes"),
      kind: "multiselect",
      description: say("scopesHint"),
      choices: (scopes.data ?? []).map(({ name }) => ({ value: name, label: name })),
    },
    {
      name: "expires",
      label: say("days"),
      kind: "integer",
      description: say("daysHint"),
      min: 0,
      max: 3650,
      required: true,
    },
    { name: "readOnly", label: say("readOnly"), kind: "switch" },
  ];
  const save = async ({ expires, ...typed }: Typed) => {
    const days = Number(expires);
    const end = days ? Math.floor(Date.now() / 1000) + days * DAY : 0;
    const key = await call("POST /keys", { ...typed, expires: end });
    await invalidate(["GET /keys"]);
    onMade(key);
  };
  return (
    <FormDialog
      title={say("adding")}
      close={say("cancel")}
      fields={fields}
      initial={{ name: "", role: "admin", readOnly: true, scopes: [], expires: "365" }}
      onSave={save}
      onClose={onClose}
    />
  );
}

function MadeDialog({ made, onClose }: { made: NewApiKey; onClose: () => void }) {
  const say = words.use();
  return (
    <Modal opened onClose={onClose} title={say("made")} closeOnClickOutside={false} withCloseButton={false}>
      <Stack>
        <Text size="sm">{say("madeText")}</Text>
        <Code block data-key style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
          {made.key}
        </Code>
        <Group justify="flex-end">
          <CopyButton value={made.key}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {say(copied ? "copied" : "copy")}
              </Button>
            )}
          </CopyButton>
          <Button onClick={onClose}>{say("done")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
