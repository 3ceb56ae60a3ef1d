/** Windows on conversations: what of their history is loaded, and loading more of it both ways. */
import type { History, MessageView } from "@roschat/shared/protocol.ts";
import { create } from "zustand";
import { EMPTY, type Page, pageOf, withMessage, withNewer, withOlder, withoutPast } from "./pages.ts";
import { keyOf, type Peer, type PeerKey } from "./peer.ts";
import { server } from "./server.ts";

export interface Window extends Page {
  status: "loading" | "ready" | "failed";
  busy: "" | "older" | "newer";
}

export const PAGE = 50;
const NOT_LOADED: Window = { ...EMPTY, status: "loading", busy: "" };

export const useWindows = create<Record<PeerKey, Window>>(() => ({}));

export function useWindow(peer: Peer): Window {
  return useWindows((state) => state[keyOf(peer)] ?? NOT_LOADED);
}

function windowOf(peer: Peer): Window | undefined {
  return useWindows.getState()[keyOf(peer)];
}

function put(peer: Peer, change: Partial<Window>): void {
  const key = keyOf(peer);
  useWindows.setState((state) => ({ [key]: { ...(state[key] ?? NOT_LOADED), ...change } }));
}

/** Messages that came while a page was on its way: the page may have been read before them. */
const early = new Map<PeerKey, MessageView[]>();

/** Load the newest page, or the page around a message. A window that is there already stays when it serves. */
export async function openWindow(peer: Peer, around = 0, fresh = false): Promise<void> {
  const known = windowOf(peer);
  if (known?.status === "ready" && !fresh) {
    const serves = around ? known.messages.some((message) => message.id === around) : !known.newer;
    if (serves) return;
  }
  if (!known) put(peer, { status: "loading" });
  early.set(keyOf(peer), []);
  try {
    const history = await server.call("get-messages", around ? { ...peer, around, count: PAGE } : peer);
    const page = (early.get(keyOf(peer)) ?? []).reduce(withMessage, pageOf(history));
    put(peer, { ...page, status: "ready", busy: "" });
  } catch {
    if (windowOf(peer)?.status !== "ready") put(peer, { status: "failed" });
  } finally {
    early.delete(keyOf(peer));
  }
}

export async function loadOlder(peer: Peer): Promise<void> {
  const known = windowOf(peer);
  const first = known?.messages[0];
  if (!known || !first || !known.older || known.busy) return;
  await grow(peer, "older", { endId: first.id }, withOlder);
}

export async function loadNewer(peer: Peer): Promise<void> {
  const known = windowOf(peer);
  const last = known?.messages.at(-1);
  if (!known || !last || !known.newer || known.busy) return;
  await grow(peer, "newer", { beginId: last.id }, withNewer);
}

async function grow(
  peer: Peer,
  busy: "older" | "newer",
  bound: { endId?: number; beginId?: number },
  merge: (page: Page, history: History) => Page,
): Promise<void> {
  put(peer, { busy });
  try {
    const history = await server.call("get-messages", { ...peer, ...bound, count: PAGE });
    const now = windowOf(peer);
    if (now) put(peer, { ...merge(now, history), busy: "" });
  } catch {
    put(peer, { busy: "" });
  }
}

/** A message came or changed. */
export function putMessage(message: MessageView): void {
  const peer: Peer = { cid: message.cid, cidType: message.cidType === "group" ? "group" : "user" };
  early.get(keyOf(peer))?.push(message);
  const known = windowOf(peer);
  if (known?.status !== "ready") return;
  const page = withMessage(known, message);
  if (page !== known) put(peer, page);
}

/** The reader deleted the conversation up to a message. */
export function hideMessages(peer: Peer, upTo: number): void {
  const known = windowOf(peer);
  if (known?.status === "ready") put(peer, withoutPast(known, upTo));
}

/** The conversation went on without us: what is loaded may have holes. */
export function rereadWindow(peer: Peer): void {
  if (windowOf(peer)?.status === "ready") void openWindow(peer, 0, true);
}

export function messageOf(peer: Peer, id: number): MessageView | undefined {
  return windowOf(peer)?.messages.find((message) => message.id === id);
}

export function dropWindow(peer: Peer): void {
  useWindows.setState((state) => {
    const { [keyOf(peer)]: _gone, ...rest } = state;
    return rest;
  }, true);
}

export function dropWindows(): void {
  useWindows.setState({}, true);
}
