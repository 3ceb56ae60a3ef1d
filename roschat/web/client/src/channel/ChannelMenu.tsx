/** What can be done with a channel. */
import { Menu } from "@mantine/core";
import type { ChannelView } from "@roschat/shared/protocol.ts";
import {
  IconBell,
  IconBellOff,
  IconLink,
  IconLogout,
  IconPin,
  IconPinnedOff,
  IconPlus,
  IconShare,
  IconTrash,
} from "@tabler/icons-react";
import { changeChannel, channelLink, dropChannel, fetchChannel } from "../state/channels.ts";
import { FOREVER, isMuted } from "../state/notices.ts";
import { currentPlace, go } from "../state/place.ts";
import { server } from "../state/server.ts";
import { attempt, copyText } from "../ui/attempt.ts";
import { confirm } from "../ui/confirm.ts";
import { useWords } from "../words/index.ts";
import { openChannelDialog } from "./dialogs.ts";

const ICON = 18;

export function ChannelMenu({ channel }: { channel: ChannelView }) {
  const say = useWords();
  const { chId } = channel;
  const admin = channel.role === "admin";
  const mine = Boolean(channel.role);
  const muted = isMuted(channel.mutedUntil);
  const set = (options: { pinned?: boolean; mutedUntil?: number }) =>
    void attempt(async () => {
      await server.call("set-channel-options", { chId, ...options });
      changeChannel(chId, options);
    });
  return (
    <>
      {admin && (
        <Menu.Item leftSection={<IconPlus size={ICON} />} onClick={() => openChannelDialog("publish", chId)}>
          {say("publication.new")}
        </Menu.Item>
      )}
      <Menu.Item leftSection={<IconShare size={ICON} />} onClick={() => openChannelDialog("share", chId)}>
        {say("channel.shareShort")}
      </Menu.Item>
      <Menu.Item leftSection={<IconLink size={ICON} />} onClick={() => void copyText(channelLink(channel))}>
        {say("channel.copyLink")}
      </Menu.Item>
      {mine && (
        <>
          <Menu.Item
            leftSection={channel.pinned ? <IconPinnedOff size={ICON} /> : <IconPin size={ICON} />}
            onClick={() => set({ pinned: !channel.pinned })}
          >
            {say(channel.pinned ? "chat.unpin" : "chat.pin")}
          </Menu.Item>
          <Menu.Item
            leftSection={muted ? <IconBell size={ICON} /> : <IconBellOff size={ICON} />}
            onClick={() => set({ mutedUntil: muted ? 0 : FOREVER })}
          >
            {say(muted ? "chat.unmute" : "chat.mute")}
          </Menu.Item>
          <Menu.Divider />
          {channel.role !== "invited" && (
            <Menu.Item leftSection={<IconLogout size={ICON} />} onClick={() => void leaveChannel(chId)}>
              {say("channel.leave")}
            </Menu.Item>
          )}
        </>
      )}
      {admin && (
        <Menu.Item color="var(--danger)" leftSection={<IconTrash size={ICON} />} onClick={() => void remove()}>
          {say("channel.delete")}
        </Menu.Item>
      )}
    </>
  );

  async function remove(): Promise<void> {
    const question = { title: say("channel.delete"), text: say("channel.deleteText"), ok: say("common.ok") };
    if (!(await confirm({ ...question, danger: true }))) return;
    if (!(await attempt(() => server.call("delete-channel", { chId })))) return;
    const place = currentPlace();
    if (place.at === "channel" && place.chId === chId) go({ at: "chats" });
    dropChannel(chId);
  }
}

export async function leaveChannel(chId: number): Promise<void> {
  await attempt(async () => {
    await server.call("unsubscribe-channel", { chId });
    changeChannel(chId, { role: "" });
    await fetchChannel(chId);
  });
}
