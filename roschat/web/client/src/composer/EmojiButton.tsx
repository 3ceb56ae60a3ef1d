import { Popover } from "@mantine/core";
import { IconMoodSmile } from "@tabler/icons-react";
import { rememberEmoji } from "../state/preferences.ts";
import { Action } from "../ui/Action.tsx";
import { useWords } from "../words/index.ts";
import { EmojiGrid } from "./EmojiGrid.tsx";

export function EmojiButton({ onPick }: { onPick: (emoji: string) => void }) {
  const say = useWords();
  return (
    <Popover position="top-end" width={310} trapFocus returnFocus shadow="md">
      <Popover.Target>
        <Action label={say("composer.emoji")} icon={<IconMoodSmile size={22} />} size={40} />
      </Popover.Target>
      <Popover.Dropdown p={6}>
        <EmojiGrid
          onPick={(emoji) => {
            rememberEmoji(emoji);
            onPick(emoji);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
