import { describe, expect, it } from "vitest";
import { prepended, rowsOf } from "../src/chat/rows.ts";
import { entriesOf } from "../src/list/entries.ts";
import { newKey, type Parcel, ready, restored } from "../src/state/parcel.ts";
import { commandOf, matches, personOf } from "../src/state/person.ts";
import { formatPlace, parsePlace } from "../src/state/place.ts";
import { isQuiet } from "../src/state/preferences.ts";
import { deviceName } from "../src/state/server.ts";
import { Watermark } from "../src/state/watermark.ts";

const parcel = (key: string, more: Partial<Parcel> = {}): Parcel => ({
  key,
  peer: { cid: 1, cidType: "user" },
  dataType: "text",
  data: key,
  replyId: 0,
  time: 1,
  state: "waiting",
  error: "",
  upload: "",
  progress: 0,
  ...more,
});
const attachment = {} as NonNullable<Parcel["attachment"]>;
const keys = (parcels: Parcel[]) => parcels.map((it) => it.key);

describe("the outbox", () => {
  it("sends texts of one conversation one after the other", () => {
    const other = parcel("c", { peer: { cid: 2, cidType: "user" } });
    expect(keys(ready([parcel("a"), parcel("b"), other]))).toEqual(["a", "c"]);
    expect(keys(ready([parcel("a", { state: "sending" }), parcel("b")]))).toEqual([]);
  });
  it("lets files go beside texts and failed ones stay", () => {
    const file = parcel("f", { attachment, state: "waiting" });
    expect(keys(ready([parcel("x", { state: "failed" }), file, parcel("a")]))).toEqual(["f", "a"]);
  });
  it("takes up after a reload what was under way", () => {
    const found = restored([parcel("b", { time: 2, state: "sending" }), parcel("a")]);
    expect(found.map((it) => [it.key, it.state])).toEqual([
      ["a", "waiting"],
      ["b", "waiting"],
    ]);
  });
  it("makes keys that differ and fit the protocol", () => {
    const made = new Set(Array.from({ length: 1000 }, newKey));
    expect(made.size).toBe(1000);
    expect(Math.max(...[...made].map((key) => key.length))).toBeLessThanOrEqual(64);
  });
});

describe("rows of the history", () => {
  const message = (id: number, senderId: number, time: number, key = "") => ({
    cid: 5,
    id,
    senderId,
    time,
    key,
    dataType: "text",
    data: "x",
    rev: id,
  });
  it("joins runs of one author and divides days and unread ones", () => {
    const day = 86_400;
    const rows = rowsOf([message(1, 2, 100), message(2, 2, 160), message(3, 2, 5 * day)], [], 9, 1);
    expect(rows.map((it) => [it.day, it.unread, it.first, it.last])).toEqual([
      [true, false, true, true],
      [false, true, true, true],
      [true, false, true, true],
    ]);
  });
  it("keeps a message in its place when the server has answered", () => {
    const waiting = rowsOf([], [parcel("k")], 9, 0);
    const stored = rowsOf([message(1, 9, 1, "k")], [parcel("k")], 9, 0);
    expect(stored.map((it) => it.key)).toEqual(waiting.map((it) => it.key));
  });
  it("tells older pages from new messages", () => {
    const now = rowsOf([message(2, 1, 1)], [], 9, 0);
    expect(prepended(now, rowsOf([message(1, 1, 1), message(2, 1, 1)], [], 9, 0))).toBe(true);
    expect(prepended(now, rowsOf([message(2, 1, 1), message(3, 1, 1)], [], 9, 0))).toBe(false);
  });
});

describe("the list of conversations", () => {
  const last = (time: number) => ({ cid: 1, id: time, dataType: "text", data: "", time, rev: time });
  const chats = [
    { cid: 1, rev: 1, last: last(10), unread: 2 },
    { cid: 2, rev: 2, cidType: "group" as const, last: last(5), pinned: true },
    { cid: 3, rev: 3, last: last(99), archived: true },
  ];
  const channels = [
    { chId: 7, name: "a", rev: 1, role: "subscriber" },
    { chId: 8, name: "b", rev: 1 },
  ];
  it.each([
    ["all", ["group:2", "user:1", "channel:7"]],
    ["unread", ["user:1"]],
    ["personal", ["user:1"]],
    ["groups", ["group:2"]],
    ["channels", ["channel:7"]],
    ["archive", ["user:3"]],
  ] as const)("%s", (filter, expected) => {
    expect(entriesOf(chats, channels, filter).map((it) => it.key)).toEqual(expected);
  });
});

describe("people", () => {
  const person = personOf({
    cid: 5,
    rev: 1,
    fields: [
      { type: "surname", value: "Соловьёв" },
      { type: "name", value: "Пётр" },
      { type: "number", value: "1204" },
    ],
  });
  it("is called by surname and name", () => expect(person.name).toBe("Соловьёв Пётр"));
  it.each([
    ["соловьев", true],
    ["петр сол", true],
    ["120", true],
    ["ловь", true],
    ["иван", false],
  ])("is found by %s: %s", (query, found) => expect(matches(person, query)).toBe(found));
  it("reads commands of bots", () => {
    expect(commandOf("/help - Что я умею")).toEqual({ name: "help", hint: "Что я умею" });
    expect(commandOf("stop")).toEqual({ name: "stop", hint: "" });
  });
});

describe("places", () => {
  it.each([
    "#/chats",
    "#/chat/user/12",
    "#/chat/group/5/4711",
    "#/channel/3",
    "#/channel/3/7",
    "#/contacts/12",
    "#/more/profile",
  ])("%s comes back", (hash) => expect(formatPlace(parsePlace(hash))).toBe(hash));
  it("takes nonsense for the list", () => {
    for (const hash of ["", "#/chat/user/x", "#/chat/other/1", "#/../", "#/channel/-1"])
      expect(parsePlace(hash)).toEqual({ at: "chats" });
  });
});

describe("quiet hours", () => {
  const rules = { quiet: true, quietFrom: "22:00", quietTo: "08:00" };
  const at = (hours: number) => new Date(2026, 0, 5, hours, 30);
  it.each([
    [23, true],
    [3, true],
    [8, false],
    [12, false],
  ])("at %i:30 %s", (hour, quiet) => expect(isQuiet(rules, at(hour))).toBe(quiet));
  it("are none when switched off", () => expect(isQuiet({ ...rules, quiet: false }, at(3))).toBe(false));
});

describe("the watermark", () => {
  it("counts a revision only when it has settled", () => {
    let now = 0;
    const mark = new Watermark(() => now);
    mark.reached(5);
    mark.saw(9);
    expect(mark.rev).toBe(5);
    now = 10_000;
    expect(mark.rev).toBe(9);
  });
});

it("names devices", () => {
  const agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36";
  expect(deviceName(agent)).toBe("Chrome, Linux");
  expect(deviceName("")).toBe("Web");
});
