/** What can be done with a message. */
import { Menu } from "@mantine/core";
import type { ChatView, MessageView } from "@roschat/shared/protocol.ts";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconCopy,
  IconDownload,
  IconEye,
  IconMoodPlus,
  IconPencil,
  IconPin,
  IconPinnedOff,
  IconSquareCheck,
  IconTrash,
} from "@tabler/icons-react";
import { useState } from "react";
import { toggleSelected, useDesk } from "../chat/desk.ts";
import { EmojiGrid } from "../composer/EmojiGrid.tsx";
import { startEdit, write } from "../state/compose.ts";
import type { Peer } from "../state/peer.ts";
import { usePeople } from "../state/people.ts";
import { usePreferences } from "../state/preferences.ts";
import { server } from "../state/server.ts";
import { fileUrl } from "../state/uploads.ts";
import { bodyOf } from "../text/body.ts";
import { withoutMarkup } from "../text/segments.ts";
import { attempt, copyText } from "../ui/attempt.ts";
import { confirm } from "../ui/confirm.ts";
import { useWords } from "../words/index.ts";
import styles from "./Bubble.module.css";
import { react } from "./Reactions.tsx";
import { showReaders } from "./readers.ts";

const ICON = 18;

interface MessageMenuProps {
  message: MessageView;
  peer: Peer;
  chat: ChatView | undefined;
  onClose: () => void;
}

export function MessageMenu({ message, peer, chat, onClose }: MessageMenuProps) {
  const say = useWords();
  const me = usePeople((state) => state.me);
  const recent = usePreferences((state) => state.recentEmoji);
  const [grid, setGrid] = useState(false);
  const body = bodyOf(message);
  const own = message.senderId === me;
  const leads = peer.cidType !== "group" || chat?.role === "owner" || chat?.role === "admin";
  const canWrite = chat?.role !== "left";
  const text = body.type === "text" ? body.text : "text" in body ? (body.text ?? "") : "";
  const file = "file" in body ? body.file : "";
  const pinned = chat?.pinnedId === message.id;
  const put = (emoji: string) => {
    onClose();
    const mine = message.reactions?.find((it) => it.reaction === emoji)?.cids.includes(me) ?? false;
    void react(message, emoji, !mine);
  };
  if (grid) return <EmojiGrid onPick={put} />;
  return (
    <>
      {canWrite && (
        <div className={styles.quick} role="group" aria-label={say("message.react")}>
          {recent.slice(0, 5).map((emoji) => (
            <button key={emoji} type="button" onClick={() => put(emoji)} aria-label={say("reaction.put", { emoji })}>
              {emoji}
            </button>
          ))}
          <button type="button" onClick={() => setGrid(true)} aria-label={say("reaction.more")}>
            <IconMoodPlus size={21} style={{ verticalAlign: "middle" }} color="var(--dim)" />
          </button>
        </div>
      )}
      {canWrite && (
        <Menu.Item leftSection={<IconArrowBackUp size={ICON} />} onClick={() => write(peer, { replyId: message.id })}>
          {say("message.reply")}
        </Menu.Item>
      )}
      {own && body.type === "text" && !message.forwarded && canWrite && (
        <Menu.Item leftSection={<IconPencil size={ICON} />} onClick={() => startEdit(peer, message)}>
          {say("message.edit")}
        </Menu.Item>
      )}
      {text && (
        <Menu.Item leftSection={<IconCopy size={ICON} />} onClick={() => void copyText(withoutMarkup(text))}>
          {say("message.copy")}
        </Menu.Item>
      )}
      {file && (
        <Menu.Item leftSection={<IconDownload size={ICON} />} component="a" href={fileUrl(file)} download>
          {say("file.download")}
        </Menu.Item>
      )}
      <Menu.Item
        leftSection={<IconArrowForwardUp size={ICON} />}
        onClick={() => useDesk.setState({ forwarding: [message] })}
      >
        {say("message.forward")}
      </Menu.Item>
      {leads && canWrite && (
        <Menu.Item
          leftSection={pinned ? <IconPinnedOff size={ICON} /> : <IconPin size={ICON} />}
          onClick={() => void attempt(() => server.call("pin-message", { ...peer, id: pinned ? 0 : message.id }))}
        >
          {say(pinned ? "message.unpin" : "message.pin")}
        </Menu.Item>
      )}
      {own && (
        <Menu.Item leftSection={<IconEye size={ICON} />} onClick={() => showReaders(message.id)}>
          {say("message.readers")}
        </Menu.Item>
      )}
      <Menu.Item leftSection={<IconSquareCheck size={ICON} />} onClick={() => toggleSelected(message)}>
        {say("message.select")}
      </Menu.Item>
      {(own || (leads && peer.cidType === "group")) && (
        <Menu.Item color="var(--danger)" leftSection={<IconTrash size={ICON} />} onClick={() => void remove()}>
          {say("message.delete")}
        </Menu.Item>
      )}
    </>
  );

  async function remove(): Promise<void> {
    const question = { title: say("message.delete"), text: say("message.deleteText"), ok: say("common.delete") };
    if (await confirm({ ...question, danger: true }))
      await attempt(() => server.call("delete-message", { id: message.id }));
  }
}
