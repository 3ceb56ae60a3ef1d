import type { ChatView, MessageView } from "@roschat/shared/protocol.ts";
import { IconPinnedOff } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { peerOf } from "../state/peer.ts";
import { goChat } from "../state/place.ts";
import { server } from "../state/server.ts";
import { messageOf } from "../state/windows.ts";
import { previewOf } from "../text/preview.ts";
import { Action } from "../ui/Action.tsx";
import { attempt } from "../ui/attempt.ts";
import { useWords } from "../words/index.ts";
import styles from "./ChatScreen.module.css";

export function PinnedBar({ chat }: { chat: ChatView }) {
  const say = useWords();
  const message = usePinned(chat);
  if (!chat.pinnedId || !message) return null;
  const peer = peerOf(chat);
  const mayUnpin = chat.cidType !== "group" || chat.role === "owner" || chat.role === "admin";
  return (
    <div className={styles.pinned}>
      <button type="button" className={styles.pinnedText} onClick={() => goChat(peer, message.id)}>
        <b>{say("pinned.title")}</b>
        <span className="clip">{previewOf(message)}</span>
      </button>
      {mayUnpin && (
        <Action
          label={say("message.unpin")}
          icon={<IconPinnedOff size={19} />}
          onClick={() => void attempt(() => server.call("pin-message", { ...peer, id: 0 }))}
        />
      )}
    </div>
  );
}

/** The pinned message, from the window or asked for alone. */
function usePinned(chat: ChatView): MessageView | undefined {
  const [message, setMessage] = useState<MessageView>();
  const { cid, cidType, pinnedId = 0 } = chat;
  useEffect(() => {
    setMessage(undefined);
    if (!pinnedId) return undefined;
    let wanted = true;
    const peer = peerOf({ cid, cidType: cidType ?? "user" });
    const known = messageOf(peer, pinnedId);
    if (known) setMessage(known);
    else
      server
        .call("get-messages", { ...peer, around: pinnedId, count: 1 })
        .then(({ messages }) => wanted && setMessage(messages.find((it) => it.id === pinnedId && !it.deletedTime)))
        .catch(() => undefined);
    return () => {
      wanted = false;
    };
  }, [cid, cidType, pinnedId]);
  return message;
}
