/**
 * A settings section made from its declaration: values as chips, «Настроить» opens the form.
 *
 * A value that counts only after a restart is told so beside the field, and the restart is agreed to before saving.
 */
import type { ReactNode } from "react";
import { useState } from "react";
import { tell } from "../api/errors.ts";
import type { SettingsApplied, SettingsSection } from "../api/generated.ts";
import { useApi, useSave } from "../api/hooks.ts";
import { type Both, useBoth, useLanguage } from "../words.ts";
import { confirm } from "./Confirm.tsx";
import { Asked } from "./Empty.tsx";
import { FormDialog } from "./FormDialog.tsx";
import { type Reasons, same } from "./form.ts";
import {
  type ChoiceNames,
  fieldOf,
  fromForm,
  type SettingValues,
  sectionTitle,
  shownValue,
  titleOf,
  toForm,
} from "./settings.ts";
import { Values } from "./Values.tsx";
import { words } from "./words.ts";

interface SettingsFormProps {
  section: string;
  /** That of the section when left out. */
  title?: string;
  text?: ReactNode;
  /** Only these options, in this order. */
  keys?: readonly string[];
  /** All but these. */
  without?: readonly string[];
  /** Names of choices in the reader's language, by key and value. */
  choices?: ChoiceNames;
  /** Rules between fields: the reason by key. */
  check?: (values: SettingValues) => Reasons;
  /** Shown only when true: fields that depend on others. */
  show?: Record<string, (values: SettingValues) => boolean>;
  /** Other buttons of the card: «Проверить». */
  actions?: ReactNode;
  children?: ReactNode;
  /** Names of what restarts; an option says it in English. */
  restartNames?: Record<string, Both>;
  /** Does the restart that was agreed to. */
  onRestart?: (what: readonly string[]) => Promise<void>;
  onSaved?: (applied: SettingsApplied) => void;
}

export function SettingsForm(props: SettingsFormProps) {
  const asked = useApi("GET /settings/{section}", { section: props.section });
  return <Asked of={asked}>{(section) => <SectionCard {...props} found={section} />}</Asked>;
}

function SectionCard({ found, ...props }: SettingsFormProps & { found: SettingsSection }) {
  const language = useLanguage();
  const [editing, setEditing] = useState(false);
  const chosen = optionsOf(found, props);
  return (
    <>
      <Values
        title={props.title ?? sectionTitle(found, language)}
        text={props.text}
        actions={props.actions}
        onEdit={() => setEditing(true)}
        values={chosen
          .filter((option) => props.show?.[option.key]?.(found.values) ?? true)
          .map((option) => ({
            label: titleOf(option, language),
            value: shownValue(option, found.values[option.key], props.choices),
          }))}
      >
        {props.children}
      </Values>
      {editing && <SettingsDialog {...props} found={found} onClose={() => setEditing(false)} />}
    </>
  );
}

type SettingsDialogProps = SettingsFormProps & { found: SettingsSection; onClose: () => void };

/** The form alone, for pages that show the values in their own way. */
export function SettingsDialog({ found, onClose, ...props }: SettingsDialogProps) {
  const say = words.use();
  const both = useBoth();
  const language = useLanguage();
  const save = useSave("PUT /settings/{section}", {
    invalidates: ["GET /settings", "GET /settings/{section}", "GET /settings-changes"],
  });
  const chosen = optionsOf(found, props);
  const named = (what: readonly string[]) =>
    what.map((one) => (props.restartNames?.[one] ? both(props.restartNames[one]) : one)).join(", ");
  const initial = Object.fromEntries(chosen.map((option) => [option.key, toForm(option, found.values[option.key])]));

  const onSave = async (values: SettingValues) => {
    const shown = chosen.filter((option) => props.show?.[option.key]?.(values) ?? true);
    const changed = chosen.filter((option) => !same(values[option.key], initial[option.key]));
    const restarts = [...new Set(changed.map((option) => option.restarts ?? "").filter(Boolean))];
    if (
      restarts.length > 0 &&
      !(await confirm({ text: say("restart.text", { what: named(restarts) }), ok: say("restart.ok") }))
    )
      return false;
    const sent = shown.map((option) => [option.key, fromForm(option, values[option.key])]);
    const applied = await save.mutateAsync({ section: found.name, values: Object.fromEntries(sent) });
    props.onSaved?.(applied);
    if (applied.restarts.length === 0) tell(say("saved"));
    else if (props.onRestart) {
      await props.onRestart(applied.restarts);
      tell(say("restart.done", { what: named(applied.restarts) }));
    } else tell(say("restart.wanted", { what: named(applied.restarts) }));
    return true;
  };
  const check = (values: SettingValues): Reasons => ({
    ...Object.fromEntries(
      chosen
        .filter((option) => fromForm(option, values[option.key]) === undefined)
        .map((option) => [option.key, "bad-value"]),
    ),
    ...props.check?.(values),
  });
  return (
    <FormDialog
      title={props.title ?? sectionTitle(found, language)}
      size="lg"
      fields={chosen.map((option) => {
        const show = props.show?.[option.key];
        return { ...fieldOf(option, language, props.choices), ...(show ? { show } : {}) };
      })}
      initial={initial}
      check={check}
      onSave={onSave}
      onClose={onClose}
    />
  );
}

function optionsOf(found: SettingsSection, { keys, without }: SettingsFormProps) {
  if (keys) return keys.flatMap((key) => found.options.filter((option) => option.key === key));
  return found.options.filter((option) => !without?.includes(option.key));
}
