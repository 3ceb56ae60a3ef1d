/** Marks we send: "my device has it" for every message, "I have read it" for what was on the screen. Each is sent once. */
import type { MessageView } from "@roschat/shared/protocol.ts";
import { changeChat, chatOf } from "./chats.ts";
import { keyOf, type Peer, type PeerKey, peerOf } from "./peer.ts";
import { server } from "./server.ts";

const PAUSE = 250;
const received = new Map<PeerKey, number>();
const sentWatched = new Map<PeerKey, number>();
let timer: ReturnType<typeof setTimeout> | undefined;

export function markReceived(message: MessageView): void {
  const key = keyOf(message);
  received.set(key, Math.max(received.get(key) ?? 0, message.id));
  timer ??= setTimeout(flush, PAUSE);
}

function flush(): void {
  timer = undefined;
  for (const id of received.values()) void server.call("message-received", { id }).catch(() => undefined);
  received.clear();
}

/** The message and all before it were seen. The count falls at once; the server's answer corrects it. */
export function markWatched(message: MessageView, newest: boolean): void {
  const peer: Peer = peerOf(message);
  const chat = chatOf(peer);
  const key = keyOf(peer);
  if (!chat || message.id <= Math.max(chat.watchedId ?? 0, sentWatched.get(key) ?? 0)) return;
  sentWatched.set(key, message.id);
  received.delete(key);
  if (newest) changeChat(peer, () => ({ unread: 0, mentions: 0 }));
  server
    .call("message-watched", { id: message.id })
    .then(() => changeChat(peer, (now) => ({ watchedId: Math.max(now.watchedId ?? 0, message.id) })))
    .catch(() => sentWatched.delete(key));
}

export function forgetMarks(): void {
  clearTimeout(timer);
  timer = undefined;
  received.clear();
  sentWatched.clear();
}
