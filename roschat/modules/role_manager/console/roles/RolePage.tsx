/** One role: its members and its rules. */
import { type RoleRule, useApi, useSave } from "@console/api/index.ts";
import { confirm } from "@console/kit/Confirm.tsx";
import { Asked } from "@console/kit/Empty.tsx";
import { Page, Section } from "@console/kit/Page.tsx";
import { Alert, Anchor, Button } from "@mantine/core";
import { IconArrowLeft, IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { Members } from "./Members.tsx";
import { RoleDialog } from "./RoleDialog.tsx";
import { Rules } from "./Rules.tsx";
import { words } from "./words.ts";

export function RolePage({ role }: { role: number }) {
  const say = words.use();
  const [, go] = useLocation();
  const [editing, setEditing] = useState(false);
  const card = useApi("GET /roles/{role}", { role }, { fresh: true });
  const after = ["GET /roles", "GET /roles/{role}", "GET /role-matrix", "GET /role-matrix/{action}"] as const;
  const change = useSave("PUT /roles/{role}", { invalidates: after });
  const rules = useSave("PUT /roles/{role}/rules", { invalidates: after });
  const remove = useSave("DELETE /roles/{role}", { invalidates: ["GET /roles", "GET /role-matrix"] });
  return (
    <Asked of={card}>
      {(shown) => (
        <Page
          title={shown.name}
          text={shown.description || undefined}
          back={
            <Anchor component={Link} href="/administration/roles" size="sm">
              <IconArrowLeft size={14} aria-hidden style={{ verticalAlign: "-2px" }} /> {say("back")}
            </Anchor>
          }
          actions={
            <>
              <Button
                variant="default"
                leftSection={<IconPencil size={16} aria-hidden />}
                onClick={() => setEditing(true)}
              >
                {say("edit")}
              </Button>
              {!shown.base && (
                <Button
                  variant="default"
                  leftSection={<IconTrash size={16} aria-hidden />}
                  onClick={async () => {
                    const text = say("removeRole", { name: shown.name });
                    if (!(await confirm({ text, ok: say("remove"), danger: true }))) return;
                    await remove.mutateAsync({ role });
                    go("/administration/roles");
                  }}
                >
                  {say("remove")}
                </Button>
              )}
            </>
          }
        >
          {shown.base && <Alert variant="light">{say("baseText")}</Alert>}
          <Members role={shown.id} base={shown.base} />
          {!shown.base && (
            <Section title={say("rules")}>
              <Rules
                rules={shown.rules}
                onSave={async (written: RoleRule[]) => void (await rules.mutateAsync({ role, rules: written }))}
              />
            </Section>
          )}
          {editing && (
            <RoleDialog
              title={say("editTitle")}
              base={shown.base}
              initial={{ name: shown.name, description: shown.description }}
              onClose={() => setEditing(false)}
              onSave={async (values) => void (await change.mutateAsync({ role, ...values }))}
            />
          )}
        </Page>
      )}
    </Asked>
  );
}
