/** Members of groups, asked for when somebody looks or writes "@", and again when the group has changed. */
import type { MemberView } from "@roschat/shared/protocol.ts";
import { create } from "zustand";
import type { Peer } from "./peer.ts";
import { server } from "./server.ts";

const useStore = create<Record<number, MemberView[]>>(() => ({}));
const NOBODY: MemberView[] = [];

export function useMembers(peer: Peer): MemberView[] {
  return useStore((state) => (peer.cidType === "group" ? (state[peer.cid] ?? NOBODY) : NOBODY));
}

export async function loadMembers(cid: number): Promise<void> {
  useStore.setState({ [cid]: await server.call("get-group-members", { cid }) });
}
