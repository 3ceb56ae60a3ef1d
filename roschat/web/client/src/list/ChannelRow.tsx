/** One channel in the list. */
import { Menu } from "@mantine/core";
import type { ChannelView } from "@roschat/shared/protocol.ts";
import { IconBellOff, IconPinFilled, IconRosetteDiscountCheckFilled } from "@tabler/icons-react";
import { ChannelMenu } from "../channel/ChannelMenu.tsx";
import { isMuted } from "../state/notices.ts";
import { goChannel } from "../state/place.ts";
import { fullTime, shortTime } from "../text/time.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { ContextMenu, useContextMenu } from "../ui/ContextMenu.tsx";
import { useWords } from "../words/index.ts";
import styles from "./ConversationList.module.css";

export function ChannelRow({ channel, active }: { channel: ChannelView; active: boolean }) {
  const say = useWords();
  const menu = useContextMenu();
  const muted = isMuted(channel.mutedUntil);
  const unread = channel.unread ?? 0;
  return (
    <div role="listitem">
      <button
        type="button"
        className={styles.row}
        data-active={active || undefined}
        data-chat={`channel:${channel.chId}`}
        aria-current={active || undefined}
        onClick={() => goChannel(channel.chId)}
        onContextMenu={menu.open}
      >
        <Avatar id={channel.chId} name={channel.name} file={channel.avatar ?? ""} kind="channel" size={46} />
        <span className={styles.text}>
          <span className={styles.line}>
            <span className={styles.name}>
              <span>{channel.name}</span>
              {channel.verified && <VerifiedMark />}
              {muted && <IconBellOff size={14} className={styles.small} aria-label={say("chat.muted")} />}
            </span>
            {channel.last && (
              <time className={styles.time} title={fullTime(channel.last.time)}>
                {shortTime(channel.last.time)}
              </time>
            )}
          </span>
          <span className={styles.line}>
            <span className={styles.preview}>
              {channel.last?.title ?? (channel.description || say("channel.noPublications"))}
            </span>
            {unread > 0 && (
              <span
                className={styles.badge}
                data-muted={muted || undefined}
                role="img"
                aria-label={say("list.unread", { count: unread })}
              >
                {unread}
              </span>
            )}
            {channel.pinned && unread === 0 && (
              <IconPinFilled size={15} className={styles.small} aria-label={say("list.pinned")} />
            )}
          </span>
        </span>
      </button>
      <ContextMenu spot={menu.spot} onClose={menu.close}>
        <Menu.Label>{channel.name}</Menu.Label>
        <ChannelMenu channel={channel} />
      </ContextMenu>
    </div>
  );
}

export function VerifiedMark({ size = 17 }: { size?: number }) {
  const say = useWords();
  return (
    <IconRosetteDiscountCheckFilled
      size={size}
      color="var(--accent)"
      style={{ flex: "none" }}
      role="img"
      aria-label={say("channel.verified")}
    />
  );
}
