/**
 * Where in the program the reader is, as the address after `#`.
 *
 * `#/chats`, `#/chat/user/12`, `#/chat/group/5/4711` (at a message), `#/channel/3`, `#/channel/3/7` (at a publication),
 * `#/contacts`, `#/contacts/12`, `#/more/profile`. The browser's back button therefore works, and links can be shared.
 */
import { useSyncExternalStore } from "react";
import type { Peer } from "./peer.ts";

export type Section = "chats" | "contacts" | "more";
export type MorePage = "profile" | "appearance" | "notifications" | "sessions" | "password" | "support" | "shortcuts";

export type Place =
  | { at: "chats" }
  | { at: "chat"; peer: Peer; message: number }
  | { at: "channel"; chId: number; publication: number }
  | { at: "contacts"; cid: number }
  | { at: "more"; page: MorePage | "" };

const PAGES: readonly MorePage[] = [
  "profile",
  "appearance",
  "notifications",
  "sessions",
  "password",
  "support",
  "shortcuts",
];

export function parsePlace(hash: string): Place {
  const [head, ...rest] = hash.replace(/^#?\/?/, "").split("/");
  const number = (text: string | undefined) => (text && /^\d+$/.test(text) ? Number(text) : 0);
  if (head === "chat" && (rest[0] === "user" || rest[0] === "group") && number(rest[1]))
    return { at: "chat", peer: { cidType: rest[0], cid: number(rest[1]) }, message: number(rest[2]) };
  if (head === "channel" && number(rest[0]))
    return { at: "channel", chId: number(rest[0]), publication: number(rest[1]) };
  if (head === "contacts") return { at: "contacts", cid: number(rest[0]) };
  if (head === "more") return { at: "more", page: PAGES.find((page) => page === rest[0]) ?? "" };
  return { at: "chats" };
}

export function formatPlace(place: Place): string {
  switch (place.at) {
    case "chat":
      return `#/chat/${place.peer.cidType}/${place.peer.cid}${place.message ? `/${place.message}` : ""}`;
    case "channel":
      return `#/channel/${place.chId}${place.publication ? `/${place.publication}` : ""}`;
    case "contacts":
      return place.cid ? `#/contacts/${place.cid}` : "#/contacts";
    case "more":
      return place.page ? `#/more/${place.page}` : "#/more";
    case "chats":
      return "#/chats";
  }
}

export function sectionOf(place: Place): Section {
  if (place.at === "contacts" || place.at === "more") return place.at;
  return "chats";
}

let current: { hash: string; place: Place } | undefined;

export function currentPlace(): Place {
  const { hash } = location;
  if (current?.hash !== hash) current = { hash, place: parsePlace(hash) };
  return current.place;
}

function subscribe(listener: () => void): () => void {
  addEventListener("popstate", listener);
  addEventListener("hashchange", listener);
  return () => {
    removeEventListener("popstate", listener);
    removeEventListener("hashchange", listener);
  };
}

export function usePlace(): Place {
  return useSyncExternalStore(subscribe, currentPlace);
}

export function go(place: Place): void {
  location.hash = formatPlace(place);
}

/** Change the address without a step in the browser's history. */
export function replacePlace(place: Place): void {
  history.replaceState(history.state, "", formatPlace(place));
  dispatchEvent(new PopStateEvent("popstate"));
}

export const goChat = (peer: Peer, message = 0) => go({ at: "chat", peer, message });
export const goChannel = (chId: number, publication = 0) => go({ at: "channel", chId, publication });
export const goPerson = (cid: number) => goChat({ cidType: "user", cid });
