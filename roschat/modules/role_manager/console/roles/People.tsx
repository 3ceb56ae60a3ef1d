/** A table of people to choose from: check box, Клиенты, Контакт, Роль, Сервисы, with search and filters. */
import { type ContactFilter, type ContactRow, type ServiceType, useApi } from "@console/api/index.ts";
import { DataTable, type Key } from "@console/kit/DataTable.tsx";
import { Empty } from "@console/kit/Empty.tsx";
import { SearchBox } from "@console/kit/SearchBox.tsx";
import { useTable } from "@console/kit/table.ts";
import { Badge, Group, Select, Text, Tooltip } from "@mantine/core";
import { IconDeviceDesktop, IconDeviceMobile } from "@tabler/icons-react";
import { type ReactNode, useMemo, useState } from "react";
import { serviceNames } from "./services.ts";
import { words } from "./words.ts";

interface PeopleProps {
  id: string;
  label: string;
  /** Only the members of this role; then no choice of roles is offered. */
  role?: number;
  chosen: ReadonlySet<Key>;
  change: (chosen: ReadonlySet<Key>) => void;
  actions?: ReactNode;
  empty?: ReactNode;
}

export const nameOf = (row: ContactRow): string =>
  [row.surname, row.name, row.patronymic].filter(Boolean).join(" ") || String(row.cid);

export function People({ id, label, role, chosen, change, actions, empty }: PeopleProps) {
  const say = words.use();
  const called = serviceNames.use();
  const table = useTable(id, { sort: "name" });
  const [text, setText] = useState("");
  const [service, setService] = useState<string | null>(null);
  const [wanted, setWanted] = useState<string | null>(null);
  const roles = useApi("GET /roles");
  const filter: ContactFilter = {
    text,
    ...(service ? { services: [service as ServiceType] } : {}),
    ...(role || wanted ? { role: role ?? Number(wanted) } : {}),
  };
  const { page, size, sort, descending } = table.query;
  const found = useApi("POST /contacts/find", { filter, page, size, sort: sort || "name", descending });
  const cids = useMemo(() => found.data?.contacts.map((row) => row.cid) ?? [], [found.data]);
  const held = useApi("POST /roles/of-contacts", { cids }, { enabled: cids.length > 0 });
  const roleNames = new Map(roles.data?.map((one) => [one.id, one.name]));
  const roleOf = (row: ContactRow) => roleNames.get(held.data?.[cids.indexOf(row.cid)] ?? 0) ?? "";
  const filtered = text !== "" || service !== null || wanted !== null;
  return (
    <DataTable
      label={label}
      table={table}
      rows={found.data?.contacts}
      total={found.data?.total ?? 0}
      error={found.error}
      onRetry={() => void found.refetch()}
      busy={found.isPlaceholderData}
      rowKey={(row) => row.cid}
      empty={filtered || !empty ? undefined : empty}
      choosing={{ keys: chosen, change, nameOf, actions }}
      tools={
        <Group gap="xs">
          <SearchBox
            value={text}
            label={say("search")}
            onSearch={(sought) => {
              setText(sought);
              table.change({ page: 1 });
            }}
          />
          <Select
            aria-label={say("services")}
            placeholder={say("anyService")}
            data={(["computer", "mobile", "sip", "radio", "tetra", "videomost"] as const).map((value) => ({
              value,
              label: called(value),
            }))}
            value={service}
            onChange={setService}
            clearable
            comboboxProps={{ withinPortal: true, zIndex: 320 }}
          />
          {role === undefined && (
            <Select
              aria-label={say("role")}
              placeholder={say("anyRole")}
              data={roles.data?.map((one) => ({ value: String(one.id), label: one.name })) ?? []}
              value={wanted}
              onChange={setWanted}
              clearable
              comboboxProps={{ withinPortal: true, zIndex: 320 }}
            />
          )}
        </Group>
      }
      columns={[
        { key: "clients", title: say("clients"), narrow: true, render: (row) => <Clients row={row} /> },
        { key: "name", title: say("contact"), sort: true, fixed: true, render: contact },
        { key: "role", title: say("role"), render: roleOf },
        {
          key: "services",
          title: say("services"),
          render: (row) => (
            <Group gap={4}>
              {(row.services ?? []).map((one) => (
                <Badge key={one} variant="default" tt="none" fw={400}>
                  {called(one as ServiceType)}
                </Badge>
              ))}
            </Group>
          ),
        },
      ]}
    />
  );

  function contact(row: ContactRow) {
    return (
      <>
        <Text size="sm">{nameOf(row)}</Text>
        {row.number && (
          <Text size="xs" c="dimmed">
            {row.number}
          </Text>
        )}
      </>
    );
  }
}

function Clients({ row }: { row: ContactRow }) {
  const called = serviceNames.use();
  const shown = [
    { service: "computer" as const, Icon: IconDeviceDesktop },
    { service: "mobile" as const, Icon: IconDeviceMobile },
  ].filter(({ service }) => row.services?.includes(service));
  return (
    <Group gap={4} wrap="nowrap">
      {shown.map(({ service, Icon }) => (
        <Tooltip key={service} label={called(service)}>
          <Icon size={16} role="img" aria-label={called(service)} />
        </Tooltip>
      ))}
    </Group>
  );
}

export const NoMembers = () => {
  const say = words.use();
  return <Empty title={say("noMembers")} text={say("noMembersText")} icon="users" />;
};
