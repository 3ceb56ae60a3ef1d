/**
 * The reader's conversations as the server last told them.
 *
 * Each view has the revision of its last change; an older view never replaces a newer one, so answers and events may
 * come in any order. Unread counts are the server's: between its words a new message adds one.
 */
import type { ChatView, MessageMarksEvent, MessageView } from "@roschat/shared/protocol.ts";
import { create } from "zustand";
import { keyOf, type Peer, type PeerKey, peerOf } from "./peer.ts";
import { server } from "./server.ts";
import { dropWindow, hideMessages, rereadWindow } from "./windows.ts";

interface ChatsState {
  byKey: Record<PeerKey, ChatView>;
  rev: number;
  loaded: boolean;
}

const NOTHING: ChatsState = { byKey: {}, rev: 0, loaded: false };

export const useChats = create<ChatsState>(() => NOTHING);

export function useChat(peer: Peer): ChatView | undefined {
  return useChats((state) => state.byKey[keyOf(peer)]);
}

export function chatOf(peer: Peer): ChatView | undefined {
  return useChats.getState().byKey[keyOf(peer)];
}

/** The whole list at first, later what changed. */
export async function loadChats(): Promise<void> {
  const { rev, loaded } = useChats.getState();
  const answer = loaded ? await server.call("get-chats-changes", { minRev: rev }) : await server.call("get-chats", {});
  const { byKey: before } = useChats.getState();
  useChats.setState((state) => {
    const byKey = { ...state.byKey };
    for (const view of answer.chats) byKey[keyOf(view)] = view;
    for (const [cidType, cid] of answer.removed ?? []) delete byKey[keyOf({ cidType, cid })];
    return { byKey, rev: Math.max(state.rev, answer.rev), loaded: true };
  });
  for (const view of answer.chats) followHistory(before[keyOf(view)], view);
  for (const [cidType, cid] of answer.removed ?? []) dropWindow({ cidType, cid });
}

/** What a new view of a conversation means for the messages that are loaded. */
function followHistory(before: ChatView | undefined, now: ChatView): void {
  const peer = peerOf(now);
  const cameBack = !before || (before.role === "left" && now.role !== "left");
  if (now.hiddenId && now.hiddenId > (before?.hiddenId ?? 0)) hideMessages(peer, now.hiddenId);
  if (cameBack) rereadWindow(peer);
}

export function putChat(view: ChatView): void {
  const key = keyOf(view);
  const known = useChats.getState().byKey[key];
  if (known && known.rev > view.rev) return;
  useChats.setState((state) => ({ byKey: { ...state.byKey, [key]: withNewerLast(known, view) } }));
  followHistory(known, view);
}

/** A message may overtake the view of its conversation: then the view's own last one and counts are those of before. */
function withNewerLast(known: ChatView | undefined, view: ChatView): ChatView {
  if (!known?.last || !view.last || known.last.id <= view.last.id || known.last.id <= (view.hiddenId ?? 0)) return view;
  return { ...view, last: known.last, unread: known.unread ?? 0, mentions: known.mentions ?? 0 };
}

export function changeChat(peer: Peer, change: (chat: ChatView) => Partial<ChatView>): void {
  useChats.setState((state) => {
    const key = keyOf(peer);
    const known = state.byKey[key];
    return known ? { byKey: { ...state.byKey, [key]: { ...known, ...change(known) } } } : state;
  });
}

export function dropChat(peer: Peer): void {
  useChats.setState((state) => {
    const byKey = { ...state.byKey };
    delete byKey[keyOf(peer)];
    return { byKey };
  });
}

/** Ask for a conversation that is not in the list yet. */
export async function fetchChat(peer: Peer): Promise<ChatView> {
  const view = await server.call("get-chat", peer);
  putChat(view);
  return view;
}

/** A new message came: it is the last one now, and unread unless it is our own. */
export function noteMessage(message: MessageView, me: number): void {
  const known = chatOf(peerOf(message));
  if (!known) {
    void fetchChat(peerOf(message)).catch(() => undefined);
    return;
  }
  if (known.last && known.last.id >= message.id) return;
  const foreign = message.senderId !== me && message.id > (known.watchedId ?? 0);
  changeChat(peerOf(message), (chat) => ({
    last: message,
    unread: (chat.unread ?? 0) + (foreign ? 1 : 0),
    mentions: (chat.mentions ?? 0) + (foreign && message.mentioned ? 1 : 0),
  }));
}

/** A message changed: the list shows the last one, and a deleted last one needs asking what stands before it. */
export function noteChange(message: MessageView): void {
  const peer = peerOf(message);
  if (chatOf(peer)?.last?.id !== message.id) return;
  if (message.deletedTime) void fetchChat(peer).catch(() => undefined);
  else changeChat(peer, () => ({ last: message }));
}

export function noteMarks(marks: MessageMarksEvent, me: number): void {
  const received = marks.receivedId ?? 0;
  const watched = marks.watchedId ?? 0;
  changeChat(peerOf(marks), (chat) => {
    if (marks.reader !== me)
      return {
        peerReceivedId: Math.max(chat.peerReceivedId ?? 0, received, watched),
        peerWatchedId: Math.max(chat.peerWatchedId ?? 0, watched),
      };
    if (watched < (chat.watchedId ?? 0)) return {};
    const unread = marks.unread ?? -1;
    return {
      watchedId: Math.max(chat.watchedId ?? 0, watched),
      unread: unread >= 0 ? unread : chat.unread,
      mentions: unread === 0 ? 0 : chat.mentions,
    };
  });
}

export async function setOptions(
  peer: Peer,
  options: { pinned?: boolean; archived?: boolean; mutedUntil?: number },
): Promise<void> {
  changeChat(peer, () => options);
  await server.call("set-chat-options", { ...peer, ...options });
}

export async function deleteConversation(peer: Peer): Promise<void> {
  await server.call("delete-conversation", peer);
  dropChat(peer);
}

export function forgetChats(): void {
  useChats.setState(NOTHING);
}
