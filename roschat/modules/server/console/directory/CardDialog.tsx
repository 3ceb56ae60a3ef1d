/** «Новый контакт», and the same form for a card that is there. A surname is all that must be given. */

import { ApiError } from "@console/api/client.ts";
import type { ContactCard } from "@console/api/generated.ts";
import { useApi } from "@console/api/hooks.ts";
import { call, invalidate } from "@console/api/index.ts";
import { confirm } from "@console/kit/Confirm.tsx";
import type { Field, InputProps } from "@console/kit/Field.tsx";
import { FormDialog } from "@console/kit/FormDialog.tsx";
import { Autocomplete, Button, Group, Menu, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { type CardValues, EMPTY, type Extra, fieldsOf, nextExtra, placed, SINGLE, valuesOf } from "./card.ts";
import { PersonPicker } from "./PersonPicker.tsx";
import { words } from "./words.ts";

interface CardDialogProps {
  /** The card that is changed; none: a new one. */
  card?: ContactCard;
  onClose: () => void;
  onSaved?: (cid: number) => void;
}

export function CardDialog({ card, onClose, onSaved }: CardDialogProps) {
  const say = words.use();
  const [start] = useState(() => (card ? valuesOf(card) : { values: EMPTY, extras: [] }));
  const [extras, setExtras] = useState<Extra[]>(start.extras);
  const fields = useFields(extras, card);

  const save = async (values: CardValues) => {
    const { fields: sent, inputs } = fieldsOf(values, extras);
    try {
      if (card) {
        await call("PUT /contacts/{cid}", { cid: card.cid, rev: card.rev, fields: sent });
        await invalidate(["GET /contacts/{cid}", "POST /contacts/find", "GET /contacts/values"]);
      } else {
        const { cid } = await call("POST /contacts", { fields: sent });
        await invalidate(["POST /contacts/find", "GET /contacts/values"]);
        onSaved?.(cid);
      }
    } catch (error) {
      if (error instanceof ApiError && error.code === "conflict") return void (await onConflict(say, onClose));
      throw placed(error, sent, inputs);
    }
  };
  return (
    <FormDialog
      title={say(card ? "editCard" : "newContact")}
      close={say("cancel")}
      size="lg"
      columns={2}
      fields={fields}
      initial={start.values}
      onClose={onClose}
      onSave={save}
    >
      {() => <MoreFields extras={extras} onAdd={(extra) => setExtras((now) => [...now, extra])} />}
    </FormDialog>
  );
}

/** Somebody else was quicker: show that card. */
async function onConflict(say: ReturnType<typeof words.use>, onClose: () => void): Promise<void> {
  await confirm({ title: say("conflictTitle"), text: say("conflictText"), ok: say("ok.read"), cancel: say("close") });
  await invalidate(["GET /contacts/{cid}"]);
  onClose();
}

function useFields(extras: readonly Extra[], card: ContactCard | undefined): Field<CardValues>[] {
  const say = words.use();
  const nameOf = (type: string) => {
    const cid = card?.fields.find((field) => field.type === type)?.value;
    return card?.people?.find((one) => String(one.cid) === cid)?.name;
  };
  const plain = (name: string): Field<CardValues> => ({ name, label: say(`field.${name}` as "field.name") });
  const drawn: Partial<Record<string, (input: InputProps) => React.ReactNode>> = {
    birthday: (input) => (
      <TextInput
        {...inputOf(input)}
        type="date"
        min="1900-01-01"
        max={new Date().toISOString().slice(0, 10)}
        value={String(input.value ?? "")}
        onChange={(event) => input.onChange(event.currentTarget.value)}
      />
    ),
  };
  for (const name of ["organisation", "department", "position", "room"] as const)
    drawn[name] = (input) => <Suggested type={name} input={input} />;
  for (const name of ["manager", "assistant"] as const)
    drawn[name] = (input) => (
      <PersonPicker
        name={input.name}
        label={input.label}
        error={input.error}
        value={String(input.value ?? "")}
        onChange={input.onChange}
        {...(nameOf(name) ? { known: nameOf(name) ?? "" } : {})}
        {...(card ? { except: card.cid } : {})}
      />
    );
  const single = SINGLE.map((name): Field<CardValues> => {
    const render = drawn[name];
    if (name === "workdayStart" || name === "workdayEnd") return { ...plain(name), maxLength: 5, placeholder: "09:00" };
    return { ...plain(name), ...(name === "surname" ? { required: true } : {}), ...(render ? { render } : {}) };
  });
  const more = extras.map(
    ({ input, type, name }): Field<CardValues> => ({
      name: input,
      label: type === "custom" ? name : say(`field.${type}`),
    }),
  );
  // Number and e-mail stand after the name: with the surname they are what most cards need.
  return [...single.slice(0, 3), plain("number"), plain("email"), ...single.slice(3), ...more];
}

const inputOf = ({ name, label, error, required, onBlur }: InputProps) => ({
  name,
  label,
  error,
  onBlur,
  withAsterisk: required,
});

function Suggested({ type, input }: { type: "organisation" | "department" | "position" | "room"; input: InputProps }) {
  const text = String(input.value ?? "");
  const [sought] = useDebouncedValue(text, 200);
  const values = useApi("GET /contacts/values", { type, text: sought, count: 10 });
  return (
    <Autocomplete
      {...inputOf(input)}
      autoComplete="off"
      data={(values.data ?? []).map((one) => one.value)}
      filter={({ options }) => options}
      value={text}
      onChange={input.onChange}
      comboboxProps={{ withinPortal: true, zIndex: 320 }}
    />
  );
}

function MoreFields({ extras, onAdd }: { extras: readonly Extra[]; onAdd: (extra: Extra) => void }) {
  const say = words.use();
  const [name, setName] = useState<string>();
  const known = extras.some((one) => one.type === "custom" && one.name.toLowerCase() === name?.trim().toLowerCase());
  const addCustom = () => {
    if (!name?.trim() || known) return;
    onAdd(nextExtra(extras, "custom", name.trim()));
    setName(undefined);
  };
  if (name !== undefined)
    return (
      <Group align="flex-end" gap="xs">
        <TextInput
          flex={1}
          label={say("customName")}
          value={name}
          maxLength={100}
          data-autofocus
          autoFocus
          onChange={(event) => setName(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            addCustom();
          }}
        />
        <Button variant="light" disabled={!name.trim() || known} onClick={addCustom}>
          {say("ok")}
        </Button>
        <Button variant="default" onClick={() => setName(undefined)}>
          {say("cancel")}
        </Button>
      </Group>
    );
  return (
    <Menu withinPortal zIndex={320} position="bottom-start">
      <Menu.Target>
        <Button variant="light" size="xs" leftSection={<IconPlus size={14} aria-hidden />} w="fit-content">
          {say("addField")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onAdd(nextExtra(extras, "number"))}>{say("addNumber")}</Menu.Item>
        <Menu.Item onClick={() => onAdd(nextExtra(extras, "email"))}>{say("addEmail")}</Menu.Item>
        <Menu.Item onClick={() => setName("")}>{say("addCustom")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
