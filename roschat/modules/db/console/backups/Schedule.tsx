/** When backups are made, how long they are kept and where, and whether they are encrypted. */
import { type BackupsView, call, invalidate, useApi } from "@console/api/index.ts";
import { Asked } from "@console/kit/Empty.tsx";
import type { Field } from "@console/kit/Field.tsx";
import { FormDialog } from "@console/kit/FormDialog.tsx";
import { useFormats } from "@console/kit/formats.ts";
import { Values } from "@console/kit/Values.tsx";
import { useState } from "react";
import { words } from "./words.ts";

const SECTION = "db";
const KINDS = ["off", "daily", "weekly"] as const;
const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

interface Typed {
  schedule: string;
  weekday: string;
  time: string;
  keep_count: string;
  keep_days: string;
  folder: string;
  passphrase: string;
}

export function Schedule({ view }: { view: BackupsView }) {
  const say = words.use();
  const formats = useFormats();
  const settings = useApi("GET /settings/{section}", { section: SECTION });
  const [editing, setEditing] = useState(false);
  return (
    <Asked of={settings} height={120}>
      {({ values }) => {
        const kind = String(values.schedule) as (typeof KINDS)[number];
        const when = kind === "weekly" ? `${say(String(values.weekday) as "monday")}, ${values.time}` : values.time;
        const shown = say(`schedule.${kind}`) + (kind === "off" ? "" : `, ${when}`);
        return (
          <Values
            title={say("schedule")}
            values={[
              { label: say("scheduleKind"), value: shown },
              ...(view.nextTime ? [{ label: say("next"), value: formats.dateTime(view.nextTime) }] : []),
              {
                label: say("keep"),
                value: say("keepShown", {
                  count: Number(values.keep_count) || "∞",
                  days: Number(values.keep_days) || "∞",
                }),
              },
              { label: say("folder"), value: view.folder },
              { label: say("sealing"), value: say(view.sealing ? "sealingOn" : "sealingOff") },
            ]}
            onEdit={() => setEditing(true)}
          >
            {editing && <ScheduleDialog values={values} onClose={() => setEditing(false)} />}
          </Values>
        );
      }}
    </Asked>
  );
}

function ScheduleDialog({ values, onClose }: { values: Record<string, unknown>; onClose: () => void }) {
  const say = words.use();
  const on = (typed: Typed) => typed.schedule !== "off";
  const fields: Field<Typed>[] = [
    {
      name: "schedule",
      label: say("scheduleKind"),
      kind: "select",
      required: true,
      choices: KINDS.map((value) => ({ value, label: say(`schedule.${value}`) })),
    },
    {
      name: "weekday",
      label: say("weekday"),
      kind: "select",
      show: (typed) => typed.schedule === "weekly",
      choices: DAYS.map((value) => ({ value, label: say(value) })),
    },
    {
      name: "time",
      label: say("time"),
      required: true,
      description: say("timeHint"),
      pattern: /^([01][0-9]|2[0-3]):[0-5][0-9]$/,
      show: on,
    },
    { name: "keep_count", label: say("keepCount"), kind: "integer", required: true, min: 0, max: 1000, show: on },
    {
      name: "keep_days",
      label: say("keepDays"),
      kind: "integer",
      required: true,
      min: 0,
      max: 3650,
      description: say("keepAbout"),
      show: on,
    },
    { name: "folder", label: say("folder"), pattern: /^(\/.*)?$/, description: say("folderAbout") },
    {
      name: "passphrase",
      label: say("passphrase"),
      kind: "password",
      minLength: 8,
      maxLength: 256,
      autoComplete: "new-password",
      description: say("passphraseAbout"),
    },
  ];
  const text = (key: keyof Typed) => String(values[key] ?? "");
  return (
    <FormDialog
      title={say("schedule")}
      fields={fields}
      initial={{
        schedule: text("schedule"),
        weekday: text("weekday"),
        time: text("time"),
        keep_count: text("keep_count"),
        keep_days: text("keep_days"),
        folder: text("folder"),
        passphrase: text("passphrase"),
      }}
      onClose={onClose}
      onSave={async (typed) => {
        const numbers = { keep_count: Number(typed.keep_count), keep_days: Number(typed.keep_days) };
        await call("PUT /settings/{section}", { section: SECTION, values: { ...typed, ...numbers } });
        await invalidate(["GET /settings/{section}", "GET /backups"]);
      }}
    />
  );
}
