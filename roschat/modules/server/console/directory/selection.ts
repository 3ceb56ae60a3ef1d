/**
 * Contacts handed from the directory to mass edit: `/directory/mass-edit?selection={filter as JSON}`.
 *
 * The filter is that of `POST /contacts/find`; chosen rows are its `cids` alone.
 */
import type { ContactFilter } from "@console/api/generated.ts";

const NAME = "selection";

export function massEditLink(filter: ContactFilter): string {
  return `/directory/mass-edit?${new URLSearchParams({ [NAME]: JSON.stringify(filter) })}`;
}

/** The filter in the query of an address; undefined when there is none, or one that cannot be read. */
export function selectionFrom(search: string): ContactFilter | undefined {
  const text = new URLSearchParams(search).get(NAME);
  if (!text) return undefined;
  try {
    const filter: unknown = JSON.parse(text);
    return typeof filter === "object" && filter !== null ? (filter as ContactFilter) : undefined;
  } catch {
    return undefined;
  }
}
