/** Messages that wait for their time. */
import type { Scheduled } from "@roschat/shared/protocol.ts";
import { create } from "zustand";
import { server } from "./server.ts";

export const useScheduled = create<{ all: Scheduled[]; loaded: boolean }>(() => ({ all: [], loaded: false }));

export async function loadScheduled(): Promise<void> {
  const all = await server.call("get-scheduled-messages", {});
  useScheduled.setState({ all, loaded: true });
}

export async function dropScheduled(id: number): Promise<void> {
  await server.call("delete-scheduled-message", { id });
  useScheduled.setState(({ all }) => ({ all: all.filter((it) => it.id !== id) }));
}
