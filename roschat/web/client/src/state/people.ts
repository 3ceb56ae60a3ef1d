/** The directory, the favourites, and who I am. */
import type { ContactView } from "@roschat/shared/protocol.ts";
import { create } from "zustand";
import { type Person, personOf } from "./person.ts";
import { server } from "./server.ts";

interface People {
  me: number;
  login: string;
  maxFileSize: number;
  byId: Record<number, Person>;
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

/** All cards at first, later those that changed. */
export async function loadDirectory(): Promise<void> {
  const { rev } = usePeople.getState();
  const cards = await server.call("get-contacts", rev ? { type: "global", rev } : { type: "global" });
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
  usePeople.setState(NOTHING);
}

export function usePerson(cid: number): Person | undefined {
  return usePeople((state) => state.byId[cid]);
}

/** A name that is always there, also for cards we may not see. */
export function nameOf(cid: number): string {
  return usePeople.getState().byId[cid]?.name ?? `#${cid}`;
}
