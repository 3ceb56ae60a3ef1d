/** Comments under a publication, and writing one. */
import { Loader, Textarea } from "@mantine/core";
import type { ChannelView, CommentView, PublicationView } from "@roschat/shared/protocol.ts";
import { IconSend2, IconTrash } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { RichText } from "../bubble/RichText.tsx";
import { commentsKey, loadComments, putComment, useChannels } from "../state/channels.ts";
import { newKey } from "../state/parcel.ts";
import { usePeople, usePerson } from "../state/people.ts";
import { server } from "../state/server.ts";
import { fullTime, shortTime } from "../text/time.ts";
import { Action } from "../ui/Action.tsx";
import { Avatar } from "../ui/Avatar.tsx";
import { attempt } from "../ui/attempt.ts";
import { useWords } from "../words/index.ts";
import styles from "./Channel.module.css";

export function Comments({ publication, channel }: { publication: PublicationView; channel: ChannelView }) {
  const say = useWords();
  const { chId, pubId } = publication;
  const comments = useChannels((state) => state.comments[commentsKey(chId, pubId)]);
  const [text, setText] = useState("");
  const key = useRef(newKey());
  useEffect(() => void attempt(() => loadComments(chId, pubId)), [chId, pubId]);
  const send = async () => {
    const words = text.trim();
    if (!words) return;
    const done = await attempt(async () =>
      putComment(await server.call("send-comment", { chId, pubId, text: words, key: key.current })),
    );
    if (!done) return;
    key.current = newKey();
    setText("");
  };
  return (
    <div className={styles.comments}>
      {!comments && <Loader size="sm" aria-label={say("app.loading")} />}
      {comments?.map((comment) => (
        <Comment key={comment.id} comment={comment} admin={channel.role === "admin"} />
      ))}
      <div className={styles.write}>
        <Textarea
          style={{ flex: 1 }}
          autosize
          minRows={1}
          maxRows={5}
          maxLength={4000}
          aria-label={say("comments.write")}
          placeholder={say("comments.write")}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            void send();
          }}
        />
        <Action
          label={say("composer.send")}
          icon={<IconSend2 size={19} />}
          variant="light"
          color="brand"
          disabled={!text.trim()}
          onClick={() => void send()}
        />
      </div>
    </div>
  );
}

function Comment({ comment, admin }: { comment: CommentView; admin: boolean }) {
  const say = useWords();
  const person = usePerson(comment.cid);
  const mine = usePeople((state) => state.me === comment.cid);
  const name = person?.name ?? `#${comment.cid}`;
  return (
    <div className={styles.comment}>
      <Avatar id={comment.cid} name={name} file={person?.avatar ?? ""} size={30} />
      <div>
        <div className={styles.commentHead}>
          <b>{name}</b>
          <time title={fullTime(comment.time)}>{shortTime(comment.time)}</time>
        </div>
        <RichText text={comment.text} />
      </div>
      {(mine || admin) && (
        <Action
          label={say("comments.delete")}
          size={28}
          icon={<IconTrash size={16} />}
          onClick={() => void attempt(() => server.call("delete-comment", { id: comment.id }))}
        />
      )}
    </div>
  );
}
