/** The roles there are, and the dialog of a new one, after which its page opens. */
import { type RoleView, useApi, useSave } from "@console/api/index.ts";
import { DataTable } from "@console/kit/DataTable.tsx";
import { Badge, Button, Group, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useLocation } from "wouter";
import { RoleDialog } from "./RoleDialog.tsx";
import { words } from "./words.ts";

export function AddRole({ opened, change }: { opened: boolean; change: (opened: boolean) => void }) {
  const say = words.use();
  const [, go] = useLocation();
  const add = useSave("POST /roles", { invalidates: ["GET /roles", "GET /role-matrix"] });
  const [made, setMade] = useState(0);
  // Only when the dialog is gone nothing unsaved is left to be asked about.
  useEffect(() => {
    if (made && !opened) go(`/administration/roles/${made}`);
  }, [made, opened, go]);
  return (
    <>
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => change(true)}>
        {say("add")}
      </Button>
      {opened && (
        <RoleDialog
          title={say("addTitle")}
          initial={{ name: "", description: "" }}
          onClose={() => change(false)}
          onSave={async (values) => setMade((await add.mutateAsync(values)).id)}
        />
      )}
    </>
  );
}

export function RoleList() {
  const say = words.use();
  const [, go] = useLocation();
  const roles = useApi("GET /roles");
  return (
    <DataTable
      label={say("roles")}
      rows={roles.data}
      error={roles.error}
      onRetry={() => void roles.refetch()}
      rowKey={(role) => role.id}
      onOpen={(role) => go(`/administration/roles/${role.id}`)}
      columns={[
        { key: "name", title: say("name"), sort: (role) => role.name, fixed: true, render: name },
        { key: "description", title: say("description") },
        {
          key: "members",
          title: say("members"),
          sort: (role) => role.members,
          render: (role) => say("memberCount", { count: role.members }),
        },
        {
          key: "rules",
          title: say("rules"),
          sort: (role) => role.rules,
          render: (role) => (role.base ? "" : say("ruleCount", { count: role.rules })),
        },
      ]}
      plain
    />
  );

  function name(role: RoleView) {
    return (
      <Group gap={8} wrap="nowrap">
        <Text size="sm" fw={500}>
          {role.name}
        </Text>
        {role.base && <Badge variant="default">{say("base")}</Badge>}
      </Group>
    );
  }
}
