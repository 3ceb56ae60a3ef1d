/**
 * Polls that are on the screen.
 *
 * Of two states the one with the larger revision counts. A live result does not say what the reader chose, so `mine` is
 * kept from before.
 */
import type { PollView } from "@roschat/shared/protocol.ts";
import { create } from "zustand";
import { server } from "./server.ts";

export const usePolls = create<Record<number, PollView>>(() => ({}));

const asked = new Set<number>();

export function loadPoll(id: number): void {
  if (asked.has(id)) return;
  asked.add(id);
  server
    .call("get-poll", { pollId: id })
    .then(putOwn)
    .catch(() => asked.delete(id));
}

export function putPoll(poll: PollView): void {
  usePolls.setState((state) => {
    const known = state[poll.pollId];
    const newest = known && (known.rev ?? 0) > (poll.rev ?? 0) ? known : poll;
    return { [poll.pollId]: { ...newest, mine: poll.mine ?? known?.mine ?? [] } };
  });
}

/** An answer to the reader: a choice that is left out means that he has chosen nothing. */
const putOwn = (poll: PollView) => putPoll({ ...poll, mine: poll.mine ?? [] });

export async function vote(id: number, options: number[]): Promise<void> {
  putOwn(await server.call("vote-poll", { pollId: id, options }));
}

export async function closePoll(id: number): Promise<void> {
  await server.call("close-poll", { pollId: id });
  usePolls.setState((state) => {
    const known = state[id];
    return known ? { [id]: { ...known, closed: true } } : state;
  });
}

/** What was missed while the socket was away is asked again when a poll is looked at. */
export function refreshPolls(): void {
  const known = [...asked];
  asked.clear();
  for (const id of known) loadPoll(id);
}

export function forgetPolls(): void {
  asked.clear();
  usePolls.setState({}, true);
}
