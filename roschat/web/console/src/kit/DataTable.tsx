/**
 * A dense table: paging of the server (`total` is given) or of the rows at hand, sorting, choice of columns, selection.
 *
 * Keyboard: rows that open are focused with Tab, Enter opens, arrows go up and down, Space selects. On a narrow screen
 * every row becomes a card.
 */
import { Box, Checkbox, Group, Paper } from "@mantine/core";
import { IconArrowDown, IconArrowsSort, IconArrowUp } from "@tabler/icons-react";
import { type KeyboardEvent, type MouseEvent, type ReactNode, useEffect } from "react";
import classes from "./DataTable.module.css";
import { Empty, Failure, Loading } from "./Empty.tsx";
import { ChosenBar, TableBar } from "./TableBar.tsx";
import { arrange, type Table, useTable } from "./table.ts";
import { words } from "./words.ts";

export type Key = string | number;

export interface Column<T> {
  key: string;
  title: string;
  /** What is shown; the field `key` of the row when left out. */
  render?: (row: T) => ReactNode;
  /** Whether the server sorts by it; with rows at hand, the value to sort by. */
  sort?: boolean | ((row: T) => string | number);
  align?: "right";
  /** As narrow as its content. */
  narrow?: boolean;
  width?: number | string;
  /** Shown only when chosen. */
  hidden?: boolean;
  /** Cannot be taken away. */
  fixed?: boolean;
}

export interface Choosing<T> {
  keys: ReadonlySet<Key>;
  change: (keys: ReadonlySet<Key>) => void;
  /** The name of a row, for its check box. */
  nameOf: (row: T) => string;
  /** What can be done with the chosen ones. */
  actions?: ReactNode;
}

export interface DataTableProps<T> {
  /** What the table lists; read out. */
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[] | undefined;
  rowKey: (row: T) => Key;
  /** From `useTable`; one of its own when left out. */
  table?: Table;
  /** How many there are at the server, which then sorts and pages; left out: the table does. */
  total?: number | undefined;
  error?: unknown;
  onRetry?: () => void;
  /** An answer to another question is on its way. */
  busy?: boolean;
  onOpen?: (row: T) => void;
  /** Buttons at the end of a row. */
  actions?: (row: T) => ReactNode;
  choosing?: Choosing<T>;
  /** Search and filters above the table. */
  tools?: ReactNode;
  empty?: ReactNode;
  sizes?: readonly number[];
  /** No choice of columns. */
  plain?: boolean;
}

export function DataTable<T>(props: DataTableProps<T>) {
  const own = useTable("", {});
  const { columns, rows, total, error, onRetry, tools, empty, choosing, sizes, plain = false } = props;
  const table = props.table ?? own;
  const { query, change } = table;
  const sorted = columns.find((column) => column.key === query.sort);
  const sortValue = typeof sorted?.sort === "function" ? sorted.sort : undefined;
  const shown = total === undefined ? rows && arrange(rows, query, sortValue) : rows;
  const count = total ?? rows?.length ?? 0;
  const visible = columns.filter(
    (column) => column.fixed || (table.columns ? table.columns.includes(column.key) : !column.hidden),
  );
  // What was the last page may be gone.
  const pages = query.size === 0 ? 1 : Math.max(1, Math.ceil(count / query.size));
  useEffect(() => {
    if (rows && query.page > pages) change({ page: pages });
  }, [rows, query.page, pages, change]);

  let body: ReactNode;
  if (!shown) body = error ? <Failure error={error} {...(onRetry ? { onRetry } : {})} /> : <Loading />;
  else if (shown.length === 0) body = empty ?? <Empty />;
  else body = <Grid {...props} table={table} visible={visible} shown={shown} />;
  return (
    <Paper withBorder radius="md" style={{ overflow: "hidden" }}>
      {tools && (
        <Group px="sm" py={10} gap="sm" style={{ borderBottom: "1px solid var(--mantine-color-default-border)" }}>
          {tools}
        </Group>
      )}
      {choosing && choosing.keys.size > 0 && <ChosenBar choosing={choosing} />}
      {body}
      <TableBar
        table={table}
        columns={columns}
        visible={visible}
        total={count}
        pages={pages}
        plain={plain}
        {...(sizes ? { sizes } : {})}
      />
    </Paper>
  );
}

interface GridProps<T> extends DataTableProps<T> {
  table: Table;
  visible: readonly Column<T>[];
  shown: readonly T[];
}

