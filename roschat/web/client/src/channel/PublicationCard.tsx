import { Button, Menu } from "@mantine/core";
import type { ChannelView, PublicationFile, PublicationView } from "@roschat/shared/protocol.ts";
import { IconDots, IconMessageCircle, IconPencil, IconShare, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { AudioContent } from "../bubble/AudioContent.tsx";
import { FileContent } from "../bubble/FileContent.tsx";
import { ImageContent, VideoContent } from "../bubble/PictureContent.tsx";
import { RichText } from "../bubble/RichText.tsx";
import { PickConversation } from "../pick/PickConversation.tsx";
import { post } from "../state/outbox.ts";
import { usePerson } from "../state/people.ts";
import { server } from "../state/server.ts";
import { fullTime, shortTime } from "../text/time.ts";
import { Action } from "../ui/Action.tsx";
import { Avatar } from "../ui/Avatar.tsx";
import { attempt, tell } from "../ui/attempt.ts";
import { confirm } from "../ui/confirm.ts";
import { useWords } from "../words/index.ts";
import styles from "./Channel.module.css";
import { Comments } from "./Comments.tsx";
import { PublicationDialog } from "./PublicationDialog.tsx";

interface PublicationCardProps {
  publication: PublicationView;
  channel: ChannelView;
  open: boolean;
}

export function PublicationCard({ publication, channel, open }: PublicationCardProps) {
  const say = useWords();
  const author = usePerson(publication.cid);
  const [talking, setTalking] = useState(false);
  const [sharing, setSharing] = useState(false);
  const name = author?.name ?? `#${publication.cid}`;
  const comments = publication.comments ?? 0;
  return (
    <div className={styles.item}>
      <article
        className={styles.card}
        data-open={open || undefined}
        data-publication={publication.pubId}
        aria-label={publication.title}
      >
        <div className={styles.top}>
          <Avatar id={publication.cid} name={name} file={author?.avatar ?? ""} size={28} />
          <span className={`clip ${styles.publisher}`}>{name}</span>
          <time title={fullTime(publication.time)}>{shortTime(publication.time)}</time>
        </div>
        <h2 className={styles.title}>{publication.title}</h2>
        {publication.text && (
          <div className={styles.body}>
            <RichText text={publication.text} />
          </div>
        )}
        {(publication.files?.length ?? 0) > 0 && (
          <div className={styles.files}>
            {publication.files?.map((file) => (
              <div key={file.file}>
                <Attached file={file} />
              </div>
            ))}
          </div>
        )}
        <div className={styles.bottom}>
          {(channel.comments ?? true) && (
            <Button
              variant="subtle"
              size="compact-sm"
              leftSection={<IconMessageCircle size={17} />}
              aria-expanded={talking}
              onClick={() => setTalking(!talking)}
            >
              {comments ? say("comments.count", { count: comments }) : say("comments.write")}
            </Button>
          )}
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconShare size={17} />}
            onClick={() => setSharing(true)}
          >
            {say("channel.shareShort")}
          </Button>
          {publication.editedTime ? (
            <span style={{ fontSize: 12, color: "var(--dim)" }}>{say("message.edited")}</span>
          ) : null}
          {channel.role === "admin" && <AdminMenu publication={publication} channel={channel} />}
        </div>
        {talking && <Comments publication={publication} channel={channel} />}
      </article>
      {sharing && (
        <PickConversation
          title={say("publication.share")}
          ok={say("channel.shareShort")}
          onClose={() => setSharing(false)}
          onPick={(peer) => {
            // Key order and the absence of spaces are part of the protocol.
            const data = `{"type":"publication","chId":${publication.chId},"pubId":${publication.pubId}}`;
            post(peer, { dataType: "data", data });
            setSharing(false);
            tell(say("channel.shared"));
          }}
        />
      )}
    </div>
  );
}

function Attached({ file }: { file: PublicationFile }) {
  const base = { file: file.file, name: file.name, size: file.size ?? 0 };
  const size = { width: file.width ?? 0, height: file.height ?? 0, previewFile: file.previewFile ?? "" };
  if (file.type === "image") return <ImageContent body={{ type: "image", ...base, ...size }} />;
  if (file.type === "video") return <VideoContent body={{ type: "video", ...base, ...size }} />;
  if (file.type === "audio") return <AudioContent body={{ type: "audio", ...base }} />;
  return <FileContent body={{ type: "file", ...base }} />;
}

function AdminMenu({ publication, channel }: { publication: PublicationView; channel: ChannelView }) {
  const say = useWords();
  const [editing, setEditing] = useState(false);
  const { chId, pubId } = publication;
  const remove = async () => {
    const question = {
      title: say("publication.delete"),
      text: say("publication.deleteText"),
      ok: say("common.delete"),
    };
    if (await confirm({ ...question, danger: true }))
      await attempt(() => server.call("delete-publication", { chId, pubId }));
  };
  return (
    <>
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <Action
            label={say("publication.menu")}
            icon={<IconDots size={18} />}
            size={28}
            style={{ marginLeft: "auto" }}
          />
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={18} />} onClick={() => setEditing(true)}>
            {say("message.edit")}
          </Menu.Item>
          <Menu.Item color="var(--danger)" leftSection={<IconTrash size={18} />} onClick={() => void remove()}>
            {say("common.delete")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {editing && <PublicationDialog channel={channel} edited={publication} onClose={() => setEditing(false)} />}
    </>
  );
}
