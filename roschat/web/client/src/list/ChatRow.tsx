/** One conversation in the list. */
import type { ChatView } from "@roschat/shared/protocol.ts";
import { IconBellOff, IconPinFilled } from "@tabler/icons-react";
import { Ticks } from "../bubble/Ticks.tsx";
import { useCompose } from "../state/compose.ts";
import { FOREVER, isMuted } from "../state/notices.ts";
import { isFor, useOutbox } from "../state/outbox.ts";
import { keyOf, peerOf } from "../state/peer.ts";
import { nameOf, usePeople, usePerson } from "../state/people.ts";
import { goChat } from "../state/place.ts";
import { usePresence } from "../state/presence.ts";
import { useTypists } from "../state/typing.ts";
import { bodyOf } from "../text/body.ts";
import { previewOf } from "../text/preview.ts";
import { withoutMarkup } from "../text/segments.ts";
import { fullTime, shortTime } from "../text/time.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { ContextMenu, useContextMenu } from "../ui/ContextMenu.tsx";
import { useWords } from "../words/index.ts";
import { ChatMenu } from "./ChatMenu.tsx";
import styles from "./ConversationList.module.css";
import { useChatTitle } from "./title.ts";

export function ChatRow({ chat, active }: { chat: ChatView; active: boolean }) {
  const say = useWords();
  const menu = useContextMenu();
  const peer = peerOf(chat);
  const group = chat.cidType === "group";
  const person = usePerson(group ? 0 : chat.cid);
  const presence = usePresence(group || person?.kind === "bot" ? 0 : chat.cid);
  const title = useChatTitle(chat);
  const muted = isMuted(chat.mutedUntil);
  const unread = chat.unread ?? 0;
  const mentions = chat.mentions ?? 0;
  return (
    <div role="listitem">
      <button
        type="button"
        className={styles.row}
        data-active={active || undefined}
        data-chat={keyOf(chat)}
        aria-current={active || undefined}
        onClick={() => goChat(peer)}
        onContextMenu={menu.open}
      >
        <Avatar
          id={chat.cid}
          name={title}
          file={group ? (chat.avatar ?? "") : (person?.avatar ?? "")}
          kind={group ? "group" : (person?.kind ?? "person")}
          size={46}
          presence={presence?.status}
        />
        <span className={styles.text}>
          <span className={styles.line}>
            <span className={styles.name}>
              <span>{title}</span>
              {muted && (
                <IconBellOff
                  size={14}
                  className={styles.small}
                  aria-label={chat.mutedUntil === FOREVER ? say("chat.muted") : say("chat.mutedForTime")}
                />
              )}
            </span>
            {chat.last && (
              <time className={styles.time} title={fullTime(chat.last.time)}>
                <OwnTicks chat={chat} />
                {shortTime(chat.last.time)}
              </time>
            )}
          </span>
          <span className={styles.line}>
            <Preview chat={chat} active={active} />
            {mentions > 0 && (
              <span className={styles.badge} role="img" aria-label={say("list.mentions", { count: mentions })}>
                @
              </span>
            )}
            {unread > 0 && (
              <span
                className={styles.badge}
                data-muted={muted || undefined}
                role="img"
                aria-label={say("list.unread", { count: unread })}
              >
                {unread > 999 ? "999+" : unread}
              </span>
            )}
            {chat.pinned && unread === 0 && (
              <IconPinFilled size={15} className={styles.small} aria-label={say("list.pinned")} />
            )}
          </span>
        </span>
      </button>
      <ContextMenu spot={menu.spot} onClose={menu.close}>
        <ChatMenu chat={chat} />
      </ContextMenu>
    </div>
  );
}

function OwnTicks({ chat }: { chat: ChatView }) {
  const me = usePeople((state) => state.me);
  const { last } = chat;
  if (!last || last.senderId !== me || bodyOf(last).type === "system") return null;
  if (chat.cidType !== "group" && chat.cid === me) return null;
  const state =
    last.id <= (chat.peerWatchedId ?? 0) ? "read" : last.id <= (chat.peerReceivedId ?? 0) ? "delivered" : "sent";
  return <Ticks state={state} />;
}

function Preview({ chat, active }: { chat: ChatView; active: boolean }) {
  const say = useWords();
  const me = usePeople((state) => state.me);
  usePeople((state) => state.byId);
  const peer = peerOf(chat);
  const typists = useTypists(peer);
  const written = useCompose((state) => state[keyOf(chat)]);
  const waiting = useOutbox((state) => state.parcels.findLast(isFor(peer)));
  const group = chat.cidType === "group";
  if (typists.length > 0)
    return (
      <span className={`${styles.preview} ${styles.typing}`}>
        {group
          ? say("typing.group", { names: typists.map(nameOf).join(", "), count: typists.length })
          : say("typing.one")}
      </span>
    );
  const draft = written && !written.editing ? written.text : (chat.draft?.text ?? "");
  if (draft && !active)
    return (
      <span className={styles.preview}>
        <span className={styles.draft}>{say("list.draft")}</span> {withoutMarkup(draft)}
      </span>
    );
  if (waiting?.state === "failed")
    return <span className={`${styles.preview} ${styles.draft}`}>{say("state.failed")}</span>;
  const { last } = chat;
  if (!last) return <span className={styles.preview}>{say("list.noMessages")}</span>;
  const system = bodyOf(last).type === "system";
  const author = last.senderId === me ? say("list.you") : group ? nameOf(last.senderId ?? 0) : "";
  return (
    <span className={styles.preview}>
      {!system && author && <span className={styles.who}>{author}: </span>}
      {previewOf(last)}
    </span>
  );
}
