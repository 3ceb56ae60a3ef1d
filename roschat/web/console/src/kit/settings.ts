/** Options of a settings section as fields of a form and as values to read. */
import type { SettingOption, SettingsSection } from "../api/generated.ts";
import { type Both, currentLanguage, type Language } from "../words.ts";
import type { Field, Kind } from "./Field.tsx";
import { FORMATS, type Format } from "./rules.ts";
import type { Value } from "./Values.tsx";
import { words } from "./words.ts";

export const HIDDEN = "********";

export type SettingValues = Record<string, unknown>;

export function titleOf(option: SettingOption, language: Language): string {
  return (language === "ru" ? option.titleRu : "") || option.title || option.key;
}

export function descriptionOf(option: SettingOption, language: Language): string {
  return (language === "ru" ? option.descriptionRu : "") || option.description || "";
}

export function sectionTitle(section: SettingsSection, language: Language): string {
  return language === "ru" ? section.titleRu : section.title;
}

/** The names of choices, by key and value, where the values themselves are no words. */
export type ChoiceNames = Record<string, Record<string, string | Both>>;

function nameOf(names: ChoiceNames, key: string, value: string): string {
  const named = names[key]?.[value] ?? value;
  return typeof named === "string" ? named : named[currentLanguage()];
}

export function fieldOf(option: SettingOption, language: Language, names: ChoiceNames = {}): Field<SettingValues> {
  const bounds = (option.bounds ?? {}) as Record<string, number | string>;
  const format = FORMATS.find((one) => one === option.format);
  const number = (name: string) => (typeof bounds[name] === "number" ? { [NAMES[name] ?? name]: bounds[name] } : {});
  return {
    name: option.key,
    label: titleOf(option, language),
    kind: kindOf(option),
    required: isNeeded(option, format),
    description: explained(option, language),
    ...(format ? { format } : {}),
    ...number("ge"),
    ...number("le"),
    ...(option.type === "integer" || option.type === "number"
      ? {}
      : { ...number("min_length"), ...number("max_length") }),
    ...(typeof bounds.pattern === "string" ? { pattern: new RegExp(bounds.pattern) } : {}),
    ...(option.choices
      ? { choices: option.choices.map(String).map((value) => ({ value, label: nameOf(names, option.key, value) })) }
      : {}),
  };
}

const NAMES: Record<string, string> = { ge: "min", le: "max", min_length: "minLength", max_length: "maxLength" };

function kindOf(option: SettingOption): Kind {
  if (option.secret) return "password";
  switch (option.type) {
    case "yes-no":
      return "switch";
    case "integer":
      return "integer";
    case "number":
      return "number";
    case "choice":
      return "select";
    case "list":
      return "list";
    case "table":
      return "lines";
    default:
      return option.format === "lines" ? "lines" : "text";
  }
}

function isNeeded(option: SettingOption, format: Format | undefined): boolean {
  const numeric = option.type === "integer" || option.type === "number";
  const filled = option.default !== "" && option.default !== undefined && option.default !== null;
  const shortest = Number((option.bounds as Record<string, unknown> | undefined)?.min_length ?? 0);
  return Boolean(option.needed) || (numeric && !option.optional) || shortest > 0 || (format !== undefined && filled);
}

function explained(option: SettingOption, language: Language): string {
  const { ge, le } = (option.bounds ?? {}) as { ge?: number; le?: number };
  const parts = [descriptionOf(option, language)];
  if (option.secret) parts.push(words.say("secret.keep"));
  if (option.format !== "port" && ge !== undefined && le !== undefined)
    parts.push(words.say("setting.bounds", { min: ge, max: le }));
  else if (option.format !== "port" && ge !== undefined && ge !== 0) parts.push(words.say("setting.min", { min: ge }));
  if (option.restarts) parts.push(words.say("restart.needed", { what: option.restarts }));
  return parts.filter(Boolean).join(" · ");
}

/** What a form holds for a value; a table is edited as JSON. */
export function toForm(option: SettingOption, value: unknown): unknown {
  if (option.type === "table") return JSON.stringify(value ?? {}, null, 2);
  return value ?? (option.type === "list" ? [] : "");
}

/** What is sent for what a form holds; undefined when a table is no JSON. */
export function fromForm(option: SettingOption, value: unknown): unknown {
  if (option.type === "table") {
    try {
      return JSON.parse(String(value));
    } catch {
      return undefined;
    }
  }
  if (value === "" && option.optional) return null;
  return value;
}

/** A value as it is read. */
export function shownValue(option: SettingOption, value: unknown, names: ChoiceNames = {}): Value["value"] {
  if (option.secret) return value ? words.say("value.set") : "";
  if (option.type === "yes-no") return value ? words.say("value.yes") : words.say("value.no");
  if (Array.isArray(value)) return value.map(String);
  if (typeof value === "object" && value !== null)
    return Object.keys(value).length === 0 ? "" : JSON.stringify(value, null, 1);
  const text = String(value ?? "");
  return nameOf(names, option.key, text);
}
