/** When to send: usual moments, or any in the coming year. */
import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { clearWriting } from "../state/compose.ts";
import type { Peer } from "../state/peer.ts";
import { loadScheduled } from "../state/scheduled.ts";
import { server } from "../state/server.ts";
import { fullTime } from "../text/time.ts";
import { attempt, tell } from "../ui/attempt.ts";
import { useWords } from "../words/index.ts";

interface ScheduleDialogProps {
  peer: Peer;
  message: { dataType: string; data: string; replyId: number };
  onClose: () => void;
}

export function ScheduleDialog({ peer, message, onClose }: ScheduleDialogProps) {
  const say = useWords();
  const [time, setTime] = useState(() => local(new Date(Date.now() + 3_600_000)));
  const [busy, setBusy] = useState(false);
  const chosen = Math.floor(new Date(time).getTime() / 1000);
  const valid = chosen > Date.now() / 1000 + 5;
  const schedule = async (sendTime: number) => {
    setBusy(true);
    const done = await attempt(() => server.call("schedule-message", { ...peer, ...message, sendTime }));
    setBusy(false);
    if (!done) return;
    clearWriting(peer);
    tell(say("schedule.done", { time: fullTime(sendTime) }));
    void loadScheduled().catch(() => undefined);
    onClose();
  };
  const at = (days: number, hour: number) => {
    const date = new Date();
    date.setDate(date.getDate() + days);
    date.setHours(hour, 0, 0, 0);
    return Math.floor(date.getTime() / 1000);
  };
  const toMonday = (8 - new Date().getDay()) % 7 || 7;
  return (
    <Modal
      opened
      onClose={onClose}
      title={say("composer.later")}
      closeButtonProps={{ "aria-label": say("common.close") }}
    >
      <Stack>
        <Group gap="xs">
          <Button variant="light" size="sm" onClick={() => void schedule(Math.floor(Date.now() / 1000) + 3600)}>
            {say("schedule.hour")}
          </Button>
          <Button variant="light" size="sm" onClick={() => void schedule(at(1, 9))}>
            {say("schedule.tomorrow")}
          </Button>
          <Button variant="light" size="sm" onClick={() => void schedule(at(toMonday, 9))}>
            {say("schedule.monday")}
          </Button>
        </Group>
        <TextInput
          type="datetime-local"
          label={say("schedule.at")}
          value={time}
          min={local(new Date())}
          onChange={(event) => setTime(event.currentTarget.value)}
          error={valid ? undefined : say("schedule.past")}
        />
        <Button disabled={!valid} loading={busy} onClick={() => void schedule(chosen)}>
          {say("schedule.submit")}
        </Button>
      </Stack>
    </Modal>
  );
}

/** A local time as the field wants it. */
function local(date: Date): string {
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}
