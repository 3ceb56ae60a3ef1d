/** What can be done with a conversation: items for the list's context menu and the header's menu. */
import { Menu } from "@mantine/core";
import type { ChatView } from "@roschat/shared/protocol.ts";
import {
  IconArchive,
  IconArchiveOff,
  IconBell,
  IconBellOff,
  IconChecks,
  IconPin,
  IconPinnedOff,
  IconTrash,
} from "@tabler/icons-react";
import { deleteConversation, setOptions } from "../state/chats.ts";
import { markWatched } from "../state/marks.ts";
import { FOREVER, isMuted } from "../state/notices.ts";
import { keyOf, peerOf } from "../state/peer.ts";
import { currentPlace, go } from "../state/place.ts";
import { dropWindow } from "../state/windows.ts";
import { attempt } from "../ui/attempt.ts";
import { confirm } from "../ui/confirm.ts";
import { useWords } from "../words/index.ts";

const ICON = 18;

export function ChatMenu({ chat }: { chat: ChatView }) {
  const say = useWords();
  const peer = peerOf(chat);
  const set = (options: Parameters<typeof setOptions>[1]) => void attempt(() => setOptions(peer, options));
  const soon = (hours: number) => Math.floor(Date.now() / 1000) + hours * 3600;
  return (
    <>
      <Menu.Item
        leftSection={chat.pinned ? <IconPinnedOff size={ICON} /> : <IconPin size={ICON} />}
        onClick={() => set({ pinned: !chat.pinned })}
      >
        {say(chat.pinned ? "chat.unpin" : "chat.pin")}
      </Menu.Item>
      {(chat.unread ?? 0) > 0 && chat.last && (
        <Menu.Item leftSection={<IconChecks size={ICON} />} onClick={() => chat.last && markWatched(chat.last, true)}>
          {say("chat.markRead")}
        </Menu.Item>
      )}
      {isMuted(chat.mutedUntil) ? (
        <Menu.Item leftSection={<IconBell size={ICON} />} onClick={() => set({ mutedUntil: 0 })}>
          {say("chat.unmute")}
        </Menu.Item>
      ) : (
        <>
          <Menu.Item leftSection={<IconBellOff size={ICON} />} onClick={() => set({ mutedUntil: soon(8) })}>
            {say("chat.mute8h")}
          </Menu.Item>
          <Menu.Item leftSection={<IconBellOff size={ICON} />} onClick={() => set({ mutedUntil: FOREVER })}>
            {say("chat.mute")}
          </Menu.Item>
        </>
      )}
      <Menu.Item
        leftSection={chat.archived ? <IconArchiveOff size={ICON} /> : <IconArchive size={ICON} />}
        onClick={() => set({ archived: !chat.archived })}
      >
        {say(chat.archived ? "chat.unarchive" : "chat.archive")}
      </Menu.Item>
      <Menu.Divider />
      <Menu.Item color="var(--danger)" leftSection={<IconTrash size={ICON} />} onClick={() => void askDelete(chat)}>
        {say("chat.delete")}
      </Menu.Item>
    </>
  );

  async function askDelete(chat: ChatView): Promise<void> {
    const group = chat.cidType === "group";
    const yes = await confirm({
      title: say("chat.delete"),
      text: say(group ? "chat.deleteGroupText" : "chat.deleteText"),
      ok: say("common.ok"),
      danger: true,
    });
    if (!yes) return;
    const done = await attempt(() => deleteConversation(peer));
    if (!done) return;
    dropWindow(peer);
    const place = currentPlace();
    if (place.at === "chat" && keyOf(place.peer) === keyOf(peer)) go({ at: "chats" });
  }
}
