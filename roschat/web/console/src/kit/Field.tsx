/** One input of a form, by its description. The whole text of its error stands under it. */
import { MultiSelect, NumberInput, PasswordInput, Select, Switch, TagsInput, Textarea, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { reasonText } from "../api/errors.ts";
import { type Format, type Rule, reasonOf } from "./rules.ts";
import { words } from "./words.ts";

export type Kind =
  | "text"
  | "password"
  | "number"
  | "integer"
  | "switch"
  | "select"
  | "multiselect"
  /** A text of many lines. */
  | "lines"
  /** Many short texts. */
  | "list";

export interface Choice {
  value: string;
  label: string;
}

export interface Field<V> {
  name: keyof V & string;
  label: string;
  /** "text" when left out. */
  kind?: Kind;
  required?: boolean;
  description?: ReactNode;
  placeholder?: string;
  format?: Format;
  min?: number;
  max?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: RegExp;
  choices?: readonly Choice[];
  autoComplete?: string;
  disabled?: boolean;
  /** Shown only when true; a hidden field is neither checked nor told wrong. */
  show?: (values: V) => boolean;
  /** Another input than those of `kind`. */
  render?: (input: InputProps) => ReactNode;
}

export interface InputProps {
  name: string;
  label: string;
  value: unknown;
  onChange: (value: unknown) => void;
  onBlur: () => void;
  error: string | undefined;
  required: boolean;
  disabled: boolean;
  description: ReactNode;
}

/** Why a value of a field is refused; empty when it is not. */
export function reasonOfField<V>(field: Field<V>, value: unknown): string {
  const { required, format, min, max, minLength, maxLength, pattern, kind } = field;
  const rule: Rule = { required, format, min, max, minLength, maxLength, pattern };
  return reasonOf(value, {
    ...rule,
    whole: kind === "integer" && format !== "port",
    number: kind === "number",
  });
}

/** The sentence under a field: a reason of the server or of ours, or a sentence as it is. */
export function sentence(reason: string | undefined): string | undefined {
  if (!reason) return undefined;
  return /^[a-z-]+$/.test(reason) ? reasonText(reason) : reason;
}

interface FieldInputProps<V> {
  field: Field<V>;
  value: unknown;
  reason: string | undefined;
  onChange: (value: unknown) => void;
  onBlur: () => void;
  focus?: boolean;
}

export function FieldInput<V>({ field, value, reason, onChange, onBlur, focus = false }: FieldInputProps<V>) {
  const say = words.use();
  const error = sentence(reason);
  const shared = {
    name: field.name,
    label: field.label,
    description: field.description,
    error,
    disabled: field.disabled ?? false,
    onBlur,
    withAsterisk: field.required ?? false,
    "aria-required": field.required ?? false,
    ...(focus ? { "data-autofocus": true } : {}),
  };
  if (field.render)
    return field.render({
      name: field.name,
      label: field.label,
      value,
      onChange,
      onBlur,
      error,
      required: field.required ?? false,
      disabled: field.disabled ?? false,
      description: field.description,
    });
  const placeholder = field.placeholder ? { placeholder: field.placeholder } : {};
  const text = value === null || value === undefined ? "" : String(value);
  switch (field.kind ?? "text") {
    case "switch":
      return (
        <Switch
          name={field.name}
          label={field.label}
          description={field.description}
          error={error}
          disabled={shared.disabled}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case "select":
      return (
        <Select
          {...shared}
          {...placeholder}
          data={[...(field.choices ?? [])]}
          value={text || null}
          onChange={(chosen) => onChange(chosen ?? "")}
          allowDeselect={false}
          comboboxProps={{ withinPortal: true, zIndex: 320 }}
        />
      );
    case "multiselect":
      return (
        <MultiSelect
          {...shared}
          {...placeholder}
          data={[...(field.choices ?? [])]}
          value={Array.isArray(value) ? value.map(String) : []}
          onChange={onChange}
          comboboxProps={{ withinPortal: true, zIndex: 320 }}
        />
      );
    case "list":
      return (
        <TagsInput
          {...shared}
          placeholder={field.placeholder ?? say("list.hint")}
          value={Array.isArray(value) ? value.map(String) : []}
          onChange={onChange}
          acceptValueOnBlur
        />
      );
    case "lines":
      return (
        <Textarea
          {...shared}
          {...placeholder}
          autosize
          minRows={3}
          maxRows={12}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case "password":
      return (
        <PasswordInput
          {...shared}
          {...placeholder}
          autoComplete={field.autoComplete ?? "new-password"}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": say("secret.show"), tabIndex: 0 }}
        />
      );
    case "number":
      return (
        <NumberInput
          {...shared}
          {...placeholder}
          hideControls
          decimalSeparator="."
          allowedDecimalSeparators={[",", "."]}
          value={text}
          onChange={onChange}
        />
      );
    default:
      return (
        <TextInput
          {...shared}
          {...placeholder}
          autoComplete={field.autoComplete ?? "off"}
          {...(field.kind === "integer" || field.format === "port" ? { inputMode: "numeric" as const } : {})}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}
