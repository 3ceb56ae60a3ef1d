/** Presence of the people on the screen: components say whom they show, the server is asked for exactly those. */
import type { PresenceView } from "@roschat/shared/protocol.ts";
import { useEffect } from "react";
import { create } from "zustand";
import { server } from "./server.ts";

export const usePresences = create<Record<number, PresenceView>>(() => ({}));

const shown = new Map<number, number>();
let asked = "";
let timer: ReturnType<typeof setTimeout> | undefined;

/** The presence of one person, looked at as long as the component is there. */
export function usePresence(cid: number): PresenceView | undefined {
  useEffect(() => {
    if (!cid) return undefined;
    look(cid, 1);
    return () => look(cid, -1);
  }, [cid]);
  return usePresences((state) => state[cid]);
}

function look(cid: number, by: number): void {
  const count = (shown.get(cid) ?? 0) + by;
  if (count > 0) shown.set(cid, count);
  else shown.delete(cid);
  if (!timer) timer = setTimeout(ask, 200);
}

async function ask(): Promise<void> {
  timer = undefined;
  const cids = [...shown.keys()].sort((a, b) => a - b);
  const wanted = cids.join();
  if (wanted === asked || server.phase !== "online") return;
  asked = wanted;
  try {
    putPresences(await server.call("watch-presence", { cids }));
  } catch {
    asked = "";
  }
}

export function putPresences(changes: PresenceView[]): void {
  usePresences.setState(Object.fromEntries(changes.map((view) => [view.cid, view])));
}

/** A new socket looks at nobody until told. */
export function lookAgain(): void {
  asked = "";
  if (!timer) timer = setTimeout(ask, 0);
}

const AWAY_AFTER = 5 * 60_000;

/** Tell away when nobody touches the page for a while, and online when somebody does. */
export function tellPresence(): () => void {
  let status = "online";
  let idle: ReturnType<typeof setTimeout> | undefined;
  const tell = (next: string) => {
    if (next === status) return;
    status = next;
    void server.call("set-contact-status", { status }).catch(() => undefined);
  };
  const active = () => {
    clearTimeout(idle);
    idle = setTimeout(() => tell("away"), AWAY_AFTER);
    tell("online");
  };
  const names = ["pointerdown", "keydown", "focus"] as const;
  for (const name of names) addEventListener(name, active, { passive: true });
  active();
  return () => {
    clearTimeout(idle);
    for (const name of names) removeEventListener(name, active);
  };
}
