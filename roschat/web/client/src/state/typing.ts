/** Who is writing where. A notice holds for a few seconds; ours is sent not oftener than that. */
import { create } from "zustand";
import { keyOf, type Peer, type PeerKey } from "./peer.ts";
import { server } from "./server.ts";

const HOLDS = 5_000;
const REPEAT = 3_500;

export const useTyping = create<Record<PeerKey, number[]>>(() => ({}));
const NOBODY: number[] = [];

export function useTypists(peer: Peer): number[] {
  return useTyping((state) => state[keyOf(peer)] ?? NOBODY);
}

const ends = new Map<string, ReturnType<typeof setTimeout>>();

export function noteTyping(peer: Peer, cid: number): void {
  const key = keyOf(peer);
  const id = `${key}/${cid}`;
  clearTimeout(ends.get(id));
  ends.set(
    id,
    setTimeout(() => endTyping(peer, cid), HOLDS),
  );
  useTyping.setState((state) => {
    const now = state[key] ?? NOBODY;
    return now.includes(cid) ? state : { [key]: [...now, cid] };
  });
}

export function endTyping(peer: Peer, cid: number): void {
  const key = keyOf(peer);
  clearTimeout(ends.get(`${key}/${cid}`));
  ends.delete(`${key}/${cid}`);
  useTyping.setState((state) => {
    const now = state[key];
    return now?.includes(cid) ? { [key]: now.filter((known) => known !== cid) } : state;
  });
}

let told: { key: PeerKey; time: number } = { key: "", time: 0 };

export function tellTyping(peer: Peer): void {
  const now = Date.now();
  if (told.key === keyOf(peer) && now - told.time < REPEAT) return;
  told = { key: keyOf(peer), time: now };
  const notice = { ...peer, dataType: "unstored", data: '{"type":"message-writing"}' };
  void server.call("send-message", notice).catch(() => undefined);
}
