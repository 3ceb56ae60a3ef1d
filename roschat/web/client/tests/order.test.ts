import type { ChatView, MessageView, PollView } from "@roschat/shared/protocol.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { chatOf, dropChat, forgetChats, noteMessage, putChat } from "../src/state/chats.ts";
import type { Peer } from "../src/state/peer.ts";
import { forgetPolls, putPoll, usePolls } from "../src/state/polls.ts";
import { useWindows } from "../src/state/windows.ts";

const peer: Peer = { cid: 5, cidType: "group" };
const message = (id: number, rev = id): MessageView => ({
  ...peer,
  id,
  dataType: "text",
  data: `m${id}`,
  time: id,
  senderId: 7,
  rev,
});
const chat = (rev: number, more: Partial<ChatView> = {}): ChatView => ({ ...peer, rev, ...more });
const loaded = (...ids: number[]) =>
  useWindows.setState({
    "group:5": { messages: ids.map((id) => message(id)), older: true, newer: false, status: "ready", busy: "" },
  });
const shown = () => useWindows.getState()["group:5"]?.messages.map((it) => it.id);

describe("conversations told out of order", () => {
  beforeEach(() => {
    forgetChats();
    useWindows.setState({}, true);
  });

  it("keep a message that overtook the view of its conversation, and take the view", () => {
    putChat(chat(1, { last: message(1) }));
    noteMessage(message(3, 9), 1);
    putChat(chat(2, { last: message(2), role: "left" }));
    expect(chatOf(peer)).toMatchObject({ role: "left", last: { id: 3 }, unread: 1 });
    putChat(chat(1, { last: message(1), role: "member" }));
    expect(chatOf(peer)?.role).toBe("left");
  });

  it("drop what their reader deleted", () => {
    loaded(2, 3, 4);
    putChat(chat(1, { hiddenId: 3 }));
    expect(shown()).toEqual([4]);
    dropChat(peer);
    expect(chatOf(peer)).toBeUndefined();
  });
});

describe("polls told out of order", () => {
  const poll = (rev: number, more: Partial<PollView> = {}): PollView => ({
    pollId: 1,
    question: "?",
    options: [],
    author: 7,
    rev,
    ...more,
  });
  const known = () => usePolls.getState()[1];
  beforeEach(forgetPolls);

  it("keep the newer state, and the reader's choice that live results do not tell", () => {
    putPoll(poll(2, { mine: [1] }));
    putPoll(poll(4, { closed: true }));
    putPoll(poll(3));
    expect(known()).toMatchObject({ rev: 4, closed: true, mine: [1] });
  });
});
