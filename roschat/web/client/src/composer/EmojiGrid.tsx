import { ScrollArea } from "@mantine/core";
import { usePreferences } from "../state/preferences.ts";
import { useWords } from "../words/index.ts";
import styles from "./Composer.module.css";
import { EMOJI } from "./emoji.ts";

export function EmojiGrid({ onPick }: { onPick: (emoji: string) => void }) {
  const say = useWords();
  const recent = usePreferences((state) => state.recentEmoji);
  const groups = [{ name: "emoji.recent" as const, all: recent }, ...EMOJI];
  return (
    <ScrollArea h={270} type="auto" viewportProps={{ tabIndex: 0, "aria-label": say("composer.emoji") }}>
      {groups.map((group) => (
        <section key={group.name} aria-label={say(group.name)}>
          <div className={styles.emojiTitle}>{say(group.name)}</div>
          <div className={styles.emojiGrid}>
            {group.all.map((emoji) => (
              <button key={emoji} type="button" onClick={() => onPick(emoji)} aria-label={emoji}>
                {emoji}
              </button>
            ))}
          </div>
        </section>
      ))}
    </ScrollArea>
  );
}
