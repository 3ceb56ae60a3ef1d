import { Kbd } from "@mantine/core";
import { type Key, useWords } from "../words/index.ts";
import styles from "./More.module.css";

const KEYS: [string, Key][] = [
  ["Ctrl K", "keys.switcher"],
  ["Ctrl F", "keys.find"],
  ["Alt ↑ / Alt ↓", "keys.next"],
  ["↑", "keys.editLast"],
  ["Enter", "keys.send"],
  ["Shift Enter", "keys.newLine"],
  ["Ctrl B / I / U / E", "keys.style"],
  ["@", "keys.mention"],
  ["/", "keys.command"],
  ["Esc", "keys.close"],
];

export function ShortcutsPage() {
  const say = useWords();
  return (
    <dl className={styles.keys}>
      {KEYS.map(([keys, key]) => (
        <div key={key} style={{ display: "contents" }}>
          <dt>
            <Kbd>{keys}</Kbd>
          </dt>
          <dd>{say(key)}</dd>
        </div>
      ))}
    </dl>
  );
}
