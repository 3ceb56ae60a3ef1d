/** Recording a voice note: time, cancel, send. The loudness is measured on the way for the bars of the player. */
import { IconMicrophone, IconSend2, IconTrash } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { write, writingOf } from "../state/compose.ts";
import { postFile } from "../state/outbox.ts";
import type { Peer } from "../state/peer.ts";
import { duration } from "../text/time.ts";
import { Action } from "../ui/Action.tsx";
import { tell } from "../ui/attempt.ts";
import { useWords } from "../words/index.ts";
import styles from "./Composer.module.css";
import { Recording } from "./recording.ts";

export function VoiceRecorder({ peer, onEnd }: { peer: Peer; onEnd: () => void }) {
  const say = useWords();
  const recording = useRef<Recording>(null);
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    let wanted = true;
    const timer = setInterval(() => setSeconds(recording.current?.seconds ?? 0), 200);
    Recording.start().then(
      (started) => {
        if (wanted) recording.current = started;
        else started.cancel();
      },
      () => {
        tell(say("voice.denied"));
        onEnd();
      },
    );
    return () => {
      wanted = false;
      clearInterval(timer);
      recording.current?.cancel();
    };
  }, [say, onEnd]);
  const send = async () => {
    const note = await recording.current?.finish();
    recording.current = null;
    if (note) {
      postFile(peer, note, writingOf(peer).replyId);
      if (writingOf(peer).replyId) write(peer, { replyId: 0 });
    }
    onEnd();
  };
  return (
    <div className={styles.recording} role="group" aria-label={say("voice.recording")}>
      <Action label={say("common.cancel")} icon={<IconTrash size={21} />} size={40} onClick={onEnd} />
      <span className={styles.dot} aria-hidden="true" />
      <span style={{ flex: 1 }} role="timer">
        {duration(seconds)}
      </span>
      <Action
        label={say("composer.send")}
        icon={<IconSend2 size={21} />}
        size={40}
        variant="filled"
        color="brand"
        onClick={() => void send()}
      />
    </div>
  );
}

function Start({ onStart }: { onStart: () => void }) {
  const say = useWords();
  return <Action label={say("voice.start")} icon={<IconMicrophone size={22} />} size={40} onClick={onStart} />;
}

VoiceRecorder.Start = Start;
