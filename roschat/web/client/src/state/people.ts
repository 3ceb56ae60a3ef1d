/** The directory, the favourites, and who I am. */
import type { ContactView } from "@roschat/shared/protocol.ts";
import { useEffect } from "react";
import { create } from "zustand";
import { type Person, personOf } from "./person.ts";
import { server } from "./server.ts";

interface People {
  me: number;
  login: string;
  maxFileSize: number;
  byId: Record<number, Person>;
  /** Those who are not in my directory and write in my conversations: known by name. */
  byName: Record<number, Person>;
  favorites: number[];
  /** Every card changed up to here has surely come; single events do not move it. */
  rev: number;
  loaded: boolean;
}

const NOTHING: People = {
  me: 0,
  login: "",
  maxFileSize: 50 * 1024 * 1024,
  byId: {},
  byName: {},
  favorites: [],
  rev: 0,
  loaded: false,
};

export const usePeople = create<People>(() => NOTHING);

export async function loadPeople(): Promise<void> {
  const [info, favorites] = await Promise.all([
    server.call("get-user-info", {}),
    server.call("get-favorites", {}),
    loadDirectory(),
  ]);
  usePeople.setState({ me: info.cid, login: info.login, maxFileSize: info.maxFileSize, favorites, loaded: true });
}

/** All cards at first, later those that changed; all of them `anew` when others are shown to me than before. */
export async function loadDirectory(anew = false): Promise<void> {
  const rev = anew ? 0 : usePeople.getState().rev;
  const cards = await server.call("get-contacts", rev ? { type: "global", rev } : { type: "global" });
  if (anew) {
    asked.clear();
    usePeople.setState({ byId: {}, byName: {} });
  }
  putPeople(cards);
  usePeople.setState((state) => ({ rev: cards.reduce((newest, card) => Math.max(newest, card.rev), state.rev) }));
}

export function putPeople(views: ContactView[]): void {
  usePeople.setState((state) => {
    const byId = { ...state.byId };
    for (const view of views) {
      const known = byId[view.cid];
      if (known && known.rev > view.rev) continue;
      byId[view.cid] = personOf(view);
    }
    return { byId };
  });
}

export async function setFavorite(cid: number, favorite: boolean): Promise<void> {
  usePeople.setState(({ favorites }) => ({
    favorites: favorite ? [...favorites.filter((id) => id !== cid), cid] : favorites.filter((id) => id !== cid),
  }));
  await server.call("set-favorite", { cid, favorite });
}

export function forgetPeople(): void {
  asked.clear();
  usePeople.setState(NOTHING);
}

export function usePerson(cid: number): Person | undefined {
  const person = usePeople((state) => state.byId[cid] ?? state.byName[cid]);
  const wanted = usePeople((state) => state.loaded) && !person;
  useEffect(() => {
    if (wanted) void askName(cid);
  }, [cid, wanted]);
  return person;
}

const asked = new Set<number>();
let waiting: Promise<void> | undefined;

/** The name of somebody who is not in my directory; those wanted at the same moment are asked together. */
async function askName(cid: number): Promise<void> {
  if (cid <= 0 || asked.has(cid)) return;
  asked.add(cid);
  waiting ??= Promise.resolve().then(async () => {
    waiting = undefined;
    const { byId, byName } = usePeople.getState();
    const cids = [...asked].filter((one) => !byId[one] && !byName[one]);
    const cards = await server.call("get-contacts", { type: "global", cids }).catch(() => []);
    usePeople.setState((state) => ({
      byName: { ...state.byName, ...Object.fromEntries(cards.map((card) => [card.cid, personOf(card)])) },
    }));
  });
  await waiting;
}

/** A name that is always there, also for cards we may not see. */
export function nameOf(cid: number): string {
  const { byId, byName } = usePeople.getState();
  return (byId[cid] ?? byName[cid])?.name ?? `#${cid}`;
}
