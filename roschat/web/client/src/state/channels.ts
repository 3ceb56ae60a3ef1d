/** Information channels of the reader and found ones, their publications and comments. */
import type { ChannelView, CommentView, PublicationView } from "@roschat/shared/protocol.ts";
import { create } from "zustand";
import { server } from "./server.ts";

export interface Feed {
  publications: PublicationView[];
  older: boolean;
  status: "loading" | "ready" | "failed";
  busy: boolean;
}

interface ChannelsState {
  /** Every channel we know, also ones only looked at. */
  byId: Record<number, ChannelView>;
  feeds: Record<number, Feed>;
  /** Comments by "chId/pubId". */
  comments: Record<string, CommentView[]>;
  gone: Record<number, true>;
}

const NOTHING: ChannelsState = { byId: {}, feeds: {}, comments: {}, gone: {} };

export const useChannels = create<ChannelsState>(() => NOTHING);

/** Whether a channel stands in the reader's own list. */
export const isMine = (channel: ChannelView): boolean => Boolean(channel.role);

export function useChannel(chId: number): ChannelView | undefined {
  return useChannels((state) => state.byId[chId]);
}

export async function loadChannels(): Promise<void> {
  const mine = await server.call("get-channels", {});
  useChannels.setState((state) => {
    const byId = Object.fromEntries(Object.entries(state.byId).filter(([, channel]) => !isMine(channel)));
    for (const channel of mine) byId[channel.chId] = channel;
    return { byId };
  });
}

export function putChannel(channel: ChannelView): void {
  useChannels.setState((state) => {
    const known = state.byId[channel.chId];
    if (known && known.rev > channel.rev) return state;
    const gone = { ...state.gone };
    delete gone[channel.chId];
    return { byId: { ...state.byId, [channel.chId]: channel }, gone };
  });
}

export function changeChannel(chId: number, change: Partial<ChannelView>): void {
  useChannels.setState((state) => {
    const known = state.byId[chId];
    return known ? { byId: { ...state.byId, [chId]: { ...known, ...change } } } : state;
  });
}

export function dropChannel(chId: number): void {
  useChannels.setState((state) => {
    const byId = { ...state.byId };
    const feeds = { ...state.feeds };
    delete byId[chId];
    delete feeds[chId];
    return { byId, feeds, gone: { ...state.gone, [chId]: true } };
  });
}

export async function fetchChannel(chId: number): Promise<void> {
  try {
    putChannel(await server.call("get-channel", { chId }));
  } catch {
    if (server.phase === "online") dropChannel(chId);
  }
}

function putFeed(chId: number, change: Partial<Feed>): void {
  useChannels.setState((state) => {
    const known = state.feeds[chId] ?? { publications: [], older: false, status: "loading", busy: false };
    return { feeds: { ...state.feeds, [chId]: { ...known, ...change } } };
  });
}

/** The newest page of a channel; what is shown stays until the answer is there. */
export async function loadFeed(chId: number): Promise<void> {
  if (!useChannels.getState().feeds[chId]) putFeed(chId, {});
  try {
    const page = await server.call("get-publications", { chId });
    putFeed(chId, { publications: alive(page.publications), older: page.older ?? false, status: "ready" });
  } catch {
    if (useChannels.getState().feeds[chId]?.status !== "ready") putFeed(chId, { status: "failed" });
  }
}

export async function loadOlderPublications(chId: number): Promise<void> {
  const feed = useChannels.getState().feeds[chId];
  const first = feed?.publications[0];
  if (!feed?.older || feed.busy || !first) return;
  putFeed(chId, { busy: true });
  try {
    const page = await server.call("get-publications", { chId, endId: first.pubId });
    const now = useChannels.getState().feeds[chId]?.publications ?? [];
    putFeed(chId, { publications: [...alive(page.publications), ...now], older: page.older ?? false, busy: false });
  } catch {
    putFeed(chId, { busy: false });
  }
}

const alive = (newestFirst: PublicationView[]) =>
  [...newestFirst].reverse().filter((publication) => !publication.deletedTime);

/** A publication is new or changed. */
export function putPublication(publication: PublicationView, isNew: boolean, me: number): void {
  const { chId } = publication;
  const feed = useChannels.getState().feeds[chId];
  if (feed?.status === "ready") {
    const rest = feed.publications.filter((known) => known.pubId !== publication.pubId);
    const known = rest.length !== feed.publications.length;
    const wanted = !publication.deletedTime && (known || isNew);
    const publications = wanted ? [...rest, publication].sort((a, b) => a.pubId - b.pubId) : rest;
    putFeed(chId, { publications });
  }
  const channel = useChannels.getState().byId[chId];
  if (!channel) return;
  if (isNew && (channel.last?.pubId ?? 0) < publication.pubId) {
    const unread = (channel.unread ?? 0) + (publication.cid === me ? 0 : 1);
    changeChannel(chId, { last: publication, unread });
  } else if (channel.last?.pubId === publication.pubId) {
    if (publication.deletedTime) void fetchChannel(chId);
    else changeChannel(chId, { last: publication });
  }
}

export function watchPublication(chId: number, pubId: number): void {
  const channel = useChannels.getState().byId[chId];
  if (!channel || !isMine(channel) || pubId <= (channel.watchedId ?? 0)) return;
  changeChannel(chId, { watchedId: pubId, unread: 0 });
  void server.call("publication-watched", { chId, pubId }).catch(() => undefined);
}

export const commentsKey = (chId: number, pubId: number) => `${chId}/${pubId}`;

export async function loadComments(chId: number, pubId: number): Promise<void> {
  let all: CommentView[] = [];
  for (;;) {
    const beginId = all.at(-1)?.id ?? 0;
    const page = await server.call("get-comments", { chId, pubId, beginId, count: 50 });
    all = [...all, ...page];
    if (page.length < 50) break;
  }
  useChannels.setState((state) => ({
    comments: { ...state.comments, [commentsKey(chId, pubId)]: all.filter((comment) => !comment.deletedTime) },
  }));
}

export function putComment(comment: CommentView): void {
  useChannels.setState((state) => {
    const key = commentsKey(comment.chId, comment.pubId);
    const known = state.comments[key];
    if (!known) return state;
    const rest = known.filter((other) => other.id !== comment.id);
    return { comments: { ...state.comments, [key]: comment.deletedTime ? rest : [...rest, comment] } };
  });
}

/** What a person pastes to show a channel to others: its name and its address. */
export function channelLink(channel: ChannelView): string {
  return `${channel.name} ${location.origin}/#/channel/${channel.chId}`;
}

export function forgetChannels(): void {
  useChannels.setState(NOTHING);
}
