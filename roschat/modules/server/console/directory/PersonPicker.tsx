/** Chooses a person by typing a part of the name; the value is the cid as text, empty for nobody. */
import { useApi } from "@console/api/index.ts";
import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { words } from "./words.ts";

interface PersonPickerProps {
  name: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  /** What the chosen one is called, while nobody has been sought. */
  known?: string;
  /** Who cannot be chosen. */
  except?: number;
}

export function PersonPicker({ name, label, value, onChange, error, known, except }: PersonPickerProps) {
  const say = words.use();
  const [text, setText] = useState(known ?? "");
  const [chosen, setChosen] = useState(known ?? "");
  const [sought] = useDebouncedValue(text, 200);
  const found = useApi("POST /contacts/find", { filter: { text: sought === chosen ? "" : sought }, size: 20 });
  const choices = (found.data?.contacts ?? [])
    .filter((row) => row.cid !== except)
    .map((row) => ({
      value: String(row.cid),
      label: [row.surname, row.name, row.patronymic].filter(Boolean).join(" "),
      hint: [row.number, row.position].filter(Boolean).join(" · "),
    }));
  const hints = new Map(choices.map((one) => [one.value, one.hint]));
  if (value && !choices.some((one) => one.value === value))
    choices.unshift({ value, label: chosen || value, hint: "" });
  return (
    <Select
      name={name}
      label={label}
      value={value || null}
      error={error}
      data={choices.map(({ value: key, label: shown }) => ({ value: key, label: shown }))}
      searchable
      clearable
      clearButtonProps={{ "aria-label": say("none") }}
      placeholder={say("pick")}
      nothingFoundMessage={say("nobody")}
      // The server has sought already, also by number and department, which the label does not show.
      filter={({ options }) => options}
      searchValue={text}
      onSearchChange={setText}
      renderOption={({ option }) => (
        <span>
          {option.label} <small style={{ opacity: 0.75 }}>{hints.get(option.value)}</small>
        </span>
      )}
      onChange={(key, option) => {
        setChosen(option?.label ?? "");
        onChange(key ?? "");
      }}
      comboboxProps={{ withinPortal: true, zIndex: 320 }}
    />
  );
}
