/** What stands in the composer of each conversation: text, the quoted message, the message being edited. */
import type { ChatView, MessageView } from "@roschat/shared/protocol.ts";
import { create } from "zustand";
import { bodyOf } from "../text/body.ts";
import { toMarkdown } from "../text/markdown.ts";
import { changeChat } from "./chats.ts";
import { keyOf, type Peer, type PeerKey, peerOf } from "./peer.ts";
import { server } from "./server.ts";

export interface Writing {
  text: string;
  replyId: number;
  /** Id of the message being edited, 0 = a new one. */
  editing: number;
  /** What was being written before an edit began. */
  before: string;
  /** Changed here and not told to the server yet; then the server's draft must not replace it. */
  dirty: boolean;
}

const EMPTY: Writing = { text: "", replyId: 0, editing: 0, before: "", dirty: false };
const PAUSE = 800;

export const useCompose = create<Record<PeerKey, Writing>>(() => ({}));

export function useWriting(peer: Peer): Writing {
  return useCompose((state) => state[keyOf(peer)] ?? EMPTY);
}

export function writingOf(peer: Peer): Writing {
  return useCompose.getState()[keyOf(peer)] ?? EMPTY;
}

const timers = new Map<PeerKey, ReturnType<typeof setTimeout>>();

export function write(peer: Peer, changes: Partial<Writing>): void {
  const now = { ...writingOf(peer), ...changes };
  if (now.editing) {
    useCompose.setState({ [keyOf(peer)]: now });
    return;
  }
  useCompose.setState({ [keyOf(peer)]: { ...now, dirty: true } });
  const key = keyOf(peer);
  clearTimeout(timers.get(key));
  timers.set(
    key,
    setTimeout(() => void keepDraft(peer), PAUSE),
  );
}

async function keepDraft(peer: Peer): Promise<void> {
  const { text, replyId, editing } = writingOf(peer);
  if (editing) return;
  try {
    await server.call("set-draft", { ...peer, text, replyId });
    const now = writingOf(peer);
    if (now.text === text && now.replyId === replyId) useCompose.setState({ [keyOf(peer)]: { ...now, dirty: false } });
    changeChat(peer, () => ({
      draft: text || replyId ? { text, replyId, time: Math.floor(Date.now() / 1000) } : undefined,
    }));
  } catch {
    // The text stays here and goes with the next change or the next connection.
  }
}

/** The composer was sent: forget its text here and the draft everywhere. */
export function clearWriting(peer: Peer): void {
  const had = Boolean(writingOf(peer).text);
  useCompose.setState({ [keyOf(peer)]: EMPTY });
  if (had) write(peer, {});
}

/** A draft from another device of the same person. */
export function takeDraft(chat: ChatView): void {
  const peer = peerOf(chat);
  const now = writingOf(peer);
  if (now.dirty || now.editing) return;
  const text = chat.draft?.text ?? "";
  const replyId = chat.draft?.replyId ?? 0;
  if (text !== now.text || replyId !== now.replyId) useCompose.setState({ [keyOf(peer)]: { ...EMPTY, text, replyId } });
}

export function keepDirtyDrafts(): void {
  for (const [key, writing] of Object.entries(useCompose.getState()))
    if (writing.dirty && !writing.editing) {
      const [cidType, cid] = key.split(":");
      void keepDraft({ cidType: cidType === "group" ? "group" : "user", cid: Number(cid) });
    }
}

export function startEdit(peer: Peer, message: MessageView): void {
  const body = bodyOf(message);
  if (body.type !== "text") return;
  const now = writingOf(peer);
  const text = toMarkdown(body.text, body.entities).replace(/@\[\d+:([^\]\n]+)\]/gu, "@$1");
  const before = now.editing ? now.before : now.text;
  useCompose.setState({ [keyOf(peer)]: { ...now, text, editing: message.id, before } });
}

export function endEdit(peer: Peer): void {
  const now = writingOf(peer);
  useCompose.setState({ [keyOf(peer)]: { ...EMPTY, text: now.before } });
}

export function forgetCompose(): void {
  for (const timer of timers.values()) clearTimeout(timer);
  timers.clear();
  useCompose.setState({}, true);
}
