/** A poll: answers to choose, then the live result. */
import { Button, Group, Tooltip } from "@mantine/core";
import type { PollBody, PollView } from "@roschat/shared/protocol.ts";
import { IconCircle, IconCircleCheckFilled, IconSquare, IconSquareCheckFilled } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { nameOf, usePeople } from "../state/people.ts";
import { closePoll, loadPoll, usePolls, vote } from "../state/polls.ts";
import { fullTime } from "../text/time.ts";
import { attempt } from "../ui/attempt.ts";
import { useWords } from "../words/index.ts";
import styles from "./Content.module.css";

export function PollContent({ body }: { body: PollBody }) {
  const say = useWords();
  const poll = usePolls((state) => state[body.pollId]);
  useEffect(() => loadPoll(body.pollId), [body.pollId]);
  return (
    <div className={styles.poll} data-poll={body.pollId}>
      <span className={styles.question}>{body.question}</span>
      {poll ? <Answers poll={poll} /> : <span className={styles.pollKind}>{say("app.loading")}</span>}
    </div>
  );
}

function Answers({ poll }: { poll: PollView }) {
  const say = useWords();
  const me = usePeople((state) => state.me);
  const mine = poll.mine ?? [];
  const [chosen, setChosen] = useState<number[]>(mine);
  const closed = poll.closed || isOver(poll);
  const done = mine.length > 0 || closed;
  const kind = [
    say(poll.anonymous ? "poll.anonymous" : "poll.open"),
    poll.several ? say("poll.several") : "",
    closed ? say("poll.closed") : poll.closesTime ? say("poll.until", { time: fullTime(poll.closesTime) }) : "",
  ].filter(Boolean);
  const send = (options: number[]) => void attempt(() => vote(poll.pollId, options));
  const pick = (index: number) => {
    if (!poll.several) return send([index]);
    setChosen(chosen.includes(index) ? chosen.filter((it) => it !== index) : [...chosen, index]);
  };
  return (
    <>
      <span className={styles.pollKind}>{kind.join(" · ")}</span>
      {poll.options.map((option, index) => {
        const votes = option.votes ?? 0;
        const percent = poll.voted ? Math.round((votes / poll.voted) * 100) : 0;
        const picked = done ? mine.includes(index) : chosen.includes(index);
        const names = (option.voters ?? []).slice(0, 15).map(nameOf).join(", ");
        return (
          <Tooltip key={option.text} label={names} disabled={!names || !done} multiline maw={280}>
            <button
              type="button"
              className={styles.option}
              disabled={done}
              aria-pressed={picked}
              onClick={() => pick(index)}
            >
              {done && <span className={styles.share} style={{ width: `${percent}%` }} />}
              <Mark several={poll.several ?? false} picked={picked} />
              <span className={styles.optionText}>{option.text}</span>
              {done && (
                <span className={styles.percent}>
                  {percent}% · {votes}
                </span>
              )}
            </button>
          </Tooltip>
        );
      })}
      <Group justify="space-between" gap="xs">
        <span className={styles.pollKind}>{say("poll.voted", { count: poll.voted ?? 0 })}</span>
        <Group gap={6}>
          {poll.several && !done && (
            <Button size="compact-sm" disabled={chosen.length === 0} onClick={() => send(chosen)}>
              {say("poll.vote")}
            </Button>
          )}
          {mine.length > 0 && !closed && (
            <Button
              size="compact-sm"
              variant="subtle"
              onClick={() => {
                setChosen([]);
                send([]);
              }}
            >
              {say("poll.takeBack")}
            </Button>
          )}
          {poll.author === me && !closed && (
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              onClick={() => void attempt(() => closePoll(poll.pollId))}
            >
              {say("poll.close")}
            </Button>
          )}
        </Group>
      </Group>
    </>
  );
}

const isOver = (poll: PollView) => Boolean(poll.closesTime && poll.closesTime < Date.now() / 1000);

function Mark({ several, picked }: { several: boolean; picked: boolean }) {
  const Icon = several ? (picked ? IconSquareCheckFilled : IconSquare) : picked ? IconCircleCheckFilled : IconCircle;
  return (
    <span style={{ display: "flex", color: picked ? "var(--accent)" : "var(--foot)" }} aria-hidden="true">
      <Icon size={19} />
    </span>
  );
}
