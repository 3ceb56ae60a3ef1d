/** A window of messages as rows of the history: what stands above each message and how it joins its neighbours. */
import type { MessageView } from "@roschat/shared/protocol.ts";
import type { Parcel } from "../state/parcel.ts";
import { bodyOf } from "../text/body.ts";
import { dayKey } from "../text/time.ts";

export interface Row {
  key: string;
  message: MessageView | undefined;
  parcel: Parcel | undefined;
  time: number;
  sender: number;
  system: boolean;
  /** A new day begins here. */
  day: boolean;
  /** "Unread messages" stands above. */
  unread: boolean;
  /** First and last of a run of messages by one author. */
  first: boolean;
  last: boolean;
}

const RUN = 5 * 60;

export function rowsOf(messages: MessageView[], parcels: Parcel[], me: number, unreadAfter: number): Row[] {
  const rows: Row[] = [];
  const sent = new Set(messages.map((message) => message.key).filter(Boolean));
  for (const message of messages) rows.push(messageRow(message));
  for (const parcel of parcels) if (!sent.has(parcel.key)) rows.push(parcelRow(parcel, me));
  let divided = unreadAfter <= 0;
  rows.forEach((row, i) => {
    const before = rows[i - 1];
    row.day = !before || dayKey(before.time) !== dayKey(row.time);
    if (!divided && row.message && row.message.id > unreadAfter && row.sender !== me) {
      row.unread = true;
      divided = true;
    }
    row.first = !before || row.day || row.unread || !joined(before, row);
    if (before) before.last = row.first;
  });
  return rows;
}

/** The same key before and after the server has answered, so that a message keeps its place on the screen. */
function messageRow(message: MessageView): Row {
  const system = message.dataType === "system" || bodyOf(message).type === "system";
  return {
    ...blank,
    key: message.key || String(message.id),
    message,
    time: message.time,
    sender: message.senderId ?? 0,
    system,
  };
}

function parcelRow(parcel: Parcel, me: number): Row {
  return { ...blank, key: parcel.key, parcel, time: parcel.time, sender: me };
}

const blank: Row = {
  key: "",
  message: undefined,
  parcel: undefined,
  time: 0,
  sender: 0,
  system: false,
  day: false,
  unread: false,
  first: true,
  last: true,
};

function joined(before: Row, row: Row): boolean {
  return !before.system && !row.system && before.sender === row.sender && row.time - before.time < RUN;
}

/** Whether rows were put before the ones that stood there: then the list keeps its place from the end. */
export function prepended(before: Row[], now: Row[]): boolean {
  const first = before[0];
  if (!first || now.length <= before.length || now[0]?.key === first.key) return false;
  return now.some((row) => row.key === first.key);
}
