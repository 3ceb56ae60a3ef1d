/** An open channel: publications oldest to newest, with comments, and publishing for its admins. */
import { Button, Loader, Menu } from "@mantine/core";
import type { ChannelView, PublicationView } from "@roschat/shared/protocol.ts";
import { IconArrowLeft, IconDotsVertical, IconNews, IconPlus, IconSpeakerphone } from "@tabler/icons-react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { VList, type VListHandle } from "virtua";
import chatStyles from "../chat/ChatScreen.module.css";
import { useDesk } from "../chat/desk.ts";
import { InfoPane } from "../info/InfoPane.tsx";
import { VerifiedMark } from "../list/ChannelRow.tsx";
import {
  type Feed,
  fetchChannel,
  isMine,
  loadFeed,
  loadOlderPublications,
  useChannel,
  useChannels,
  watchPublication,
} from "../state/channels.ts";
import { go } from "../state/place.ts";
import { server } from "../state/server.ts";
import { useSession } from "../state/session.ts";
import { Action } from "../ui/Action.tsx";
import { Avatar } from "../ui/Avatar.tsx";
import { attempt } from "../ui/attempt.ts";
import { EmptyState } from "../ui/EmptyState.tsx";
import { useWords } from "../words/index.ts";
import styles from "./Channel.module.css";
import { ChannelInfo } from "./ChannelInfo.tsx";
import { ChannelMenu } from "./ChannelMenu.tsx";
import { PublicationCard } from "./PublicationCard.tsx";
import { PublicationDialog } from "./PublicationDialog.tsx";

interface ChannelScreenProps {
  chId: number;
  target: number;
  narrow: boolean;
}

export function ChannelScreen({ chId, target, narrow }: ChannelScreenProps) {
  const say = useWords();
  const channel = useChannel(chId);
  const feed = useChannels((state) => state.feeds[chId]);
  const gone = useChannels((state) => state.gone[chId]);
  const online = useSession((state) => state.phase === "online");
  const info = useDesk((state) => state.info);
  useEffect(() => {
    if (!online) return;
    void fetchChannel(chId);
    void loadFeed(chId);
  }, [chId, online]);
  if (gone && !channel)
    return (
      <main className={chatStyles.chat}>
        <EmptyState icon={<IconSpeakerphone size={52} stroke={1.3} />} title={say("channel.unavailable")}>
          <Button variant="light" onClick={() => go({ at: "chats" })}>
            {say("common.back")}
          </Button>
        </EmptyState>
      </main>
    );
  if (!channel)
    return (
      <main className={chatStyles.chat}>
        <Loader m="auto" aria-label={say("app.loading")} />
      </main>
    );
  return (
    <>
      <main className={chatStyles.chat}>
        <Header channel={channel} narrow={narrow} />
        <Publications channel={channel} feed={feed} target={target} />
        <Footer channel={channel} />
      </main>
      {info && (
        <InfoPane onClose={() => useDesk.setState({ info: false })}>
          <ChannelInfo channel={channel} />
        </InfoPane>
      )}
    </>
  );
}

function Header({ channel, narrow }: { channel: ChannelView; narrow: boolean }) {
  const say = useWords();
  const info = useDesk((state) => state.info);
  const second = channel.description || say("channel.subscribers", { count: channel.subscribers ?? 0 });
  return (
    <header className={chatStyles.header}>
      {narrow && (
        <Action label={say("common.back")} icon={<IconArrowLeft size={22} />} onClick={() => go({ at: "chats" })} />
      )}
      <button
        type="button"
        className={chatStyles.who}
        aria-expanded={info}
        onClick={() => useDesk.setState({ info: !info })}
      >
        <Avatar id={channel.chId} name={channel.name} file={channel.avatar ?? ""} kind="channel" size={40} />
        <span className={chatStyles.words}>
          <h1 className={chatStyles.name}>
            <span>{channel.name}</span>
            {channel.verified && <VerifiedMark />}
          </h1>
          <span className={chatStyles.second}>{second}</span>
        </span>
      </button>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <Action label={say("chat.menu")} icon={<IconDotsVertical size={20} />} />
        </Menu.Target>
        <Menu.Dropdown>
          <ChannelMenu channel={channel} />
        </Menu.Dropdown>
      </Menu>
    </header>
  );
}

