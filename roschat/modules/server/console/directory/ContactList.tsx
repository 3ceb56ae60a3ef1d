/** «Справочник»: everybody, found by typing, filtered, sorted; rows lead to their cards or to mass edit. */

import type { ContactRow } from "@console/api/generated.ts";
import { useApi } from "@console/api/index.ts";
import { type Column, DataTable, type Key } from "@console/kit/DataTable.tsx";
import { Empty } from "@console/kit/Empty.tsx";
import { useFormats } from "@console/kit/formats.ts";
import { Page } from "@console/kit/Page.tsx";
import { SearchBox } from "@console/kit/SearchBox.tsx";
import { useTable } from "@console/kit/table.ts";
import { Badge, Button, Group, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconFilter, IconPencil, IconPlus } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { useLocation, useSearch } from "wouter";
import { CardDialog } from "./CardDialog.tsx";
import { Filters } from "./Filters.tsx";
import { complete, conditions, type Filter, filterOf, searchOf } from "./filter.ts";
import { massEditLink } from "./selection.ts";
import { words } from "./words.ts";

const SIZES = [20, 40, 80, 0] as const;

export function fullName(row: Pick<ContactRow, "surname" | "name" | "patronymic">): string {
  return [row.surname, row.name, row.patronymic].filter(Boolean).join(" ");
}

export default function ContactList() {
  const say = words.use();
  const search = useSearch();
  const [, navigate] = useLocation();
  const [filter, setFilter] = useState<Filter>(() => filterOf(search));
  const [opened, setOpened] = useState(() => conditions(filterOf(search)) > 0);
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<number>();
  const [keys, setKeys] = useState<ReadonlySet<Key>>(new Set());
  const table = useTable("directory", { sort: "name", size: SIZES[0], ...keptSize() });
  const [asked] = useDebouncedValue(complete(filter), 200);
  const { page, size, sort, descending } = table.query;
  const found = useApi("POST /contacts/find", { filter: asked, sort, descending, page, size });
  const columns = useColumns();

  // The address follows what is asked; a link from elsewhere changes both.
  const wanted = searchOf(asked);
  useEffect(() => {
    if (window.location.pathname === "/directory" && window.location.search !== wanted)
      navigate(`/directory${wanted}`, { replace: true });
  }, [wanted, navigate]);

  // Only when the dialog is gone: before that the guard of unsaved changes would ask.
  useEffect(() => {
    if (made !== undefined && !adding) navigate(`/directory/${made}`);
  }, [made, adding, navigate]);

  const change = (next: Filter) => {
    setFilter(next);
    table.change({ page: 1 });
  };
  const nothing = conditions(asked) === 0 && !asked.text;
  const chosen = [...keys].map(Number);
  return (
    <Page
      title={say("title")}
      text={say("about")}
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
          {say("add")}
        </Button>
      }
    >
      {opened && <Filters filter={filter} onChange={change} />}
      <DataTable
        label={say("list")}
        table={table}
        columns={columns}
        rows={found.data?.contacts}
        total={found.data?.total ?? 0}
        rowKey={(row) => row.cid}
        error={found.error}
        onRetry={() => void found.refetch()}
        busy={found.isPlaceholderData}
        sizes={SIZES}
        onOpen={(row) => navigate(`/directory/${row.cid}`)}
        choosing={{
          keys,
          change: setKeys,
          nameOf: fullName,
          actions: (
            <Button
              size="xs"
              variant="light"
              leftSection={<IconPencil size={14} aria-hidden />}
              onClick={() => navigate(massEditLink({ state: "all", cids: chosen }))}
            >
              {say("massEdit")}
            </Button>
          ),
        }}
        tools={
          <>
            <SearchBox
              value={filter.text ?? ""}
              onSearch={(text) => change(text ? { ...filter, text } : withoutText(filter))}
            />
            <Button
              variant={opened ? "light" : "default"}
              leftSection={<IconFilter size={16} aria-hidden />}
              aria-expanded={opened}
              onClick={() => setOpened(!opened)}
              rightSection={
                conditions(filter) > 0 && (
                  <Badge size="sm" circle color="brand.8">
                    {conditions(filter)}
                  </Badge>
                )
              }
            >
              {say("filters")}
            </Button>
            {found.data && (
              <Text size="sm" c="dimmed" aria-live="polite" data-total={found.data.total}>
                {say("total", { count: found.data.total })}
              </Text>
            )}
            {!nothing && (found.data?.total ?? 0) > 0 && (
              <Button size="xs" variant="subtle" onClick={() => navigate(massEditLink(asked))}>
                {say("massEditFound")}
              </Button>
            )}
          </>
        }
        empty={
          nothing ? (
            <Empty title={say("emptyDirectory")} text={say("emptyText")} icon="users" />
          ) : (
            <Empty title={say("nobody")} text={say("nobodyText")} icon="users" />
          )
        }
      />
      {adding && <CardDialog onClose={() => setAdding(false)} onSaved={setMade} />}
    </Page>
  );
}

function withoutText({ text: _, ...rest }: Filter): Filter {
  return rest;
}

/** The size chosen before, when it is one of ours. */
function keptSize(): { size?: number } {
  try {
    const kept = JSON.parse(localStorage.getItem("roschat.console.table.directory") ?? "{}") as { size?: number };
    return SIZES.some((one) => one === kept.size) ? { size: kept.size ?? SIZES[0] } : {};
  } catch {
    return {};
  }
}

function useColumns(): Column<ContactRow>[] {
  const say = words.use();
  const formats = useFormats();
  return useMemo(
    () => [
      {
        key: "name",
        title: say("field.fullName"),
        fixed: true,
        sort: true,
        render: (row) => (
          <Group gap={6}>
            <Text span size="sm" fw={500}>
              {fullName(row)}
            </Text>
            {row.active === false && <Badge color="gray.7">{say("badge.inactive")}</Badge>}
            {row.blocked && <Badge color="red.9">{say("badge.blocked")}</Badge>}
          </Group>
        ),
      },
      { key: "number", title: say("field.number"), sort: true, narrow: true },
      { key: "position", title: say("field.position"), sort: true },
      { key: "department", title: say("field.department"), sort: true },
      { key: "organisation", title: say("field.organisation"), sort: true, hidden: true },
      { key: "email", title: say("field.email"), sort: true, hidden: true },
      { key: "login", title: say("field.login"), sort: true },
      { key: "room", title: say("field.room"), sort: true, hidden: true },
      { key: "birthday", title: say("field.birthday"), sort: true, hidden: true, narrow: true },
      {
        key: "services",
        title: say("field.services"),
        hidden: true,
        render: (row) => (row.services ?? []).map((one) => say(`service.${one as "sip"}`)).join(", "),
      },
      { key: "cid", title: say("field.cid"), sort: true, hidden: true, narrow: true },
      {
        key: "changed",
        title: say("field.changed"),
        sort: true,
        hidden: true,
        narrow: true,
        render: (row) => formats.dateTime(row.changed ?? 0),
      },
    ],
    [say, formats],
  );
}
