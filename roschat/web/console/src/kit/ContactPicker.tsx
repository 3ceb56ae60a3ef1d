/** Choosing people of the directory by name, number or mail: one, or several. */
import { Combobox, Loader, Pill, PillsInput, Text, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { type ReactNode, useState } from "react";
import type { ContactRow } from "../api/generated.ts";
import { useApi } from "../api/hooks.ts";
import { words } from "./words.ts";

/** A person that was chosen: enough to name it and to send its number. */
export interface Picked {
  cid: number;
  name: string;
}

interface ContactPickerProps {
  value: readonly Picked[];
  onChange: (picked: readonly Picked[]) => void;
  /** More than one. */
  several?: boolean;
  label?: string;
  description?: ReactNode;
  error?: ReactNode;
  required?: boolean;
  disabled?: boolean;
  /** Only people with an account. */
  account?: boolean;
}

export function nameOfContact(row: Pick<ContactRow, "surname" | "name" | "patronymic" | "number" | "cid">): string {
  return [row.surname, row.name, row.patronymic].filter(Boolean).join(" ") || row.number || String(row.cid);
}

export function ContactPicker({
  value,
  onChange,
  several = false,
  label,
  description,
  error,
  required = false,
  disabled = false,
  account = false,
}: ContactPickerProps) {
  const say = words.use();
  const box = useCombobox({ onDropdownClose: () => box.resetSelectedOption() });
  const [text, setText] = useState("");
  const [sought] = useDebouncedValue(text.trim(), 200);
  const found = useApi(
    "POST /contacts/find",
    { filter: { text: sought, ...(account ? { account: "with" } : {}) }, page: 1, size: 20 },
    { enabled: sought.length > 0 && box.dropdownOpened },
  );
  const rows = (sought ? (found.data?.contacts ?? []) : []).filter((row) => !value.some((one) => one.cid === row.cid));
  const waiting = sought !== text.trim() || found.isFetching;
  const full = !several && value.length > 0;
  const pick = (cid: number) => {
    const row = rows.find((one) => one.cid === cid);
    if (!row) return;
    const picked = { cid, name: nameOfContact(row) };
    onChange(several ? [...value, picked] : [picked]);
    setText("");
    if (!several) box.closeDropdown();
  };
  const drop = (cid: number) => onChange(value.filter((one) => one.cid !== cid));
  return (
    <Combobox store={box} onOptionSubmit={(cid) => pick(Number(cid))} withinPortal zIndex={320}>
      <Combobox.DropdownTarget>
        <PillsInput
          label={label ?? say("picker.label")}
          description={description}
          error={error}
          withAsterisk={required}
          disabled={disabled}
          onClick={() => box.openDropdown()}
          rightSection={waiting && text ? <Loader size={14} aria-label={say("loading")} /> : undefined}
        >
          <Pill.Group>
            {value.map((one) => (
              <Pill
                key={one.cid}
                size="sm"
                withRemoveButton={!disabled}
                onRemove={() => drop(one.cid)}
                removeButtonProps={{ "aria-label": say("picker.remove", { name: one.name }), tabIndex: 0 }}
              >
                {one.name}
              </Pill>
            ))}
            <Combobox.EventsTarget>
              <PillsInput.Field
                aria-label={label ?? say("picker.label")}
                value={text}
                disabled={disabled}
                placeholder={full ? "" : say("picker.search")}
                onFocus={() => box.openDropdown()}
                onBlur={() => box.closeDropdown()}
                onChange={(event) => {
                  setText(event.currentTarget.value);
                  box.openDropdown();
                  box.updateSelectedOptionIndex();
                }}
                onKeyDown={(event) => {
                  const last = value.at(-1);
                  if (event.key === "Backspace" && !text && last) {
                    event.preventDefault();
                    drop(last.cid);
                  }
                }}
              />
            </Combobox.EventsTarget>
          </Pill.Group>
        </PillsInput>
      </Combobox.DropdownTarget>
      <Combobox.Dropdown>
        <Combobox.Options mah={260} style={{ overflowY: "auto" }} aria-label={say("picker.label")}>
          {rows.map((row) => (
            <Combobox.Option key={row.cid} value={String(row.cid)}>
              <Text size="sm">{nameOfContact(row)}</Text>
              <Text size="xs" c="dimmed">
                {[row.number, row.position, row.department].filter(Boolean).join(" · ")}
              </Text>
            </Combobox.Option>
          ))}
          {rows.length === 0 && (
            <Combobox.Empty>{sought && !waiting ? say("picker.none") : say("picker.type")}</Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
