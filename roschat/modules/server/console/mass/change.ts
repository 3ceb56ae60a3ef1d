/** A mass change as the forms edit it, and as the server takes it. */
import type { MassChange, MassField, MassService } from "@console/api/index.ts";

export const FIELDS = [
  "surname",
  "name",
  "patronymic",
  "number",
  "email",
  "organisation",
  "department",
  "position",
  "room",
  "birthday",
  "workdayStart",
  "workdayEnd",
  "manager",
  "assistant",
  "custom",
] as const;
export type FieldKind = (typeof FIELDS)[number];

export type Action = "set" | "add" | "replace" | "clear";
export type PasswordKind = "" | "value" | "number" | "random";
export type LoginForm = "keep" | "number" | "number-login" | "number-login-domain";
export type Grant = "keep" | "grant" | "remove";

export interface FieldDraft {
  key: number;
  type: FieldKind;
  name: string;
  action: Action;
  value: string;
  find: string;
  onlyEmpty: boolean;
}

export interface ServiceDraft {
  grant: Grant;
  params: Record<string, string>;
}

export interface ChangeDraft {
  fields: FieldDraft[];
  services: Record<string, ServiceDraft>;
  loginForm: LoginForm;
  login: string;
  domain: string;
  loginTemplate: string;
  password: PasswordKind;
  passwordValue: string;
  passwordLength: number;
  active: "" | "yes" | "no";
}

let keys = 0;

export function field(type: FieldKind, value = "", action: Action = "set"): FieldDraft {
  keys += 1;
  return { key: keys, type, name: "", action, value, find: "", onlyEmpty: false };
}

export function emptyChange(part: Partial<ChangeDraft> = {}): ChangeDraft {
  return {
    fields: [],
    services: {},
    loginForm: "keep",
    login: "",
    domain: "",
    loginTemplate: "",
    password: "",
    passwordValue: "",
    passwordLength: 12,
    active: "",
    ...part,
  };
}

const NUMBER = "$CONTACT('number')";
const literal = (text: string) => text.trim().replaceAll("$", "$$$$");

/** The template of a simple form of login. */
export function loginOf({ loginForm, login, domain }: ChangeDraft): string {
  if (loginForm === "keep") return "";
  let template = NUMBER;
  if (loginForm !== "number" && login.trim()) template += `.${literal(login)}`;
  if (loginForm === "number-login-domain") template += `@${literal(domain)}`;
  return template;
}

export function changeOf(draft: ChangeDraft, simple: boolean): MassChange {
  const fields: MassField[] = draft.fields.map(({ type, name, action, value, find, onlyEmpty }) => ({
    type,
    action,
    value: action === "clear" ? "" : value,
    ...(type === "custom" ? { name } : {}),
    ...(action === "replace" ? { find } : {}),
    ...(onlyEmpty ? { onlyEmpty } : {}),
  }));
  const services: MassService[] = Object.entries(draft.services)
    .filter(([, { grant }]) => grant !== "keep")
    .map(([type, { grant, params }]) => (grant === "remove" ? { type, remove: true } : { type, params }));
  return {
    fields: simple ? [] : fields,
    services,
    login: simple ? loginOf(draft) : draft.loginTemplate.trim(),
    password: {
      kind: draft.password,
      value: draft.password === "value" ? draft.passwordValue : "",
      length: draft.passwordLength,
    },
    active: draft.active,
  };
}
