/** Under a table: rows on a page, the range, the pages, the columns; above it: what is chosen. */
import { ActionIcon, Button, Checkbox, Group, Menu, NativeSelect, Text } from "@mantine/core";
import {
  IconChevronLeft,
  IconChevronRight,
  IconChevronsLeft,
  IconChevronsRight,
  IconColumns3,
} from "@tabler/icons-react";
import classes from "./DataTable.module.css";
import type { Choosing, Column } from "./DataTable.tsx";
import type { Table } from "./table.ts";
import { words } from "./words.ts";

export const SIZES = [10, 25, 50, 100] as const;

interface TableBarProps<T> {
  table: Table;
  columns: readonly Column<T>[];
  visible: readonly Column<T>[];
  total: number;
  pages: number;
  sizes?: readonly number[];
  plain: boolean;
}

export function TableBar<T>({ table, columns, visible, total, pages, sizes = SIZES, plain }: TableBarProps<T>) {
  const say = words.use();
  const { page, size } = table.query;
  const from = size === 0 ? 1 : (page - 1) * size + 1;
  const range = { from, to: size === 0 ? total : Math.min(page * size, total), total };
  const needed = total > Math.min(...sizes.filter((one) => one > 0));
  const choice = plain ? [] : columns.filter((column) => !column.fixed);
  if (total === 0 || (!needed && choice.length < 2)) return null;
  return (
    <Group className={classes.bar} justify="space-between" gap="sm">
      <Group gap="xs">
        {choice.length > 1 && <ColumnMenu table={table} columns={choice} visible={visible} />}
        <PhoneSort table={table} columns={visible} />
      </Group>
      {needed && (
        <Group gap="sm">
          <Group gap={6} wrap="nowrap">
            <Text size="xs" c="dimmed" id={`rows-${table.id}`}>
              {say("table.rows")}
            </Text>
            <NativeSelect
              size="xs"
              aria-labelledby={`rows-${table.id}`}
              value={size}
              onChange={(event) => table.change({ size: Number(event.currentTarget.value) })}
              data={sizes.map((one) => ({ value: String(one), label: one === 0 ? say("table.all") : String(one) }))}
            />
          </Group>
          <Text size="xs" c="dimmed" aria-live="polite" data-range>
            {total === 0 ? say("table.none") : say("table.range", range)}
          </Text>
          <Group gap={2} wrap="nowrap">
            <Step label={say("table.first")} to={1} table={table} off={page <= 1} Icon={IconChevronsLeft} />
            <Step label={say("table.previous")} to={page - 1} table={table} off={page <= 1} Icon={IconChevronLeft} />
            <Step label={say("table.next")} to={page + 1} table={table} off={page >= pages} Icon={IconChevronRight} />
            <Step label={say("table.last")} to={pages} table={table} off={page >= pages} Icon={IconChevronsRight} />
          </Group>
        </Group>
      )}
    </Group>
  );
}

interface StepProps {
  label: string;
  to: number;
  table: Table;
  off: boolean;
  Icon: typeof IconChevronLeft;
}

function Step({ label, to, table, off, Icon }: StepProps) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="md"
      aria-label={label}
      title={label}
      disabled={off}
      onClick={() => table.change({ page: to })}
    >
      <Icon size={16} aria-hidden />
    </ActionIcon>
  );
}

interface ColumnMenuProps<T> {
  table: Table;
  columns: readonly Column<T>[];
  visible: readonly Column<T>[];
}

function ColumnMenu<T>({ table, columns, visible }: ColumnMenuProps<T>) {
  const say = words.use();
  const shown = visible.map((column) => column.key);
  const toggle = (key: string) =>
    table.chooseColumns(shown.includes(key) ? shown.filter((one) => one !== key) : [...shown, key]);
  return (
    <Menu closeOnItemClick={false} position="top-start" withinPortal>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          fw={500}
          leftSection={<IconColumns3 size={15} aria-hidden />}
        >
          {say("table.columns")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflowY: "auto" }}>
        {columns.map((column) => (
          <Menu.Item
            key={column.key}
            role="menuitemcheckbox"
            aria-checked={shown.includes(column.key)}
            onClick={() => toggle(column.key)}
          >
            <Checkbox.Indicator size="xs" checked={shown.includes(column.key)} mr={8} display="inline-flex" />
            {column.title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** On a narrow screen the table has no head to sort with. */
function PhoneSort<T>({ table, columns }: { table: Table; columns: readonly Column<T>[] }) {
  const say = words.use();
  const sortable = columns.filter((column) => column.sort);
  if (sortable.length === 0) return null;
  const { sort, descending } = table.query;
  return (
    <div className={classes.phoneSort}>
      <NativeSelect
        size="xs"
        aria-label={say("table.sort")}
        value={sort ? `${sort} ${descending ? "down" : "up"}` : ""}
        onChange={(event) => {
          const [key = "", way] = event.currentTarget.value.split(" ");
          table.change({ sort: key, descending: way === "down" });
        }}
        data={[
          { value: "", label: say("table.sort") },
          ...sortable.flatMap((column) => [
            { value: `${column.key} up`, label: `${column.title} ↑` },
            { value: `${column.key} down`, label: `${column.title} ↓` },
          ]),
        ]}
      />
    </div>
  );
}

export function ChosenBar<T>({ choosing }: { choosing: Choosing<T> }) {
  const say = words.use();
  return (
    <Group className={classes.chosenBar} gap="sm">
      <Text size="sm" fw={600} aria-live="polite">
        {say("table.selected", { count: choosing.keys.size })}
      </Text>
      {choosing.actions}
      <Button variant="subtle" size="compact-sm" onClick={() => choosing.change(new Set())}>
        {say("table.unselect")}
      </Button>
    </Group>
  );
}
