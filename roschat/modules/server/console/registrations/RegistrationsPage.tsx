/** «Регистрации»: who registered himself and waits, and the rules of registration. */
import type { RegistrationView } from "@console/api/generated.ts";
import { call, invalidate, tell, useApi, useSave } from "@console/api/index.ts";
import { confirm, DataTable, Empty, Page, SettingsForm, useFormats, useTable } from "@console/kit/index.ts";
import { useSession } from "@console/session.tsx";
import { Button, Group } from "@mantine/core";
import { words } from "./words.ts";

const EVERY = 10_000;

export default function RegistrationsPage() {
  const say = words.use();
  const formats = useFormats();
  const { role } = useSession();
  const table = useTable("registrations", {});
  const found = useApi("GET /registrations", {}, { every: EVERY });
  const approve = useSave("POST /registrations/{id}/approve", { invalidates: ["GET /registrations"] });
  const refuse = async (one: RegistrationView) => {
    const text = say("refuseText", { email: one.email });
    if (!(await confirm({ text, ok: say("refuse"), danger: true }))) return;
    await call("POST /registrations/{id}/refuse", { id: one.id });
    await invalidate(["GET /registrations"]);
  };
  return (
    <Page title={say("title")} text={say("about")}>
      <DataTable
        label={say("title")}
        table={table}
        rows={found.data}
        error={found.error}
        rowKey={(one) => one.id}
        plain
        columns={[
          { key: "surname", title: say("person"), fixed: true, render: (one) => `${one.surname} ${one.name}` },
          { key: "email", title: say("email") },
          { key: "address", title: say("address") },
          { key: "created", title: say("created"), render: (one) => formats.dateTime(one.created) },
        ]}
        actions={(one) => (
          <Group gap={6} wrap="nowrap" justify="flex-end">
            <Button
              size="compact-xs"
              variant="light"
              aria-label={`${say("approve")} ${one.email}`}
              loading={approve.isPending && approve.variables?.id === one.id}
              onClick={() => approve.mutate({ id: one.id }, { onSuccess: () => tell(say("approved")) })}
            >
              {say("approve")}
            </Button>
            <Button
              size="compact-xs"
              variant="subtle"
              color="red"
              aria-label={`${say("refuse")} ${one.email}`}
              onClick={() => void refuse(one)}
            >
              {say("refuse")}
            </Button>
          </Group>
        )}
        empty={<Empty title={say("none")} text={say("noneText")} icon="user-plus" />}
      />
      {role === "admin" && <SettingsForm section="server.registration" title={say("rules")} />}
    </Page>
  );
}
