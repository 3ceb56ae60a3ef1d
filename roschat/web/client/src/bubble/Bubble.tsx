/** One message of somebody: bubble, author, quote, content, reactions, time and state. */
import { Checkbox } from "@mantine/core";
import type { ChatView, MessageView } from "@roschat/shared/protocol.ts";
import { IconArrowBackUp, IconArrowForwardUp, IconDots } from "@tabler/icons-react";
import type { MouseEvent } from "react";
import { toggleSelected, useDesk } from "../chat/desk.ts";
import { write } from "../state/compose.ts";
import type { Peer } from "../state/peer.ts";
import { nameOf, usePeople, usePerson } from "../state/people.ts";
import { goPerson } from "../state/place.ts";
import { clock, fullTime } from "../text/time.ts";
import { Action } from "../ui/Action.tsx";
import { Avatar } from "../ui/Avatar.tsx";
import { ContextMenu, useContextMenu } from "../ui/ContextMenu.tsx";
import { useWords } from "../words/index.ts";
import styles from "./Bubble.module.css";
import { Content } from "./Content.tsx";
import { deliveryOf } from "./delivery.ts";
import { MessageMenu } from "./MessageMenu.tsx";
import { Quote } from "./Quote.tsx";
import { Reactions } from "./Reactions.tsx";
import { Ticks } from "./Ticks.tsx";

interface BubbleProps {
  message: MessageView;
  peer: Peer;
  chat: ChatView | undefined;
  first: boolean;
  last: boolean;
  flash: boolean;
}

export function Bubble({ message, peer, chat, first, last, flash }: BubbleProps) {
  const say = useWords();
  const me = usePeople((state) => state.me);
  const menu = useContextMenu();
  const selecting = useDesk((state) => state.selected.length > 0);
  const selected = useDesk((state) => state.selected.some((it) => it.id === message.id));
  const sender = message.senderId ?? 0;
  const own = sender === me;
  const group = peer.cidType === "group";
  const canWrite = chat?.role !== "left";
  const openMenu = (event: MouseEvent) => {
    if (window.getSelection()?.toString() && event.type === "contextmenu") return;
    menu.open(event);
  };
  const authored = group && !own;
  return (
    <article
      className={styles.line}
      data-own={own || undefined}
      data-flash={flash || undefined}
      data-selected={selected || undefined}
      data-message={message.id}
      tabIndex={-1}
      aria-label={say("message.label", { name: own ? say("list.you") : nameOf(sender), time: clock(message.time) })}
      onContextMenu={openMenu}
      onDoubleClick={() => canWrite && write(peer, { replyId: message.id })}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || event.target !== event.currentTarget) return;
        event.preventDefault();
        const box = event.currentTarget.getBoundingClientRect();
        menu.setSpot({ x: box.left + 40, y: box.top + 20 });
      }}
    >
      {selecting && (
        <Checkbox
          className={styles.check}
          checked={selected}
          onChange={() => toggleSelected(message)}
          aria-label={say("message.select")}
        />
      )}
      {authored && <span className={styles.author}>{last && <AuthorPicture cid={sender} />}</span>}
      <div className={styles.bubble} data-first={first || undefined} data-last={last || undefined}>
        {authored && first && <AuthorName cid={sender} />}
        {message.forwarded && (
          <div className={styles.forwarded}>
            <IconArrowForwardUp size={15} aria-hidden="true" />
            <span className="clip">{say("message.forwardedFrom", { name: nameOf(message.forwarded.cid) })}</span>
          </div>
        )}
        {message.replyId ? <Quote peer={peer} id={message.replyId} /> : null}
        <Content message={message} peer={peer} />
        <Reactions message={message} />
        <span className={styles.foot}>
          {message.editedTime ? <span title={fullTime(message.editedTime)}>{say("message.edited")}</span> : null}
          <time title={fullTime(message.time)}>{clock(message.time)}</time>
          {own && !(peer.cidType === "user" && peer.cid === me) && <Ticks state={deliveryOf(message, chat)} />}
        </span>
      </div>
      {!selecting && (
        <span className={styles.tools}>
          {canWrite && (
            <Action
              label={say("message.reply")}
              size={30}
              icon={<IconArrowBackUp size={18} />}
              tabIndex={-1}
              onClick={() => write(peer, { replyId: message.id })}
            />
          )}
          <Action
            label={say("message.menu")}
            size={30}
            icon={<IconDots size={18} />}
            tabIndex={-1}
            onClick={menu.open}
          />
        </span>
      )}
      <ContextMenu spot={menu.spot} onClose={menu.close}>
        <MessageMenu message={message} peer={peer} chat={chat} onClose={menu.close} />
      </ContextMenu>
    </article>
  );
}

function AuthorPicture({ cid }: { cid: number }) {
  const person = usePerson(cid);
  return (
    <button
      type="button"
      className={styles.picture}
      tabIndex={-1}
      onClick={() => goPerson(cid)}
      aria-label={person?.name ?? `#${cid}`}
    >
      <Avatar
        id={cid}
        name={person?.name ?? ""}
        file={person?.avatar ?? ""}
        kind={person?.kind ?? "person"}
        size={34}
      />
    </button>
  );
}

const NAME_COLOURS = 8;

function AuthorName({ cid }: { cid: number }) {
  const person = usePerson(cid);
  return (
    <span className={styles.name} data-colour={cid % NAME_COLOURS}>
      {person?.name ?? `#${cid}`}
    </span>
  );
}
