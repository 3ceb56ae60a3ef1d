/** Addresses of conversations: RosChat's pair of `cidType` and `cid`, and the text key under which we keep things. */
import type { PeerKind } from "@roschat/shared/protocol.ts";

export interface Peer {
  cid: number;
  cidType: PeerKind;
}

export type PeerKey = string;

export function peerOf(thing: { cid: number; cidType?: string }): Peer {
  return { cid: thing.cid, cidType: thing.cidType === "group" ? "group" : "user" };
}

export function keyOf(thing: { cid: number; cidType?: string }): PeerKey {
  return `${thing.cidType === "group" ? "group" : "user"}:${thing.cid}`;
}

export function peerOfKey(key: PeerKey): Peer {
  const [cidType, cid] = key.split(":");
  return { cidType: cidType === "group" ? "group" : "user", cid: Number(cid) };
}
