/** «Восстановить» from a file: it goes onto the list first, then the question of a restore follows. */
import { type BackupView, upload } from "@console/api/index.ts";
import { Alert, Button, FileInput, Group, Modal, Progress, Stack, Text } from "@mantine/core";
import { IconFile } from "@tabler/icons-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { refusal } from "./refusal.ts";
import { words } from "./words.ts";

interface UploadDialogProps {
  onClose: () => void;
  onDone: (backup: BackupView) => void;
}

export function UploadDialog({ onClose, onDone }: UploadDialogProps) {
  const say = words.use();
  const [file, setFile] = useState<File | null>(null);
  const [percent, setPercent] = useState<number>();
  const [failure, setFailure] = useState<{ text: string; details?: string }>();
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);

  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!file) return;
    setFailure(undefined);
    setPercent(0);
    stop.current = new AbortController();
    try {
      const sent = await upload<BackupView>("POST /backups/archive", file, {
        request: { name: file.name },
        type: "application/gzip",
        signal: stop.current.signal,
        onProgress: (done, total) => setPercent(Math.floor((100 * done) / Math.max(1, total))),
      });
      onDone(sent);
    } catch (error) {
      setPercent(undefined);
      if (!stop.current.signal.aborted) setFailure(refusal(error));
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={say("restoreTitle")}
      closeButtonProps={{ "aria-label": say("close") }}
      closeOnClickOutside={percent === undefined}
    >
      <form onSubmit={(event) => void send(event)}>
        <Stack gap="md">
          <Text size="sm">{say("uploadText")}</Text>
          <FileInput
            label={say("file")}
            placeholder={say("fileHint")}
            leftSection={<IconFile size={16} aria-hidden />}
            value={file}
            onChange={setFile}
            disabled={percent !== undefined}
          />
          {percent !== undefined && (
            <Stack gap={4}>
              <Text size="sm" aria-live="polite">
                {say("sending", { percent })}
              </Text>
              <Progress value={percent} aria-label={say("sending", { percent })} />
            </Stack>
          )}
          {failure && (
            <Alert color="red" variant="light" role="alert" title={failure.text}>
              {failure.details}
            </Alert>
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {say("close")}
            </Button>
            <Button type="submit" loading={percent !== undefined} disabled={!file}>
              {say("send")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
