/** The conversation list as one order of chats and channels, and the rules of its filters. */
import type { ChannelView, ChatView } from "@roschat/shared/protocol.ts";
import { keyOf } from "../state/peer.ts";

export type Filter = "all" | "unread" | "personal" | "groups" | "channels" | "archive";
export const FILTERS: readonly Filter[] = ["all", "unread", "personal", "groups", "channels", "archive"];

export type Entry =
  | { kind: "chat"; key: string; chat: ChatView; time: number; pinned: boolean }
  | { kind: "channel"; key: string; channel: ChannelView; time: number; pinned: boolean };

export function entriesOf(chats: ChatView[], channels: ChannelView[], filter: Filter): Entry[] {
  const entries: Entry[] = [];
  for (const chat of chats) {
    if (!chatFits(chat, filter)) continue;
    const time = Math.max(chat.last?.time ?? 0, chat.draft?.time ?? 0);
    entries.push({ kind: "chat", key: keyOf(chat), chat, time, pinned: chat.pinned ?? false });
  }
  for (const channel of channels) {
    if (!channel.role || !channelFits(channel, filter)) continue;
    const time = channel.last?.time ?? 0;
    entries.push({ kind: "channel", key: `channel:${channel.chId}`, channel, time, pinned: channel.pinned ?? false });
  }
  return entries.sort((a, b) => Number(b.pinned) - Number(a.pinned) || b.time - a.time || revOf(b) - revOf(a));
}

const revOf = (entry: Entry) => (entry.kind === "chat" ? entry.chat.rev : entry.channel.rev);

function chatFits(chat: ChatView, filter: Filter): boolean {
  if (filter === "archive") return chat.archived ?? false;
  if (chat.archived) return false;
  if (filter === "unread") return (chat.unread ?? 0) > 0;
  if (filter === "personal") return chat.cidType !== "group";
  if (filter === "groups") return chat.cidType === "group";
  return filter === "all";
}

function channelFits(channel: ChannelView, filter: Filter): boolean {
  if (filter === "unread") return (channel.unread ?? 0) > 0;
  return filter === "all" || filter === "channels";
}
