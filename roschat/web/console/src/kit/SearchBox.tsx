/** «Найти»: tells what is sought when the typing pauses. */
import { CloseButton, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { words } from "./words.ts";

interface SearchBoxProps {
  value: string;
  onSearch: (text: string) => void;
  label?: string;
  /** Milliseconds without typing. */
  delay?: number;
  width?: number | string;
}

export function SearchBox({ value, onSearch, label, delay = 250, width = 280 }: SearchBoxProps) {
  const say = words.use();
  const [text, setText] = useState(value);
  const [told, setTold] = useState(value);
  // The value was changed from outside: a link, a cleared filter.
  if (value !== told) {
    setTold(value);
    if (value !== text.trim()) setText(value);
  }
  const tell = useDebouncedCallback((wanted: string) => onSearch(wanted.trim()), delay);
  const type = (wanted: string) => {
    setText(wanted);
    tell(wanted);
  };
  const name = label ?? say("find");
  return (
    <TextInput
      type="search"
      w={width}
      maw="100%"
      value={text}
      placeholder={name}
      aria-label={name}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={text && <CloseButton size="sm" aria-label={say("clear")} onClick={() => type("")} />}
      onChange={(event) => type(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Escape" && text) {
          event.stopPropagation();
          type("");
        }
      }}
    />
  );
}
