/** Above the field: the message that is answered or changed. */
import { IconArrowBackUp, IconPencil, IconX } from "@tabler/icons-react";
import { useQuoted } from "../bubble/Quote.tsx";
import { endEdit, type Writing, write } from "../state/compose.ts";
import type { Peer } from "../state/peer.ts";
import { nameOf } from "../state/people.ts";
import { previewOf } from "../text/preview.ts";
import { Action } from "../ui/Action.tsx";
import { useWords } from "../words/index.ts";
import styles from "./Composer.module.css";

export function ContextBar({ peer, writing }: { peer: Peer; writing: Writing }) {
  const say = useWords();
  const id = writing.editing || writing.replyId;
  const message = useQuoted(peer, id);
  if (!id) return null;
  const Icon = writing.editing ? IconPencil : IconArrowBackUp;
  const author = message && message !== "gone" ? nameOf(message.senderId ?? 0) : "";
  return (
    <div className={styles.bar} data-testid="context-bar">
      <Icon size={20} color="var(--accent)" aria-hidden="true" />
      <span className={styles.barText}>
        <b>{writing.editing ? say("composer.editing") : author}</b>
        <span className="clip">{message === "gone" ? say("message.gone") : message ? previewOf(message) : ""}</span>
      </span>
      <Action
        label={say("common.cancel")}
        icon={<IconX size={18} />}
        size={30}
        onClick={() => (writing.editing ? endEdit(peer) : write(peer, { replyId: 0 }))}
      />
    </div>
  );
}
