import { Tooltip } from "@mantine/core";
import type { MessageView } from "@roschat/shared/protocol.ts";
import { nameOf, usePeople } from "../state/people.ts";
import { rememberEmoji } from "../state/preferences.ts";
import { server } from "../state/server.ts";
import { putMessage } from "../state/windows.ts";
import { attempt } from "../ui/attempt.ts";
import { useWords } from "../words/index.ts";
import styles from "./Bubble.module.css";

export function Reactions({ message }: { message: MessageView }) {
  const say = useWords();
  const me = usePeople((state) => state.me);
  if (!message.reactions?.length) return null;
  return (
    <div className={styles.reactions}>
      {message.reactions.map(({ reaction, cids }) => {
        const mine = cids.includes(me);
        const names = cids.slice(0, 12).map(nameOf).join(", ");
        return (
          <Tooltip key={reaction} label={names} multiline maw={260}>
            <button
              type="button"
              className={styles.reaction}
              aria-pressed={mine}
              tabIndex={-1}
              aria-label={say("reaction.label", { reaction, count: cids.length })}
              onClick={() => void react(message, reaction, !mine)}
            >
              <span>{reaction}</span>
              <span>{cids.length}</span>
            </button>
          </Tooltip>
        );
      })}
    </div>
  );
}

/** Shown at once; the server's event brings the truth. */
export async function react(message: MessageView, reaction: string, on: boolean): Promise<void> {
  const { me } = usePeople.getState();
  const others = (message.reactions ?? []).map((it) => ({
    ...it,
    cids: it.cids.filter((cid) => cid !== me || it.reaction !== reaction),
  }));
  const known = others.find((it) => it.reaction === reaction);
  if (on && known) known.cids.push(me);
  else if (on) others.push({ reaction, cids: [me] });
  putMessage({ ...message, reactions: others.filter((it) => it.cids.length > 0) });
  if (on) rememberEmoji(reaction);
  const done = await attempt(() => server.call("set-reaction", { id: message.id, reaction, on }));
  if (!done) putMessage(message);
}
