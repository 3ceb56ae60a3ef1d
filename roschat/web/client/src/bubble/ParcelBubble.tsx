/** An own message that is on its way: what it says, how far it is, and what to do when it failed. */
import { Progress } from "@mantine/core";
import { IconFile, IconMicrophone, IconPhoto } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { Attachment } from "../state/media.ts";
import { discard, resend } from "../state/outbox.ts";
import type { Parcel } from "../state/parcel.ts";
import { clock, fileSize } from "../text/time.ts";
import { errorText } from "../ui/attempt.ts";
import { useWords } from "../words/index.ts";
import styles from "./Bubble.module.css";
import contentStyles from "./Content.module.css";
import { Content } from "./Content.tsx";
import { Quote } from "./Quote.tsx";
import { Ticks } from "./Ticks.tsx";

export function ParcelBubble({ parcel }: { parcel: Parcel }) {
  const say = useWords();
  const failed = parcel.state === "failed";
  const message = {
    dataType: parcel.dataType,
    data: parcel.data,
    id: 0,
    cid: parcel.peer.cid,
    time: parcel.time,
    rev: 0,
  };
  return (
    <article className={styles.line} data-own data-parcel={parcel.key} data-message="0" tabIndex={-1}>
      <div className={styles.bubble} data-last data-first>
        {parcel.replyId ? <Quote peer={parcel.peer} id={parcel.replyId} /> : null}
        {parcel.attachment ? (
          <Sending parcel={parcel} attachment={parcel.attachment} />
        ) : (
          <Content message={message} peer={parcel.peer} />
        )}
        <span className={styles.foot}>
          <time>{clock(parcel.time)}</time>
          <Ticks state={failed ? "failed" : "sending"} />
        </span>
        {failed && (
          <div className={styles.failed} role="alert">
            <span>{errorText(parcel.error)}</span>
            <button type="button" className={styles.link} onClick={() => resend(parcel.key)}>
              {say("common.retry")}
            </button>
            <button type="button" className={styles.link} onClick={() => discard(parcel.key)}>
              {say("common.delete")}
            </button>
          </div>
        )}
      </div>
    </article>
  );
}

function Sending({ parcel, attachment }: { parcel: Parcel; attachment: Attachment }) {
  const say = useWords();
  const percent = Math.round(parcel.progress * 100);
  const Icon = attachment.kind === "image" ? IconPhoto : attachment.voice ? IconMicrophone : IconFile;
  return (
    <div className={contentStyles.sending}>
      {attachment.kind === "image" ? <LocalPicture blob={attachment.blob} /> : <Icon size={26} aria-hidden="true" />}
      <div className={contentStyles.fileWords}>
        <span className={contentStyles.fileName}>{attachment.voice ? say("kind.voice") : attachment.name}</span>
        <span className={contentStyles.fileSize}>
          {fileSize(attachment.blob.size)} · {percent}%
        </span>
        <Progress value={percent} size="sm" mt={4} aria-label={say("files.progress", { name: attachment.name })} />
        {parcel.state !== "failed" && (
          <button type="button" className={styles.link} onClick={() => discard(parcel.key)}>
            {say("common.cancel")}
          </button>
        )}
      </div>
    </div>
  );
}

function LocalPicture({ blob }: { blob: Blob }) {
  const [url, setUrl] = useState("");
  useEffect(() => {
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return url ? <img className={contentStyles.local} src={url} alt="" /> : null;
}
