/** A message on its way out, and the pure rules of the queue. */
import type { Attachment } from "./media.ts";
import type { Peer } from "./peer.ts";

export interface Parcel {
  /** The client's own key: the server stores a parcel once, however often it is sent. */
  key: string;
  peer: Peer;
  dataType: string;
  data: string;
  replyId: number;
  /** When it was written, Unix seconds. */
  time: number;
  state: "waiting" | "sending" | "failed";
  error: string;
  attachment?: Attachment;
  /** A resumable upload that was begun, and how far it is. */
  upload: string;
  progress: number;
}

/** Parcels that may go now: texts of a conversation one after the other, files beside them. */
export function ready(parcels: Parcel[]): Parcel[] {
  const busy = new Set(parcels.filter((it) => it.state === "sending" && !it.attachment).map((it) => lane(it)));
  const result: Parcel[] = [];
  for (const parcel of parcels) {
    if (parcel.state !== "waiting") continue;
    if (parcel.attachment) {
      result.push(parcel);
    } else if (!busy.has(lane(parcel))) {
      busy.add(lane(parcel));
      result.push(parcel);
    }
  }
  return result;
}

const lane = (parcel: Parcel) => `${parcel.peer.cidType}:${parcel.peer.cid}`;

/** What a reload finds: nothing is under way any more. */
export function restored(parcels: Parcel[]): Parcel[] {
  return parcels
    .map((it): Parcel => (it.state === "sending" ? { ...it, state: "waiting", progress: 0 } : it))
    .sort((a, b) => a.time - b.time || (a.key < b.key ? -1 : 1));
}

let counter = 0;

/** A key that sorts by the moment it was made. */
export function newKey(): string {
  counter = (counter + 1) % 1_000_000;
  const random = crypto.getRandomValues(new Uint32Array(2));
  return [
    Date.now().toString(36),
    counter.toString(36).padStart(4, "0"),
    random[0]?.toString(36),
    random[1]?.toString(36),
  ].join("-");
}
