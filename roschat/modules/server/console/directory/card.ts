/** The card between the server's list of fields and a form of named inputs. */
import { ApiError } from "@console/api/client.ts";
import type { ContactCard, ContactField } from "@console/api/generated.ts";

/** One value is on a card once; of these there may be more: the first has the bare name, the next is `number.1`. */
const REPEATED = ["number", "email", "custom"];

export const SINGLE = [
  "surname",
  "name",
  "patronymic",
  "birthday",
  "organisation",
  "department",
  "position",
  "room",
  "workdayStart",
  "workdayEnd",
  "manager",
  "assistant",
] as const;

/** Values of a card by the names of the inputs. */
export type CardValues = Record<string, string>;

/** A further input: another number or e-mail, or a field of one's own with its name. */
export interface Extra {
  input: string;
  type: "number" | "email" | "custom";
  name: string;
}

export const EMPTY: CardValues = {
  ...Object.fromEntries(SINGLE.map((name) => [name, ""])),
  number: "",
  email: "",
  workdayStart: "09:00",
  workdayEnd: "18:00",
};

export function valuesOf(card: Pick<ContactCard, "fields">): { values: CardValues; extras: Extra[] } {
  const values: CardValues = { ...EMPTY, workdayStart: "", workdayEnd: "" };
  const extras: Extra[] = [];
  const met: Record<string, number> = {};
  for (const { type, value = "", name = "" } of card.fields) {
    const count = met[type] ?? 0;
    met[type] = count + 1;
    const input = nameOf(type, count);
    values[input] = value;
    if (type === "custom" || (count > 0 && REPEATED.includes(type)))
      extras.push({ input, type: type as Extra["type"], name });
  }
  return { values, extras };
}

const nameOf = (type: string, count: number): string => (count === 0 ? type : `${type}.${count}`);

/** The name of the next input of a type. */
export function nextExtra(extras: readonly Extra[], type: Extra["type"], name = ""): Extra {
  const same = extras.filter((one) => one.type === type).length;
  return { input: nameOf(type, type === "custom" ? same : same + 1), type, name };
}

/** The fields that are sent, and for each the input that it came from. */
export function fieldsOf(values: CardValues, extras: readonly Extra[]): { fields: ContactField[]; inputs: string[] } {
  const fields: ContactField[] = [];
  const inputs: string[] = [];
  const add = (type: string, input: string, name = "") => {
    const value = values[input]?.trim();
    if (!value) return;
    fields.push(name ? { type, value, name } : { type, value });
    inputs.push(input);
  };
  for (const name of SINGLE) add(name, name);
  add("number", "number");
  add("email", "email");
  for (const extra of extras) add(extra.type, extra.input, extra.name);
  return { fields, inputs };
}

/** A refusal whose places (`number.1`) are told by the inputs that hold the values. */
export function placed(error: unknown, fields: readonly ContactField[], inputs: readonly string[]): unknown {
  if (!(error instanceof ApiError)) return error;
  const met: Record<string, number> = {};
  const inputOf: Record<string, string> = {};
  fields.forEach(({ type }, at) => {
    inputOf[nameOf(type, met[type] ?? 0)] = inputs[at] ?? type;
    met[type] = (met[type] ?? 0) + 1;
  });
  const told = Object.entries(error.fields).map(([place, reason]) => [inputOf[place] ?? place, reason]);
  return new ApiError(error.code, error.message, error.status, Object.fromEntries(told));
}
