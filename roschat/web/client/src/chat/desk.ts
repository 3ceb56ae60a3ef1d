/** What is open around the conversation: facts pane, search, chosen messages, a picture in full size. */
import type { MessageView } from "@roschat/shared/protocol.ts";
import { create } from "zustand";

export interface Desk {
  info: boolean;
  searching: boolean;
  selected: MessageView[];
  forwarding: MessageView[];
  /** Name of the picture shown in full size, and its title. */
  picture: { file: string; name: string } | undefined;
  switcher: boolean;
}

export const useDesk = create<Desk>(() => ({
  info: false,
  searching: false,
  selected: [],
  forwarding: [],
  picture: undefined,
  switcher: false,
}));

export function toggleSelected(message: MessageView): void {
  useDesk.setState(({ selected }) => ({
    selected: selected.some((it) => it.id === message.id)
      ? selected.filter((it) => it.id !== message.id)
      : [...selected, message].sort((a, b) => a.id - b.id),
  }));
}
