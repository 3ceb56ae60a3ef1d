/** Pure rules of a window on a conversation: a run of messages without holes, oldest first. */
import type { History, MessageView } from "@roschat/shared/protocol.ts";

export interface Page {
  messages: MessageView[];
  /** There is more before the first one. */
  older: boolean;
  /** There is more after the last one. */
  newer: boolean;
}

export const EMPTY: Page = { messages: [], older: false, newer: false };

/** A page of the server (newest first) as a window. */
export function pageOf(history: History): Page {
  return {
    messages: shown([...history.messages].reverse()),
    older: history.older ?? false,
    newer: history.newer ?? false,
  };
}

export function withOlder(page: Page, history: History): Page {
  const more = pageOf(history);
  return { ...page, messages: union(more.messages, page.messages), older: more.older };
}

export function withNewer(page: Page, history: History): Page {
  const more = pageOf(history);
  return { ...page, messages: union(page.messages, more.messages), newer: more.newer };
}

/**
 * A message that is new or has changed.
 *
 * One outside the window is left out: it will come with its page. A deleted one disappears. A version older than the
 * known one changes nothing.
 */
export function withMessage(page: Page, message: MessageView): Page {
  const at = page.messages.findIndex((known) => known.id === message.id);
  if (at >= 0) {
    const known = page.messages[at];
    if (known && known.rev > message.rev) return page;
    const messages = [...page.messages];
    if (message.deletedTime) messages.splice(at, 1);
    else messages[at] = { ...message, key: message.key || known?.key || "" };
    return { ...page, messages };
  }
  if (message.deletedTime) return page;
  const first = page.messages[0];
  const last = page.messages.at(-1);
  if (first && message.id < first.id && page.older) return page;
  if (page.newer && (!last || message.id > last.id)) return page;
  return { ...page, messages: union(page.messages, [message]) };
}

/** The past up to a message is gone for the reader. */
export function withoutPast(page: Page, upTo: number): Page {
  const messages = page.messages.filter((message) => message.id > upTo);
  return messages.length === page.messages.length ? page : { ...page, messages, older: false };
}

function union(one: MessageView[], other: MessageView[]): MessageView[] {
  const byId = new Map<number, MessageView>();
  for (const message of [...one, ...other]) {
    const known = byId.get(message.id);
    if (!known || known.rev <= message.rev) byId.set(message.id, message);
  }
  return [...byId.values()].sort((a, b) => a.id - b.id);
}

function shown(messages: MessageView[]): MessageView[] {
  return messages.filter((message) => !message.deletedTime);
}