interface PublicationsProps {
  channel: ChannelView;
  feed: Feed | undefined;
  target: number;
}

const NEAR = 600;

function Publications({ channel, feed, target }: PublicationsProps) {
  const say = useWords();
  const list = useRef<VListHandle>(null);
  const publications = feed?.publications ?? [];
  const { shift, onScroll } = useFeedScroll(channel.chId, publications, target, list);
  const last = publications.at(-1)?.pubId ?? 0;
  useEffect(() => {
    if (!last) return undefined;
    const read = () => {
      if (document.hasFocus()) watchPublication(channel.chId, last);
    };
    read();
    addEventListener("focus", read);
    return () => removeEventListener("focus", read);
  }, [channel.chId, last]);
  if (!feed || feed.status === "loading") return <Loader m="auto" aria-label={say("app.loading")} />;
  if (publications.length === 0)
    return (
      <div className={styles.empty}>
        <EmptyState
          icon={<IconNews size={52} stroke={1.3} />}
          title={say("channel.noPublications")}
          text={channel.role === "admin" ? say("channel.noPublicationsText") : (channel.description ?? "")}
        />
      </div>
    );
  return (
    <VList
      ref={list}
      className={styles.feed}
      data={publications}
      shift={shift}
      onScroll={onScroll}
      tabIndex={0}
      role="feed"
      aria-label={say("channel.feed")}
    >
      {(publication) => (
        <PublicationCard
          key={publication.pubId}
          publication={publication}
          channel={channel}
          open={target === publication.pubId}
        />
      )}
    </VList>
  );
}

function useFeedScroll(
  chId: number,
  publications: PublicationView[],
  target: number,
  list: React.RefObject<VListHandle | null>,
) {
  const first = useRef(0);
  const placed = useRef("");
  const now = publications[0]?.pubId ?? 0;
  const shift = first.current > 0 && now > 0 && now < first.current;
  const lastId = publications.at(-1)?.pubId ?? 0;
  useLayoutEffect(() => {
    first.current = now;
  }, [now]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: places anew when the newest publication or the target changes
  useLayoutEffect(() => {
    if (!lastId) return;
    const wanted = target ? `t${target}` : `e${lastId}`;
    if (placed.current === wanted) return;
    const at = target ? publications.findIndex((it) => it.pubId === target) : -1;
    if (target && at < 0) return void loadOlderPublications(chId);
    placed.current = wanted;
    if (at >= 0) list.current?.scrollToIndex(at, { align: "start" });
    else list.current?.scrollToIndex(publications.length - 1, { align: "end" });
  }, [lastId, target, publications.length]);
  const onScroll = (offset: number) => {
    if (offset < NEAR) void loadOlderPublications(chId);
  };
  return { shift, onScroll };
}

function Footer({ channel }: { channel: ChannelView }) {
  const say = useWords();
  const [publishing, setPublishing] = useState(false);
  if (channel.role === "admin")
    return (
      <div className={styles.footer}>
        <Button leftSection={<IconPlus size={18} />} onClick={() => setPublishing(true)}>
          {say("publication.new")}
        </Button>
        {publishing && <PublicationDialog channel={channel} onClose={() => setPublishing(false)} />}
      </div>
    );
  if (isMine(channel) && channel.role !== "invited") return null;
  return (
    <div className={styles.footer}>
      <Button
        onClick={() =>
          void attempt(async () => {
            await server.call("subscribe-channel", { chId: channel.chId });
            await fetchChannel(channel.chId);
          })
        }
      >
        {say("channel.subscribe")}
      </Button>
    </div>
  );
}
