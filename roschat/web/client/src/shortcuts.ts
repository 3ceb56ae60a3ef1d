/** Keys that work everywhere in the program. */
import { useEffect } from "react";
import { useDesk } from "./chat/desk.ts";
import { entriesOf } from "./list/entries.ts";
import { useChannels } from "./state/channels.ts";
import { useChats } from "./state/chats.ts";
import { keyOf } from "./state/peer.ts";
import { currentPlace, go, goChannel, goChat } from "./state/place.ts";

export function useShortcuts(): void {
  useEffect(() => {
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

function onKey(event: KeyboardEvent): void {
  const command = event.ctrlKey || event.metaKey;
  if (command && !event.shiftKey && event.code === "KeyK") {
    event.preventDefault();
    useDesk.setState({ switcher: true });
  } else if (command && !event.shiftKey && event.code === "KeyF" && currentPlace().at === "chat") {
    event.preventDefault();
    useDesk.setState({ searching: true });
  } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    goNext(event.key === "ArrowUp" ? -1 : 1);
  } else if (event.key === "Escape" && !event.defaultPrevented) {
    closeOne();
  }
}

/** Esc closes what was opened last, from the outermost to the conversation itself. */
function closeOne(): void {
  const desk = useDesk.getState();
  if (document.querySelector('[role="dialog"], [role="menu"]')) return;
  if (desk.picture) useDesk.setState({ picture: undefined });
  else if (desk.selected.length > 0) useDesk.setState({ selected: [] });
  else if (desk.searching) useDesk.setState({ searching: false });
  else if (desk.info) useDesk.setState({ info: false });
  else if (currentPlace().at === "chat" || currentPlace().at === "channel") go({ at: "chats" });
}

function goNext(step: number): void {
  const chats = Object.values(useChats.getState().byKey);
  const channels = Object.values(useChannels.getState().byId);
  const entries = entriesOf(chats, channels, "all");
  const place = currentPlace();
  const open = place.at === "chat" ? keyOf(place.peer) : place.at === "channel" ? `channel:${place.chId}` : "";
  const at = entries.findIndex((entry) => entry.key === open);
  const next = entries[at < 0 ? 0 : Math.max(0, Math.min(entries.length - 1, at + step))];
  if (next?.kind === "chat") goChat({ cid: next.chat.cid, cidType: next.chat.cidType ?? "user" });
  else if (next) goChannel(next.channel.chId);
}