function Grid<T>({ label, table, visible, shown, rowKey, busy = false, onOpen, actions, choosing }: GridProps<T>) {
  const say = words.use();
  const chosen = shown.filter((row) => choosing?.keys.has(rowKey(row))).length;
  const chooseAll = (all: boolean) => {
    const keys = new Set(choosing?.keys);
    for (const row of shown) all ? keys.add(rowKey(row)) : keys.delete(rowKey(row));
    choosing?.change(keys);
  };
  const toggle = (row: T) => {
    const keys = new Set(choosing?.keys);
    if (!keys.delete(rowKey(row))) keys.add(rowKey(row));
    choosing?.change(keys);
  };
  return (
    <Box className={classes.scroll}>
      <table
        // biome-ignore lint/a11y/noRedundantRoles: cards on a narrow screen take the role of a table away
        role="table"
        className={`${classes.table} ${busy ? classes.busy : ""}`}
        aria-label={label}
        aria-busy={busy}
      >
        <thead>
          <tr>
            {choosing && (
              <th className={classes.narrow} scope="col">
                <Checkbox
                  size="xs"
                  aria-label={say("table.selectAll")}
                  checked={chosen === shown.length}
                  indeterminate={chosen > 0 && chosen < shown.length}
                  onChange={(event) => chooseAll(event.currentTarget.checked)}
                />
              </th>
            )}
            {visible.map((column) => (
              <Head key={column.key} column={column} table={table} />
            ))}
            {actions && (
              <th className={classes.narrow} scope="col" aria-label={say("table.actions")}>
                {" "}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => {
            const key = rowKey(row);
            const marked = choosing?.keys.has(key) ?? false;
            const opens = onOpen && {
              tabIndex: 0,
              onClick: (event: MouseEvent) => {
                if (!isControl(event)) onOpen(row);
              },
              onKeyDown: (event: KeyboardEvent<HTMLTableRowElement>) =>
                onKey(event, () => onOpen(row), choosing && (() => toggle(row))),
            };
            return (
              <tr
                key={key}
                data-row={key}
                className={`${onOpen ? classes.open : ""} ${marked ? classes.chosen : ""}`}
                {...opens}
              >
                {choosing && (
                  <td className={classes.narrow} data-title="">
                    <Checkbox
                      size="xs"
                      aria-label={say("table.select", { name: choosing.nameOf(row) })}
                      checked={marked}
                      onChange={() => toggle(row)}
                    />
                  </td>
                )}
                {visible.map((column) => (
                  <td
                    key={column.key}
                    data-title={column.title}
                    data-column={column.key}
                    className={`${column.align ? classes.right : ""} ${column.narrow ? classes.narrow : ""}`}
                  >
                    {column.render ? column.render(row) : String((row as Record<string, unknown>)[column.key] ?? "")}
                  </td>
                ))}
                {actions && (
                  <td className={classes.narrow} data-title="">
                    <Group gap={4} wrap="nowrap" justify="flex-end">
                      {actions(row)}
                    </Group>
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </Box>
  );
}

function Head<T>({ column, table }: { column: Column<T>; table: Table }) {
  const { sort, descending } = table.query;
  const mine = sort === column.key;
  const style = column.width === undefined ? {} : { style: { width: column.width } };
  const side = `${column.align ? classes.right : ""} ${column.narrow ? classes.narrow : ""}`;
  if (!column.sort)
    return (
      <th scope="col" className={side} {...style}>
        {column.title}
      </th>
    );
  const Icon = mine ? (descending ? IconArrowDown : IconArrowUp) : IconArrowsSort;
  return (
    <th scope="col" className={side} aria-sort={mine ? (descending ? "descending" : "ascending") : "none"} {...style}>
      <button
        type="button"
        className={`${classes.sort} ${mine ? classes.sorted : ""}`}
        onClick={() => table.change({ sort: column.key, descending: mine && !descending })}
      >
        {column.title}
        <Icon size={13} opacity={mine ? 1 : 0.45} aria-hidden />
      </button>
    </th>
  );
}

/** A click on something in the row that does its own work, or the end of a selection of text. */
function isControl(event: MouseEvent): boolean {
  const control = (event.target as HTMLElement).closest("button, a, input, label, [role=menuitem], [role=dialog]");
  const within = control && event.currentTarget.contains(control);
  const elsewhere = !event.currentTarget.contains(event.target as Node);
  return Boolean(within) || elsewhere || Boolean(window.getSelection()?.toString());
}

function onKey(event: KeyboardEvent<HTMLTableRowElement>, open: () => void, toggle?: () => void): void {
  if (event.target !== event.currentTarget) return;
  const row = event.currentTarget;
  const next = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
  if (event.key === "Enter") open();
  else if (event.key === " " && toggle) toggle();
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") (next as HTMLElement | null)?.focus();
  else return;
  event.preventDefault();
}
