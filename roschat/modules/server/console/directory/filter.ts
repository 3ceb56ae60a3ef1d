/** What is sought in the directory, kept in the address so that it can be sent to somebody and survives a reload. */
import type { ContactFilter } from "@console/api/generated.ts";

export type Filter = ContactFilter;
export const FILTER_FIELDS = [
  "surname",
  "name",
  "patronymic",
  "organisation",
  "department",
  "position",
  "room",
  "number",
  "email",
  "login",
  "birthday",
  "workdayStart",
  "workdayEnd",
  "manager",
  "assistant",
  "custom",
] as const;
export type FilterField = (typeof FILTER_FIELDS)[number];

/** How many conditions stand beside the text. */
export function conditions(filter: Filter): number {
  const fields = complete(filter).fields?.length ?? 0;
  const single = [filter.state && filter.state !== "active", filter.account && filter.account !== "any"];
  const lists = (filter.services?.length ?? 0) + (filter.withoutServices?.length ?? 0);
  return fields + lists + single.filter(Boolean).length;
}

/** The filter as it is asked: rows without a value say nothing yet. */
export function complete(filter: Filter): Filter {
  const fields = (filter.fields ?? []).filter(
    (one) => one.value?.trim() && (one.type !== "custom" || one.name?.trim()),
  );
  return { ...filter, fields };
}

export function filterOf(search: string): Filter {
  const query = new URLSearchParams(search);
  const text = query.get("text");
  try {
    const rest = JSON.parse(query.get("filter") ?? "{}") as Filter;
    return { ...rest, ...(text ? { text } : {}) };
  } catch {
    return text ? { text } : {};
  }
}

export function searchOf(filter: Filter): string {
  const { text, ...rest } = complete(filter);
  const query = new URLSearchParams();
  if (text) query.set("text", text);
  const kept = Object.entries(rest).filter(([, value]) => (Array.isArray(value) ? value.length > 0 : Boolean(value)));
  if (kept.length > 0) query.set("filter", JSON.stringify(Object.fromEntries(kept)));
  const written = query.toString();
  return written && `?${written}`;
}
