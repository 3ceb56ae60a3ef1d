/** The tab «Ролевая модель» of a contact: its role, and what comes of it and of personal exceptions. */
import { type ContactRoleRow, type ContactRole as Model, type RoleRule, useApi, useSave } from "@console/api/index.ts";
import { DataTable } from "@console/kit/DataTable.tsx";
import { Asked } from "@console/kit/Empty.tsx";
import { FormDialog } from "@console/kit/FormDialog.tsx";
import { Section } from "@console/kit/Page.tsx";
import { words as kit } from "@console/kit/words.ts";
import { Button, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { ContactTabProps } from "../../../server/console/directory/tab.ts";
import { ActionRules } from "./ActionRules.tsx";
import { ACTIONS } from "./actions.ts";
import { Verdict } from "./Verdict.tsx";
import { words } from "./words.ts";

const AFTER = ["GET /contacts/{cid}/role", "GET /roles", "GET /roles/{role}"] as const;

export default function ContactRole({ cid }: ContactTabProps) {
  const model = useApi("GET /contacts/{cid}/role", { cid }, { fresh: true });
  return (
    <Asked of={model}>
      {(shown) => (
        <Stack gap="md">
          <Role model={shown} />
          <Table model={shown} />
        </Stack>
      )}
    </Asked>
  );
}

function Role({ model }: { model: Model }) {
  const say = words.use();
  const [choosing, setChoosing] = useState(false);
  const roles = useApi("GET /roles");
  const set = useSave("PUT /contacts/{cid}/role", { invalidates: AFTER });
  return (
    <Section
      title={say("role")}
      actions={
        <Button size="xs" variant="default" onClick={() => setChoosing(true)}>
          {say("changeRole")}
        </Button>
      }
    >
      <Text size="sm">
        {say("nameIs")}: {model.name}
      </Text>
      {model.description && (
        <Text size="sm">
          {say("descriptionIs")}: {model.description}
        </Text>
      )}
      {choosing && (
        <FormDialog<{ role: string }>
          title={say("changeRole")}
          fields={[
            {
              name: "role",
              label: say("role"),
              kind: "select",
              required: true,
              choices: roles.data?.map((one) => ({ value: String(one.id), label: one.name })) ?? [],
            },
          ]}
          initial={{ role: String(model.role) }}
          onClose={() => setChoosing(false)}
          onSave={async ({ role }) => void (await set.mutateAsync({ cid: model.cid, role: Number(role) }))}
        />
      )}
    </Section>
  );
}

function Table({ model }: { model: Model }) {
  const say = words.use();
  const [configured, setConfigured] = useState<ContactRoleRow>();
  const rows = ACTIONS.flatMap((action) => model.table.filter((row) => row.action === action));
  return (
    <>
      <DataTable
        label={say("rules")}
        rows={rows}
        rowKey={(row) => row.action}
        plain
        columns={[
          { key: "action", title: say("resource.title"), fixed: true, render: (row) => say(row.action) },
          { key: "status", title: say("status"), render: (row) => <Verdict allowed={row.allowed} /> },
          { key: "setting", title: say("setting.title"), render: setting },
        ]}
        actions={(row) => (
          <Button
            size="compact-sm"
            variant="subtle"
            aria-label={say("configureFor", { action: say(row.action) })}
            onClick={() => setConfigured(row)}
          >
            {say("configure")}
          </Button>
        )}
      />
      {configured && <Exceptions model={model} row={configured} onClose={() => setConfigured(undefined)} />}
    </>
  );

  function setting(row: ContactRoleRow): string {
    const said = [];
    if (row.personal) said.push(say("personal"));
    if (row.exceptions > 0) said.push(say("named", { count: row.exceptions }));
    return said.join(", ") || say("none");
  }
}

interface ExceptionsProps {
  model: Model;
  row: ContactRoleRow;
  onClose: () => void;
}

function Exceptions({ model, row, onClose }: ExceptionsProps) {
  const say = words.use();
  const sayKit = kit.use();
  const save = useSave("PUT /contacts/{cid}/role/exceptions", { invalidates: AFTER });
  const put = async (exceptions: RoleRule[]) => void (await save.mutateAsync({ cid: model.cid, exceptions }));
  return (
    <Modal
      opened
      onClose={onClose}
      title={say("exceptionTitle", { action: say(row.action) })}
      closeButtonProps={{ "aria-label": sayKit("close") }}
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {say("exceptionText")}
        </Text>
        <ActionRules action={row.action} rules={model.exceptions} onSave={put} otherwise={say("ofRole")} />
      </Stack>
    </Modal>
  );
}
