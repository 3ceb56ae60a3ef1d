/** Facts of a channel and what can be done with it. */
import { Text } from "@mantine/core";
import type { ChannelView } from "@roschat/shared/protocol.ts";
import {
  IconBookmarkPlus,
  IconLink,
  IconLogout,
  IconPencil,
  IconShare,
  IconShieldStar,
  IconUsers,
} from "@tabler/icons-react";
import { useState } from "react";
import infoStyles from "../info/Info.module.css";
import { VerifiedMark } from "../list/ChannelRow.tsx";
import { channelLink, fetchChannel } from "../state/channels.ts";
import { server } from "../state/server.ts";
import { Action } from "../ui/Action.tsx";
import { Avatar } from "../ui/Avatar.tsx";
import { attempt, copyText } from "../ui/attempt.ts";
import { useWords } from "../words/index.ts";
import styles from "./Channel.module.css";
import { ChannelMembers } from "./ChannelMembers.tsx";
import { leaveChannel } from "./ChannelMenu.tsx";
import { openChannelDialog } from "./dialogs.ts";

const ICON = 20;

export function ChannelInfo({ channel }: { channel: ChannelView }) {
  const say = useWords();
  const [members, setMembers] = useState<"" | "admin" | "subscriber">("");
  const { chId } = channel;
  const subscribed = channel.role === "admin" || channel.role === "subscriber";
  return (
    <div className={infoStyles.body}>
      <div className={infoStyles.top}>
        <Avatar id={chId} name={channel.name} file={channel.avatar ?? ""} kind="channel" size={104} />
        <h2 className={infoStyles.name}>
          {channel.name} {channel.verified && <VerifiedMark size={20} />}
        </h2>
        {channel.closed && <span className={styles.closed}>{say("channel.closed")}</span>}
        {channel.role === "admin" && (
          <Action
            label={say("channel.edit")}
            icon={<IconPencil size={19} />}
            variant="light"
            color="brand"
            onClick={() => openChannelDialog("edit", chId)}
          />
        )}
      </div>
      {channel.description && (
        <Text size="sm" px={12} style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {channel.description}
        </Text>
      )}
      <div>
        <button type="button" className={styles.fact} onClick={() => openChannelDialog("share", chId)}>
          <IconShare size={ICON} />
          <span>{say("channel.share")}</span>
        </button>
        <button type="button" className={styles.fact} onClick={() => void copyText(channelLink(channel))}>
          <IconLink size={ICON} />
          <span>{say("channel.copyLink")}</span>
        </button>
        <button type="button" className={styles.fact} onClick={() => setMembers("admin")}>
          <IconShieldStar size={ICON} />
          <span>{say("channel.adminsTitle")}</span>
          <b>{channel.admins ?? 0}</b>
        </button>
        <button type="button" className={styles.fact} onClick={() => setMembers("subscriber")}>
          <IconUsers size={ICON} />
          <span>{say("channel.subscribersTitle")}</span>
          <b>{channel.subscribers ?? 0}</b>
        </button>
        {subscribed ? (
          <button type="button" className={styles.fact} onClick={() => void leaveChannel(chId)}>
            <IconLogout size={ICON} />
            <span>{say("channel.leave")}</span>
          </button>
        ) : (
          <button
            type="button"
            className={styles.fact}
            onClick={() =>
              void attempt(async () => {
                await server.call("subscribe-channel", { chId });
                await fetchChannel(chId);
              })
            }
          >
            <IconBookmarkPlus size={ICON} />
            <span>{say("channel.subscribe")}</span>
          </button>
        )}
      </div>
      {members && <ChannelMembers channel={channel} role={members} onClose={() => setMembers("")} />}
    </div>
  );
}
