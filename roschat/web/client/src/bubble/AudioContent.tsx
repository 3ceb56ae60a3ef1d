/** A player for sound: loudness bars of a voice note, or a plain bar for music. One plays at a time. */
import { ActionIcon } from "@mantine/core";
import type { AudioBody } from "@roschat/shared/protocol.ts";
import { IconPlayerPauseFilled, IconPlayerPlayFilled } from "@tabler/icons-react";
import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from "react";
import { fileUrl } from "../state/uploads.ts";
import { duration as shown } from "../text/time.ts";
import { useWords } from "../words/index.ts";
import styles from "./Content.module.css";

const BARS = 40;
let playing: HTMLAudioElement | undefined;

export function AudioContent({ body }: { body: AudioBody }) {
  const say = useWords();
  const audio = useRef<HTMLAudioElement>(null);
  const [on, setOn] = useState(false);
  const [at, setAt] = useState(0);
  const [known, setKnown] = useState(body.duration ?? 0);
  const bars = barsOf(body.waveform ?? []);
  const share = known ? at / known : 0;
  useEffect(() => () => audio.current?.pause(), []);

  const toggle = () => {
    const element = audio.current;
    if (!element) return;
    if (!element.paused) return element.pause();
    if (playing !== element) playing?.pause();
    playing = element;
    void element.play().catch(() => setOn(false));
  };
  const seek = (to: number) => {
    if (audio.current && known) audio.current.currentTime = Math.max(0, Math.min(1, to)) * known;
  };
  const onClick = (event: MouseEvent<HTMLButtonElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    if (event.clientX) seek((event.clientX - box.left) / box.width);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "ArrowRight") seek(share + 0.05);
    if (event.key === "ArrowLeft") seek(share - 0.05);
  };

  return (
    <div className={styles.player}>
      {/* biome-ignore lint/a11y/useMediaCaption: sound sent by people has no captions */}
      <audio
        ref={audio}
        src={fileUrl(body.file)}
        preload="none"
        onPlay={() => setOn(true)}
        onPause={() => setOn(false)}
        onEnded={() => setAt(0)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onDurationChange={(event) => {
          if (Number.isFinite(event.currentTarget.duration)) setKnown(event.currentTarget.duration);
        }}
      />
      <ActionIcon size={40} radius="xl" onClick={toggle} aria-label={say(on ? "audio.pause" : "audio.play")}>
        {on ? <IconPlayerPauseFilled size={19} /> : <IconPlayerPlayFilled size={19} />}
      </ActionIcon>
      <div className={styles.fileWords}>
        {!body.voice && <span className={styles.fileName}>{body.name || say("kind.audio")}</span>}
        <button
          type="button"
          className={styles.wave}
          onClick={onClick}
          onKeyDown={onKey}
          aria-label={say("audio.seek")}
        >
          {bars.map((height, i) => (
            <span
              // biome-ignore lint/suspicious/noArrayIndexKey: bars are a fixed row
              key={i}
              style={{ height: `${height}%` }}
              data-played={i / BARS < share || undefined}
            />
          ))}
        </button>
        <span className={styles.fileSize}>{shown(on || at ? at : known)}</span>
      </div>
    </div>
  );
}

/** Any number of samples 0..100 as a fixed number of bars that can all be seen. */
export function barsOf(samples: number[]): number[] {
  return Array.from({ length: BARS }, (_, i) => {
    if (samples.length === 0) return 14;
    const from = Math.floor((i * samples.length) / BARS);
    const to = Math.max(from + 1, Math.floor(((i + 1) * samples.length) / BARS));
    return Math.max(12, Math.max(...samples.slice(from, to)));
  });
}
