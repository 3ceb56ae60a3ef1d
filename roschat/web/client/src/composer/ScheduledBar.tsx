/** Messages of this conversation that wait for their time: how many, and the list of them. */
import { Button, Modal, Stack, Text } from "@mantine/core";
import { IconClockHour4, IconTrash } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { keyOf, type Peer } from "../state/peer.ts";
import { dropScheduled, loadScheduled, useScheduled } from "../state/scheduled.ts";
import { previewOf } from "../text/preview.ts";
import { fullTime } from "../text/time.ts";
import { Action } from "../ui/Action.tsx";
import { attempt, errorText } from "../ui/attempt.ts";
import { useWords } from "../words/index.ts";
import styles from "./Composer.module.css";

export function ScheduledBar({ peer }: { peer: Peer }) {
  const say = useWords();
  const { all, loaded } = useScheduled();
  const [open, setOpen] = useState(false);
  const here = all.filter((it) => keyOf(it) === keyOf(peer));
  const next = here.filter((it) => !it.error)[0]?.sendTime ?? 0;
  useEffect(() => {
    if (!loaded) void loadScheduled().catch(() => undefined);
  }, [loaded]);
  useEffect(() => {
    if (!next) return undefined;
    const pause = Math.min(Math.max(next * 1000 - Date.now(), 0) + 3_000, 2 ** 31 - 1);
    const timer = setTimeout(() => void loadScheduled().catch(() => undefined), pause);
    return () => clearTimeout(timer);
  }, [next]);
  if (here.length === 0) return null;
  return (
    <div className={styles.scheduled}>
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconClockHour4 size={16} />}
        onClick={() => setOpen(true)}
      >
        {say("schedule.waiting", { count: here.length })}
      </Button>
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        title={say("schedule.waiting", { count: here.length })}
        closeButtonProps={{ "aria-label": say("common.close") }}
      >
        <Stack gap="sm">
          {here.map((it) => (
            <div key={it.id} className={styles.thumb}>
              <div className={styles.thumbWords}>
                <Text size="sm" lineClamp={2}>
                  {previewOf({ dataType: it.dataType ?? "text", data: it.data })}
                </Text>
                <Text size="xs" c={it.error ? "var(--danger)" : "dimmed"}>
                  {it.error ? errorText(it.error) : fullTime(it.sendTime)}
                </Text>
              </div>
              <Action
                label={say("common.delete")}
                icon={<IconTrash size={18} />}
                onClick={() => void attempt(() => dropScheduled(it.id))}
              />
            </div>
          ))}
        </Stack>
      </Modal>
    </div>
  );
}
