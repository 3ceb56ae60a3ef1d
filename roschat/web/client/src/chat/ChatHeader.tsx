/** Who this is, how they are, and what can be done with the conversation. Click: the pane with facts. */
import { Menu } from "@mantine/core";
import type { ChatView } from "@roschat/shared/protocol.ts";
import { IconArrowLeft, IconDotsVertical, IconSearch } from "@tabler/icons-react";
import { ChatMenu } from "../list/ChatMenu.tsx";
import { useChatTitle } from "../list/title.ts";
import type { Peer } from "../state/peer.ts";
import { nameOf, usePeople, usePerson } from "../state/people.ts";
import { go } from "../state/place.ts";
import { usePresence } from "../state/presence.ts";
import { useTypists } from "../state/typing.ts";
import { lastSeen } from "../text/time.ts";
import { Action } from "../ui/Action.tsx";
import { Avatar } from "../ui/Avatar.tsx";
import { useWords } from "../words/index.ts";
import styles from "./ChatScreen.module.css";
import { useDesk } from "./desk.ts";

export function ChatHeader({ peer, chat, narrow }: { peer: Peer; chat: ChatView | undefined; narrow: boolean }) {
  const say = useWords();
  const group = peer.cidType === "group";
  const person = usePerson(group ? 0 : peer.cid);
  const title = useChatTitle(chat ?? peer);
  const info = useDesk((state) => state.info);
  const searching = useDesk((state) => state.searching);
  return (
    <header className={styles.header}>
      {narrow && (
        <Action label={say("common.back")} icon={<IconArrowLeft size={22} />} onClick={() => go({ at: "chats" })} />
      )}
      <button
        type="button"
        className={styles.who}
        aria-expanded={info}
        onClick={() => useDesk.setState({ info: !info })}
      >
        <Avatar
          id={peer.cid}
          name={title}
          file={group ? (chat?.avatar ?? "") : (person?.avatar ?? "")}
          kind={group ? "group" : (person?.kind ?? "person")}
          size={40}
        />
        <span className={styles.words}>
          <h1 className={styles.name}>
            <span>{title}</span>
          </h1>
          {group ? <GroupLine peer={peer} chat={chat} /> : <PersonLine peer={peer} />}
        </span>
      </button>
      <Action
        label={say("chat.search")}
        icon={<IconSearch size={20} />}
        active={searching}
        onClick={() => useDesk.setState({ searching: !searching })}
      />
      {chat && (
        <Menu position="bottom-end" width={240}>
          <Menu.Target>
            <Action label={say("chat.menu")} icon={<IconDotsVertical size={20} />} />
          </Menu.Target>
          <Menu.Dropdown>
            <ChatMenu chat={chat} />
          </Menu.Dropdown>
        </Menu>
      )}
    </header>
  );
}

function GroupLine({ peer, chat }: { peer: Peer; chat: ChatView | undefined }) {
  const say = useWords();
  const typists = useTypists(peer);
  if (typists.length > 0)
    return (
      <span className={styles.second} data-typing>
        {say("typing.group", { names: typists.map(nameOf).join(", "), count: typists.length })}
      </span>
    );
  return <span className={styles.second}>{chat ? say("group.members", { count: chat.members ?? 2 }) : ""}</span>;
}

function PersonLine({ peer }: { peer: Peer }) {
  const say = useWords();
  const person = usePerson(peer.cid);
  const me = usePeople((state) => state.me);
  const quiet = person?.kind === "bot" || person?.kind === "system" || peer.cid === me;
  const presence = usePresence(quiet ? 0 : peer.cid);
  const typing = useTypists(peer).length > 0;
  if (peer.cid === me) return <span className={styles.second}>{say("chat.savedText")}</span>;
  if (typing)
    return (
      <span className={styles.second} data-typing>
        {say("typing.one")}
      </span>
    );
  if (person?.kind === "bot") return <span className={styles.second}>{say("person.bot")}</span>;
  if (!presence) return <span className={styles.second}>{person?.position ?? ""}</span>;
  const { status, text, seenTime } = presence;
  const words = {
    online: say("presence.online"),
    away: say("presence.away"),
    busy: say("presence.busy"),
  }[status];
  return (
    <span className={styles.second} data-online={status === "online" || undefined}>
      {[words ?? lastSeen(seenTime ?? 0), text].filter(Boolean).join(" · ")}
    </span>
  );
}
