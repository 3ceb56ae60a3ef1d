/**
 * What the role model lets me do, so that nothing is offered that the server would refuse.
 *
 * A server without the role model answers nothing, which allows everything.
 */
import type { Permission, RoleAction } from "@roschat/shared/protocol.ts";
import { useEffect } from "react";
import { create } from "zustand";
import { keyOf, type Peer } from "./peer.ts";
import { server } from "./server.ts";

type Told = Partial<Record<RoleAction, Permission>>;

interface Permissions {
  general: Told;
  byPeer: Record<string, Told>;
}

const NOTHING: Permissions = { general: {}, byPeer: {} };
const OPEN: Told = {};

export const usePermissions = create<Permissions>(() => NOTHING);

/** Ask anew, in general and for the conversations that were looked at. */
export async function loadPermissions(): Promise<void> {
  const peers = Object.keys(usePermissions.getState().byPeer);
  usePermissions.setState({ general: await ask({}) });
  await Promise.all(
    peers.map((key) => {
      const [cidType, cid] = key.split(":");
      return loadPeer({ cidType: cidType as Peer["cidType"], cid: Number(cid) });
    }),
  );
}

export function forgetPermissions(): void {
  usePermissions.setState(NOTHING);
}

/** Towards whoever is not named by a rule; with `anybody`: towards anybody at all. */
export function isAllowed(told: Told, action: RoleAction, anybody = false): boolean {
  const known = told[action];
  return known?.allowed !== false || (anybody && known.named === true);
}

/** What I may do in a conversation; asked when it is opened. */
export function usePeerPermissions(peer: Peer, online: boolean): Told {
  const { cid, cidType } = peer;
  useEffect(() => {
    if (online) void loadPeer({ cid, cidType });
  }, [cid, cidType, online]);
  return usePermissions((state) => state.byPeer[keyOf(peer)] ?? OPEN);
}

async function loadPeer(peer: Peer): Promise<void> {
  const told = await ask({ cid: peer.cid, cidType: peer.cidType });
  usePermissions.setState(({ byPeer }) => ({ byPeer: { ...byPeer, [keyOf(peer)]: told } }));
}

async function ask(request: { cid?: number; cidType?: Peer["cidType"] }): Promise<Told> {
  try {
    const { permissions } = await server.call("get-permissions", request);
    return Object.fromEntries(permissions.map((one) => [one.action, one]));
  } catch {
    return {};
  }
}
