/** A card of the directory in the form that screens need: names put together, numbers and e-mails picked out. */
import type { ContactView } from "@roschat/shared/protocol.ts";

export interface Person {
  cid: number;
  rev: number;
  kind: "person" | "bot" | "system";
  /** "Surname Name", or the title of a bot. */
  name: string;
  surname: string;
  firstName: string;
  avatar: string;
  position: string;
  department: string;
  description: string;
  numbers: string[];
  emails: string[];
  commands: { name: string; hint: string }[];
  fields: ContactView["fields"];
  active: boolean;
  /** Lower-case text in which the directory's search looks. */
  haystack: string;
}

export function personOf(view: ContactView): Person {
  const all = (type: string) => view.fields.filter((field) => field.type === type && field.value).map((f) => f.value);
  const one = (type: string) => all(type)[0] ?? "";
  const kind = view.kind === "bot" || view.kind === "system" ? view.kind : "person";
  const surname = one("surname");
  const firstName = one("name");
  const full = [surname, firstName].filter(Boolean).join(" ");
  const name = (kind === "person" ? full : (view.title ?? "") || full) || `#${view.cid}`;
  const numbers = all("number");
  const emails = all("email");
  const words = [name, one("patronymic"), one("position"), one("department"), ...numbers, ...emails];
  return {
    cid: view.cid,
    rev: view.rev,
    kind,
    name,
    surname,
    firstName,
    avatar: view.avatar ?? "",
    position: one("position"),
    department: one("department"),
    description: view.description ?? "",
    numbers,
    emails,
    commands: (view.commands ?? []).map(commandOf).filter((command) => command.name !== ""),
    fields: view.fields,
    active: view.active ?? true,
    haystack: plain(words.join(" ")),
  };
}

/** "/help - What I can do" → name "help" and its hint. */
export function commandOf(line: string): { name: string; hint: string } {
  const found = /^\/?(\S+)\s*(?:[-–—]\s*)?(.*)$/.exec(line.trim());
  return { name: found?.[1] ?? "", hint: found?.[2] ?? "" };
}

/** Letters as search compares them: lower case, ё as е. */
export function plain(text: string): string {
  return text.toLowerCase().replaceAll("ё", "е");
}

/** Whether every word of a query begins a word of the person's card. */
export function matches(person: Person, query: string): boolean {
  const padded = ` ${person.haystack}`;
  return plain(query)
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => padded.includes(` ${word}`) || (word.length > 2 && padded.includes(word)));
}
