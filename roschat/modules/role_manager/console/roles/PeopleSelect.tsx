/** Contacts chosen by typing a part of their name or number. */
import { useApi } from "@console/api/index.ts";
import { words as kit } from "@console/kit/words.ts";
import { MultiSelect } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useContactNames } from "./names.ts";
import { nameOf } from "./People.tsx";

interface PeopleSelectProps {
  label: string;
  description?: string;
  chosen: readonly number[];
  change: (chosen: readonly number[]) => void;
  /** One contact at most. */
  single?: boolean;
  required?: boolean;
  error?: string;
}

export function PeopleSelect({ label, description, chosen, change, single, required, error }: PeopleSelectProps) {
  const say = kit.use();
  const [typed, setTyped] = useState("");
  const [text] = useDebouncedValue(typed, 250);
  const found = useApi("POST /contacts/find", { filter: { text }, size: 50 });
  const name = useContactNames(chosen);
  const options = new Map(chosen.map((cid) => [cid, name(cid)]));
  for (const row of found.data?.contacts ?? [])
    options.set(row.cid, row.number ? `${nameOf(row)} · ${row.number}` : nameOf(row));
  return (
    <MultiSelect
      label={label}
      description={description}
      placeholder={chosen.length === 0 ? say("picker.search") : ""}
      data={[...options].map(([cid, shown]) => ({ value: String(cid), label: shown }))}
      value={chosen.map(String)}
      onChange={(values) => {
        change((single ? values.slice(-1) : values).map(Number));
        setTyped("");
      }}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      // The server has searched already, also by what the label does not show.
      filter={({ options: all }) => all}
      nothingFoundMessage={say("picker.none")}
      withAsterisk={required ?? false}
      error={error}
      hidePickedOptions
      maxDropdownHeight={260}
      comboboxProps={{ withinPortal: true, zIndex: 320 }}
    />
  );
}
