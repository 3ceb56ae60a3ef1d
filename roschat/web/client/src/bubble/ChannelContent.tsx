/** A shared channel, and a shared publication with the name of its channel. */
import type { ChannelBody, PublicationBody, PublicationView } from "@roschat/shared/protocol.ts";
import { IconNews } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { fetchChannel, useChannel, useChannels } from "../state/channels.ts";
import { goChannel } from "../state/place.ts";
import { server } from "../state/server.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { useWords } from "../words/index.ts";
import styles from "./Content.module.css";

export function ChannelCard({ body }: { body: ChannelBody }) {
  const say = useWords();
  const channel = useKnownChannel(body.chId);
  const name = channel?.name ?? body.name ?? "";
  return (
    <button type="button" className={styles.card} onClick={() => goChannel(body.chId)}>
      <Avatar id={body.chId} name={name} file={channel?.avatar ?? ""} kind="channel" />
      <span className={styles.fileWords}>
        <span className={styles.fileName}>{name || say("kind.channel")}</span>
        <span className={styles.fileSize}>{channel?.description || say("kind.channel")}</span>
      </span>
    </button>
  );
}

export function PublicationLink({ body }: { body: PublicationBody }) {
  const say = useWords();
  const channel = useKnownChannel(body.chId);
  const publication = usePublication(body.chId, body.pubId);
  return (
    <button type="button" className={styles.card} onClick={() => goChannel(body.chId, body.pubId)}>
      <span className={styles.fileIcon}>
        <IconNews size={22} aria-hidden="true" />
      </span>
      <span className={styles.fileWords}>
        <span className={styles.fileName}>{publication?.title ?? say("kind.publication")}</span>
        <span className={styles.fileSize}>{channel?.name ?? say("channel.unavailable")}</span>
      </span>
    </button>
  );
}

function useKnownChannel(chId: number) {
  const channel = useChannel(chId);
  const gone = useChannels((state) => state.gone[chId]);
  const ask = !channel && !gone;
  useEffect(() => {
    if (ask) void fetchChannel(chId);
  }, [ask, chId]);
  return channel;
}

function usePublication(chId: number, pubId: number): PublicationView | undefined {
  const [publication, setPublication] = useState<PublicationView>();
  useEffect(() => {
    let wanted = true;
    server
      .call("get-publications", { chId, endId: pubId + 1, count: 1 })
      .then(({ publications }) => wanted && setPublication(publications.find((it) => it.pubId === pubId)))
      .catch(() => undefined);
    return () => {
      wanted = false;
    };
  }, [chId, pubId]);
  return publication;
}
