/** The message that is answered: author and text; a click goes there. */
import type { MessageView } from "@roschat/shared/protocol.ts";
import { useEffect, useState } from "react";
import { keyOf, type Peer } from "../state/peer.ts";
import { nameOf, usePeople } from "../state/people.ts";
import { goChat } from "../state/place.ts";
import { server } from "../state/server.ts";
import { useWindows } from "../state/windows.ts";
import { previewOf } from "../text/preview.ts";
import { useWords } from "../words/index.ts";
import styles from "./Bubble.module.css";

const fetched = new Map<number, MessageView | "gone">();

export function useQuoted(peer: Peer, id: number): MessageView | "gone" | undefined {
  const inWindow = useWindows((state) => state[keyOf(peer)]?.messages.find((message) => message.id === id));
  const [found, setFound] = useState(() => fetched.get(id));
  const { cid, cidType } = peer;
  const here = inWindow !== undefined;
  useEffect(() => {
    if (here || !id || fetched.has(id)) return;
    server
      .call("get-messages", { cid, cidType, around: id, count: 1 })
      .then(({ messages }) => {
        const message = messages.find((it) => it.id === id && !it.deletedTime) ?? "gone";
        fetched.set(id, message);
        setFound(message);
      })
      .catch(() => undefined);
  }, [cid, cidType, id, here]);
  return inWindow ?? found;
}

export function Quote({ peer, id }: { peer: Peer; id: number }) {
  const say = useWords();
  usePeople((state) => state.byId);
  const quoted = useQuoted(peer, id);
  if (quoted === "gone")
    return (
      <span className={styles.quote}>
        <span className={styles.quoteText}>{say("message.gone")}</span>
      </span>
    );
  return (
    <button type="button" className={styles.quote} tabIndex={-1} onClick={() => goChat(peer, id)}>
      <span className={styles.quoteName}>{quoted ? nameOf(quoted.senderId ?? 0) : "…"}</span>
      <span className={styles.quoteText}>{quoted ? previewOf(quoted) : ""}</span>
    </button>
  );
}
