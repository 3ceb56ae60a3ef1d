/** A long work as it goes on: how far, what it says, a button to stop it. */
import { Alert, Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { JobState } from "../api/generated.ts";
import { useApi, useSave } from "../api/hooks.ts";
import { Asked } from "./Empty.tsx";
import { words } from "./words.ts";

interface JobProgressProps {
  id: number;
  /** Told once, when the work has ended in whatever way. */
  onEnd?: (job: JobState) => void;
  title?: string;
}

const ENDED: Record<string, "teal" | "red" | "orange"> = {
  done: "teal",
  failed: "red",
  cancelled: "orange",
  interrupted: "orange",
};

export function JobProgress({ id, onEnd, title }: JobProgressProps) {
  const asked = useApi("GET /jobs/{id}", { id }, { every: 700, fresh: true });
  const cancel = useSave("DELETE /jobs/{id}");
  const told = useRef(0);
  const job = asked.data;
  useEffect(() => {
    if (!job || job.state === "running" || told.current === job.id) return;
    told.current = job.id;
    onEnd?.(job);
  }, [job, onEnd]);
  return (
    <Asked of={asked} height={80}>
      {(found) => (
        <JobBar
          job={found}
          title={title ?? found.title}
          onCancel={() => cancel.mutate({ id })}
          busy={cancel.isPending}
        />
      )}
    </Asked>
  );
}

interface JobBarProps {
  job: JobState;
  title: string;
  onCancel: () => void;
  busy: boolean;
}

function JobBar({ job, title, onCancel, busy }: JobBarProps) {
  const say = words.use();
  const { state, done = 0, total = 0, text } = job;
  const running = state === "running";
  const share = total > 0 ? (100 * done) / total : running ? 100 : state === "done" ? 100 : 0;
  const word = state in ENDED || running ? say(`job.${state}` as "job.running") : state;
  return (
    <Stack gap={6} data-job={state}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600}>
          {title || word}
        </Text>
        <Text size="sm" c="dimmed" aria-live="polite">
          {total > 0 ? say("job.of", { done, total }) : word}
        </Text>
      </Group>
      <Progress
        value={share}
        striped={running}
        animated={running}
        color={ENDED[state] ?? "brand"}
        aria-label={title || word}
      />
      <Group justify="space-between" gap="xs" mih={30}>
        {text && running ? (
          <Text size="xs" c="dimmed">
            {text}
          </Text>
        ) : (
          <Text size="xs" c="dimmed">
            {word}
          </Text>
        )}
        {running && (
          <Button size="compact-xs" variant="default" onClick={onCancel} loading={busy}>
            {say("job.cancel")}
          </Button>
        )}
      </Group>
      {text && state === "failed" && (
        <Alert color="red" variant="light" role="alert">
          {text}
        </Alert>
      )}
    </Stack>
  );
}
