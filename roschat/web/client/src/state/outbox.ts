/**
 * Messages on their way out. They are shown at once, kept in IndexedDB, sent in order, and sent again with the same key
 * after a lost answer or a reload, so that nothing is lost and nothing doubles.
 */
import { RequestFailed } from "@roschat/shared/failure.ts";
import type { MessageView, Sent } from "@roschat/shared/protocol.ts";
import { createStore, delMany, set, values } from "idb-keyval";
import { create } from "zustand";
import { noteMessage } from "./chats.ts";
import { type Attachment, bodyFor } from "./media.ts";
import { newKey, type Parcel, ready, restored } from "./parcel.ts";
import { keyOf, type Peer } from "./peer.ts";
import { usePeople } from "./people.ts";
import { server } from "./server.ts";
import { cancelUpload, uploadFile } from "./uploads.ts";
import { putMessage } from "./windows.ts";

export const useOutbox = create<{ parcels: Parcel[] }>(() => ({ parcels: [] }));

const RETRY = 3_000;
const aborts = new Map<string, AbortController>();
let retry: ReturnType<typeof setTimeout> | undefined;
let shelf: ReturnType<typeof createStore> | undefined;

/** Take up what this person wrote before a reload. */
export async function openOutbox(me: number): Promise<void> {
  shelf = createStore(`roschat-outbox-${me}`, "parcels");
  const kept = await values<Parcel>(shelf).catch((): Parcel[] => []);
  useOutbox.setState(({ parcels }) => {
    const known = new Set(parcels.map((it) => it.key));
    return { parcels: [...restored(kept.filter((it) => !known.has(it.key))), ...parcels] };
  });
  pump();
}

export function closeOutbox(): void {
  clearTimeout(retry);
  for (const abort of aborts.values()) abort.abort();
  const keys = useOutbox.getState().parcels.map((it) => it.key);
  if (shelf) void delMany(keys, shelf).catch(() => undefined);
  shelf = undefined;
  useOutbox.setState({ parcels: [] });
}

export function post(peer: Peer, what: { dataType: string; data: string; replyId?: number }): void {
  add({ ...blank(peer), dataType: what.dataType, data: what.data, replyId: what.replyId ?? 0 });
}

export function postFile(peer: Peer, attachment: Attachment, replyId = 0): void {
  add({ ...blank(peer), dataType: "data", data: "", replyId, attachment });
}

const blank = (peer: Peer): Parcel => ({
  key: newKey(),
  peer,
  dataType: "text",
  data: "",
  replyId: 0,
  time: Math.floor(Date.now() / 1000),
  state: "waiting",
  error: "",
  upload: "",
  progress: 0,
});

function add(parcel: Parcel): void {
  useOutbox.setState(({ parcels }) => ({ parcels: [...parcels, parcel] }));
  keep(parcel);
  pump();
}

export function resend(key: string): void {
  change(key, { state: "waiting", error: "" });
  pump();
}

export function discard(key: string): void {
  const parcel = parcelOf(key);
  aborts.get(key)?.abort();
  if (parcel?.upload) void cancelUpload(parcel.upload);
  remove(key);
}

/** The server has it: our own event or a change told us before the ack did. */
export function delivered(key: string | undefined): void {
  if (key && parcelOf(key)) remove(key);
}

/** Send what may go. Called after every change of the queue and whenever the connection is back. */
export function pump(): void {
  if (server.phase !== "online") return;
  for (const parcel of ready(useOutbox.getState().parcels)) {
    change(parcel.key, { state: "sending" });
    void send(parcel).catch((error: unknown) => settle(parcel.key, error));
  }
}

async function send(parcel: Parcel): Promise<void> {
  const { key, peer, dataType, replyId } = parcel;
  const data = parcel.attachment && !parcel.data ? await store(parcel, parcel.attachment) : parcel.data;
  const sent = await server.call("send-message", { ...peer, dataType, data, key, ...(replyId ? { replyId } : {}) });
  if (!sent.id) throw new RequestFailed("unknown");
  settleSent({ ...parcel, data }, sent);
}

async function store(parcel: Parcel, attachment: Attachment): Promise<string> {
  const abort = new AbortController();
  aborts.set(parcel.key, abort);
  try {
    const info = await uploadFile(attachment.blob, attachment.name, {
      upload: parcel.upload,
      onBegun: (upload) => change(parcel.key, { upload }, true),
      onProgress: (progress) => change(parcel.key, { progress }),
      signal: abort.signal,
    });
    const preview = attachment.preview ? await storePreview(attachment.preview, abort.signal) : "";
    const data = JSON.stringify(bodyFor(attachment, info, preview));
    change(parcel.key, { data, upload: "" }, true);
    return data;
  } finally {
    aborts.delete(parcel.key);
  }
}

async function storePreview(preview: Blob, signal: AbortSignal): Promise<string> {
  const quiet = { upload: "", onBegun: () => undefined, onProgress: () => undefined, signal };
  const info = await uploadFile(preview, "preview.jpg", quiet);
  return info.file;
}

function settleSent(parcel: Parcel, sent: Sent): void {
  if (!parcelOf(parcel.key)) return;
  const me = usePeople.getState().me;
  const message: MessageView = {
    ...parcel.peer,
    id: sent.id,
    dataType: parcel.dataType,
    data: parcel.data,
    time: sent.time || parcel.time,
    rev: sent.rev ?? 0,
    senderId: me,
    key: parcel.key,
    ...(parcel.replyId ? { replyId: parcel.replyId } : {}),
  };
  putMessage(message);
  noteMessage(message, me);
  remove(parcel.key);
  pump();
}

function settle(key: string, error: unknown): void {
  const failed = error instanceof RequestFailed ? error : new RequestFailed("unknown", String(error));
  if (failed.code === "cancelled") return;
  if (!failed.passing) {
    change(key, { state: "failed", error: failed.code }, true);
    pump();
    return;
  }
  change(key, { state: "waiting", progress: 0 });
  clearTimeout(retry);
  retry = setTimeout(pump, RETRY);
}

function parcelOf(key: string): Parcel | undefined {
  return useOutbox.getState().parcels.find((it) => it.key === key);
}

function change(key: string, changes: Partial<Parcel>, lasting = false): void {
  useOutbox.setState(({ parcels }) => ({
    parcels: parcels.map((it) => (it.key === key ? { ...it, ...changes } : it)),
  }));
  const now = parcelOf(key);
  if (lasting && now) keep(now);
}

function remove(key: string): void {
  useOutbox.setState(({ parcels }) => ({ parcels: parcels.filter((it) => it.key !== key) }));
  if (shelf) void delMany([key], shelf).catch(() => undefined);
}

/** Private windows may refuse to store; the message then lives as long as the page. */
function keep(parcel: Parcel): void {
  if (shelf) void set(parcel.key, parcel, shelf).catch(() => undefined);
}

export const isFor = (peer: Peer) => (parcel: Parcel) => keyOf(parcel.peer) === keyOf(peer);
