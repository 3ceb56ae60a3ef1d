/** The state of a form: values, reasons beside fields, whether something was changed; used by dialogs and inline forms. */
import { useRef, useState } from "react";
import { ApiError } from "../api/client.ts";
import { errorText } from "../api/errors.ts";
import { type Field, reasonOfField } from "./Field.tsx";

export type Reasons = Record<string, string>;

export interface FormOptions<V extends object> {
  fields: readonly Field<V>[];
  initial: V;
  /** Rules between fields: the reason (or a sentence) by field. */
  check?: (values: V) => Reasons;
  /** Throws ApiError for what the server refused. Answering false leaves the form as it is. */
  // biome-ignore lint/suspicious/noConfusingVoidType: most callers answer nothing
  onSave: (values: V) => Promise<void | boolean>;
}

export function useForm<V extends object>({ fields, initial, check, onSave }: FormOptions<V>) {
  const [values, setValues] = useState<V>(initial);
  const [reasons, setReasons] = useState<Reasons>({});
  const [failure, setFailure] = useState("");
  const [busy, setBusy] = useState(false);
  const saved = useRef(initial);
  const shown = fields.filter((field) => field.show?.(values) ?? true);

  const set = (name: keyof V & string, value: unknown) => {
    setValues((now) => ({ ...now, [name]: value }));
    setReasons(({ [name]: _, ...rest }) => rest);
  };

  const reasonsNow = (of = values): Reasons => {
    const found: Reasons = {};
    for (const field of shown) {
      const reason = reasonOfField(field, of[field.name]);
      if (reason) found[field.name] = reason;
    }
    for (const [name, reason] of Object.entries(check?.(of) ?? {})) if (reason) found[name] ??= reason;
    return found;
  };

  /** When a field is left: complain about a value in it, not yet about a missing one. */
  const leave = (name: keyof V & string) => {
    const reason = reasonsNow()[name];
    if (reason && reason !== "empty") setReasons((now) => ({ ...now, [name]: reason }));
  };

  /** Whether it was saved. */
  const save = async (): Promise<boolean> => {
    setFailure("");
    const found = reasonsNow();
    setReasons(found);
    if (Object.keys(found).length > 0) return false;
    setBusy(true);
    try {
      const numbers = Object.fromEntries(shown.map((field) => [field.name, sent(field, values[field.name])]));
      return (await onSave({ ...values, ...numbers })) !== false;
    } catch (error) {
      if (error instanceof ApiError) error.told = true;
      const fields = error instanceof ApiError ? error.fields : {};
      const mine = Object.entries(fields).filter(([name]) => shown.some((field) => field.name === name));
      setReasons(Object.fromEntries(mine));
      if (mine.length === 0) setFailure(errorText(error));
      return false;
    } finally {
      setBusy(false);
    }
  };

  const changed = fields.some((field) => !same(values[field.name], saved.current[field.name]));
  return { values, set, setValues, reasons, setReasons, failure, busy, changed, shown, leave, save };
}

export type Form<V extends object> = ReturnType<typeof useForm<V>>;

/** What a number field sends: a number. */
function sent<V>(field: Field<V>, value: unknown): unknown {
  const numeric = field.kind === "number" || field.kind === "integer";
  if (!numeric || typeof value !== "string" || value.trim() === "") return value;
  return Number(value.replace(",", "."));
}

export function same(one: unknown, other: unknown): boolean {
  const plain = (value: unknown) => (typeof value === "number" ? String(value) : JSON.stringify(value ?? ""));
  return plain(one) === plain(other) || String(one ?? "") === String(other ?? "");
}
