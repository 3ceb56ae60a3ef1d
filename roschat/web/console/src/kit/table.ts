/** What a table remembers: the page, the order, and (in this browser) rows on a page and chosen columns. */
import { useCallback, useState } from "react";

export interface TableQuery {
  /** From 1. */
  page: number;
  /** Rows on a page; 0: all. */
  size: number;
  /** The key of a column; empty: as the server likes. */
  sort: string;
  descending: boolean;
}

interface Kept {
  size?: number;
  columns?: string[];
}

export interface Table {
  id: string;
  query: TableQuery;
  /** Changes a part; anything but the page leads to page 1. */
  change: (part: Partial<TableQuery>) => void;
  /** Keys of the columns that are shown, or undefined for those of the declaration. */
  columns: readonly string[] | undefined;
  chooseColumns: (keys: readonly string[] | undefined) => void;
}

export function useTable(id: string, start: Partial<TableQuery> = {}): Table {
  const [query, setQuery] = useState<TableQuery>(() => ({
    page: 1,
    size: recall(id).size ?? 25,
    sort: "",
    descending: false,
    ...start,
  }));
  const [columns, setColumns] = useState<readonly string[] | undefined>(() => recall(id).columns);
  const change = useCallback(
    (part: Partial<TableQuery>) => {
      setQuery((now) => ({ ...now, page: 1, ...part }));
      if (part.size !== undefined) keep(id, { size: part.size });
    },
    [id],
  );
  const chooseColumns = useCallback(
    (keys: readonly string[] | undefined) => {
      setColumns(keys);
      keep(id, { columns: keys && [...keys] });
    },
    [id],
  );
  return { id, query, change, columns, chooseColumns };
}

const place = (id: string) => `roschat.console.table.${id}`;

function recall(id: string): Kept {
  try {
    return JSON.parse(localStorage.getItem(place(id)) ?? "{}") as Kept;
  } catch {
    return {};
  }
}

function keep(id: string, part: { size?: number; columns?: string[] | undefined }): void {
  localStorage.setItem(place(id), JSON.stringify({ ...recall(id), ...part }));
}

/** The rows of a page out of all, in the order asked for. */
export function arrange<T>(
  rows: readonly T[],
  query: TableQuery,
  sortValue: ((row: T) => string | number) | undefined,
): readonly T[] {
  const ordered = sortValue ? [...rows].sort((one, other) => compare(sortValue(one), sortValue(other))) : [...rows];
  if (sortValue && query.descending) ordered.reverse();
  return query.size === 0 ? ordered : ordered.slice((query.page - 1) * query.size, query.page * query.size);
}

function compare(one: string | number, other: string | number): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one).localeCompare(String(other), undefined, { numeric: true });
}
