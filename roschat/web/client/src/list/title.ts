/** What a conversation is called. */
import type { ChatView } from "@roschat/shared/protocol.ts";
import type { Peer } from "../state/peer.ts";
import { usePeople, usePerson } from "../state/people.ts";
import { useWords } from "../words/index.ts";

export function useChatTitle(chat: Pick<ChatView, "cid" | "cidType" | "name"> | Peer): string {
  const say = useWords();
  const group = chat.cidType === "group";
  const person = usePerson(group ? 0 : chat.cid);
  const self = usePeople((state) => !group && state.me === chat.cid);
  if (self) return say("chat.saved");
  if (group) return ("name" in chat && chat.name) || say("chat.group");
  return person?.name ?? `#${chat.cid}`;
}
