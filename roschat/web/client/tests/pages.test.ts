import type { MessageView } from "@roschat/shared/protocol.ts";
import { describe, expect, it } from "vitest";
import { EMPTY, type Page, pageOf, withMessage, withNewer, withOlder, withoutPast } from "../src/state/pages.ts";

const message = (id: number, more: Partial<MessageView> = {}): MessageView => ({
  cid: 1,
  id,
  dataType: "text",
  data: `m${id}`,
  time: id,
  rev: id,
  ...more,
});
const ids = (page: Page) => page.messages.map((it) => it.id);

describe("a window on a conversation", () => {
  it("turns a page of the server around", () => {
    const page = pageOf({ messages: [message(3), message(2)], older: true });
    expect(ids(page)).toEqual([2, 3]);
    expect(page).toMatchObject({ older: true, newer: false });
  });

  it("grows at both ends without doubles", () => {
    const page = pageOf({ messages: [message(5), message(4)], older: true, newer: true });
    const grown = withNewer(withOlder(page, { messages: [message(4), message(3)] }), { messages: [message(6)] });
    expect(ids(grown)).toEqual([3, 4, 5, 6]);
    expect(grown).toMatchObject({ older: false, newer: false });
  });

  it("forgets the past that its reader deleted, and has nothing before it then", () => {
    const page = pageOf({ messages: [message(5), message(4), message(3)], older: true });
    expect(withoutPast(page, 4)).toMatchObject({ messages: [{ id: 5 }], older: false });
    expect(withoutPast(page, 2)).toBe(page);
  });

  it("leaves out what stands outside of it", () => {
    const page = pageOf({ messages: [message(5), message(4)], older: true, newer: true });
    expect(withMessage(page, message(9))).toBe(page);
    expect(withMessage(page, message(2))).toBe(page);
  });

  it("takes changes in any order and keeps the newest", () => {
    const page = withMessage(EMPTY, message(1, { data: "new", rev: 9 }));
    expect(withMessage(page, message(1, { data: "old", rev: 5 }))).toBe(page);
  });

  it("keeps the author's key when a change comes without it", () => {
    const page = withMessage(EMPTY, message(1, { key: "k" }));
    expect(withMessage(page, message(1, { rev: 2, data: "x" })).messages[0]?.key).toBe("k");
  });

  it("drops a deleted message and does not take it back in", () => {
    const page = withMessage(withMessage(EMPTY, message(1)), message(2));
    const gone = message(1, { deletedTime: 5, rev: 7 });
    expect(ids(withMessage(page, gone))).toEqual([2]);
    expect(withMessage(EMPTY, gone)).toBe(EMPTY);
  });
});
