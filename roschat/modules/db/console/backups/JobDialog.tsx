/** One piece of work on backups as it goes on, and how it ended. */
import type { JobState } from "@console/api/index.ts";
import { JobProgress } from "@console/kit/JobProgress.tsx";
import { Alert, Button, Group, Modal, Stack } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useCallback, useState } from "react";
import { Restart } from "./Plan.tsx";
import { words } from "./words.ts";

export interface Work {
  kind: "make" | "prove" | "restore";
  id: number;
}

const TITLES = { make: "makeTitle", prove: "proveTitle", restore: "restoreTitle" } as const;
const DONE = { make: "madeOk", prove: "provenOk", restore: "prepared" } as const;

export function JobDialog({ work, onClose }: { work: Work; onClose: () => void }) {
  const say = words.use();
  const [ended, setEnded] = useState<JobState>();
  const onEnd = useCallback((job: JobState) => setEnded(job), []);
  return (
    <Modal opened onClose={onClose} title={say(TITLES[work.kind])} closeButtonProps={{ "aria-label": say("close") }}>
      <Stack gap="md">
        <JobProgress id={work.id} title={say(TITLES[work.kind])} onEnd={onEnd} />
        {ended?.state === "done" && (
          <Alert color="teal" variant="light" role="status" icon={<IconCheck size={18} aria-hidden />} data-done>
            {say(DONE[work.kind])}
          </Alert>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {say("close")}
          </Button>
          {ended?.state === "done" && work.kind === "restore" && <Restart />}
        </Group>
      </Stack>
    </Modal>
  );
}
