/** Where messages are written: text, quote or edit, offers of names and commands, files, voice, later sending. */
import { Textarea } from "@mantine/core";
import { IconClockHour4, IconSend2 } from "@tabler/icons-react";
import { type ClipboardEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { InlineKeyboard } from "../bubble/InlineKeyboard.tsx";
import { clearWriting, endEdit, startEdit, useWriting, write, writingOf } from "../state/compose.ts";
import { useKeyboards } from "../state/keyboards.ts";
import { post } from "../state/outbox.ts";
import { keyOf, type Peer } from "../state/peer.ts";
import { usePeople } from "../state/people.ts";
import { server } from "../state/server.ts";
import { tellTyping } from "../state/typing.ts";
import { useWindows } from "../state/windows.ts";
import { bodyOf, textData } from "../text/body.ts";
import { parseMarkdown, wrap } from "../text/markdown.ts";
import { encodeMentions } from "../text/mentions.ts";
import { Action } from "../ui/Action.tsx";
import { attempt, tell } from "../ui/attempt.ts";
import { useWords } from "../words/index.ts";
import { AttachMenu } from "./AttachMenu.tsx";
import styles from "./Composer.module.css";
import { ContextBar } from "./ContextBar.tsx";
import { EmojiButton } from "./EmojiButton.tsx";
import { FilesDialog } from "./FilesDialog.tsx";
import { Offers, useOffers } from "./Offers.tsx";
import { ScheduleDialog } from "./ScheduleDialog.tsx";
import { ScheduledBar } from "./ScheduledBar.tsx";
import { VoiceRecorder } from "./VoiceRecorder.tsx";

const LIMIT = 20_000;

interface ComposerProps {
  peer: Peer;
  /** Whether pictures, sound and files may be sent here. */
  media: boolean;
  dropped: File[];
  onTaken: () => void;
}

export function Composer({ peer, media, dropped, onTaken }: ComposerProps) {
  const say = useWords();
  const writing = useWriting(peer);
  const keyboard = useKeyboards((state) => state[keyOf(peer)]);
  const field = useRef<HTMLTextAreaElement>(null);
  const [files, setFiles] = useState<File[]>([]);
  const [later, setLater] = useState(false);
  const [recording, setRecording] = useState(false);
  const offers = useOffers(peer, writing.text, field);
  const empty = writing.text.trim() === "";

  useEffect(() => {
    if (dropped.length === 0) return;
    setFiles(dropped);
    onTaken();
  }, [dropped, onTaken]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a quote or an edit brings the reader back to the field
  useEffect(() => {
    if (matchMedia("(hover: hover)").matches) field.current?.focus();
  }, [writing.replyId, writing.editing]);

  const send = () => {
    const now = writingOf(peer);
    if (!now.text.trim()) return;
    if (now.editing) {
      void saveEdit(peer);
      return;
    }
    const { dataType, data } = encoded(now.text);
    if (data.length > LIMIT) return tell(say("composer.tooLong", { limit: LIMIT }));
    post(peer, { dataType, data, replyId: now.replyId });
    clearWriting(peer);
  };

  const styleSelection = (mark: string) => {
    const element = field.current;
    if (!element) return;
    const next = wrap(writing.text, element.selectionStart, element.selectionEnd, mark);
    write(peer, { text: next.text });
    requestAnimationFrame(() => element.setSelectionRange(next.from, next.to));
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing || offers.onKey(event)) return;
    const mark = { b: "**", i: "_", u: "__", e: "`" }[event.key.toLowerCase()];
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && mark) {
      event.preventDefault();
      styleSelection(mark);
    } else if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      send();
    } else if (event.key === "ArrowUp" && writing.text === "" && !writing.editing) {
      event.preventDefault();
      editLast(peer);
    } else if (event.key === "Escape" && (writing.editing || writing.replyId)) {
      event.preventDefault();
      event.stopPropagation();
      if (writing.editing) endEdit(peer);
      else write(peer, { replyId: 0 });
    }
  };

  const onPaste = (event: ClipboardEvent) => {
    const pasted = [...event.clipboardData.files];
    if (pasted.length === 0) return;
    event.preventDefault();
    if (media) setFiles(pasted);
    else tell(say("role.noMedia"));
  };

  const insert = (text: string) => {
    const element = field.current;
    const from = element?.selectionStart ?? writing.text.length;
    const to = element?.selectionEnd ?? from;
    write(peer, { text: writing.text.slice(0, from) + text + writing.text.slice(to) });
    requestAnimationFrame(() => {
      element?.focus();
      element?.setSelectionRange(from + text.length, from + text.length);
    });
  };

  return (
    <div className={styles.box} data-testid="composer">
      <ScheduledBar peer={peer} />
      <ContextBar peer={peer} writing={writing} />
      <Offers offers={offers} />
      <div className={styles.line}>
        {recording ? (
          <VoiceRecorder peer={peer} onEnd={() => setRecording(false)} />
        ) : (
          <>
            <AttachMenu
              peer={peer}
              media={media}
              onFiles={setFiles}
              onLater={empty ? undefined : () => setLater(true)}
            />
            <Textarea
              ref={field}
              className={styles.field}
              classNames={{ input: styles.input ?? "" }}
              autosize
              minRows={1}
              maxRows={9}
              aria-label={say("composer.label")}
              placeholder={say("composer.placeholder")}
              value={writing.text}
              onChange={(event) => {
                write(peer, { text: event.currentTarget.value });
                if (event.currentTarget.value) tellTyping(peer);
              }}
              onKeyDown={onKeyDown}
              onPaste={onPaste}
            />
            <EmojiButton onPick={insert} />
            {empty && !writing.editing && media ? (
              <VoiceRecorder.Start onStart={() => setRecording(true)} />
            ) : (
              <>
                {!writing.editing && (
                  <Action
                    label={say("composer.later")}
                    icon={<IconClockHour4 size={21} />}
                    size={40}
                    disabled={empty}
                    onClick={() => setLater(true)}
                  />
                )}
                <Action
                  label={say(writing.editing ? "common.save" : "composer.send")}
                  icon={<IconSend2 size={21} />}
                  size={40}
                  variant="filled"
                  color="brand"
                  onClick={send}
                  disabled={empty}
                />
              </>
            )}
          </>
        )}
      </div>
      {keyboard && keyboard.length > 0 && (
        <div className={styles.keyboard} data-testid="bot-keyboard">
          <InlineKeyboard rows={keyboard} peer={peer} />
        </div>
      )}
      {files.length > 0 && (
        <FilesDialog peer={peer} files={files} replyId={writing.replyId} onClose={() => setFiles([])} />
      )}
      {later && (
        <ScheduleDialog
          peer={peer}
          message={{ ...encoded(writing.text), replyId: writing.replyId }}
          onClose={() => setLater(false)}
        />
      )}
    </div>
  );
}

function encoded(source: string): { dataType: string; data: string } {
  const { text, entities } = parseMarkdown(encodeMentions(source, Object.values(usePeople.getState().byId)));
  return textData(text, entities);
}

/** An edit keeps the kind of data, so a text that was a body stays one. */
async function saveEdit(peer: Peer): Promise<void> {
  const { text, editing } = writingOf(peer);
  const message = useWindows.getState()[keyOf(peer)]?.messages.find((it) => it.id === editing);
  const source = encodeMentions(text, Object.values(usePeople.getState().byId));
  const parsed = parseMarkdown(source);
  const old = message ? bodyOf(message) : undefined;
  const data =
    message?.dataType === "data"
      ? JSON.stringify({
          ...(old?.type === "text" ? old : { type: "text" }),
          text: parsed.text,
          entities: parsed.entities,
        })
      : source;
  endEdit(peer);
  await attempt(() => server.call("edit-message", { id: editing, data }));
}

function editLast(peer: Peer): void {
  const { me } = usePeople.getState();
  const messages = useWindows.getState()[keyOf(peer)]?.messages ?? [];
  const last = messages.findLast((it) => it.senderId === me && bodyOf(it).type === "text" && !it.forwarded);
  if (last) startEdit(peer, last);
}
