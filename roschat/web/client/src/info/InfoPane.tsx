/** The pane with facts on the right; over the conversation when there is no room beside it. */
import { IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Action } from "../ui/Action.tsx";
import { useWords } from "../words/index.ts";
import styles from "./Info.module.css";

export function InfoPane({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  const say = useWords();
  return (
    <aside className={styles.pane} aria-label={say("info.label")}>
      <div className={styles.close}>
        <Action label={say("common.close")} icon={<IconX size={20} />} onClick={onClose} />
      </div>
      {children}
    </aside>
  );
}
