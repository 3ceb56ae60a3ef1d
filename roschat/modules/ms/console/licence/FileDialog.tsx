/** «Загрузить лицензию»: a file is read here and checked by the server. */
import { call, type LicenceView, tell } from "@console/api/index.ts";
import { Alert, Button, FileInput, Group, Modal, Stack, Text } from "@mantine/core";
import { IconFile } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { refusal } from "./refusal.ts";
import { words } from "./words.ts";

const LONGEST = 65_536;

interface FileDialogProps {
  onClose: () => void;
  onDone: (view: LicenceView) => void;
}

export function FileDialog({ onClose, onDone }: FileDialogProps) {
  const say = words.use();
  const [file, setFile] = useState<File | null>(null);
  const [failure, setFailure] = useState<{ text: string; details?: string }>();
  const [busy, setBusy] = useState(false);

  const load = async (event: FormEvent) => {
    event.preventDefault();
    if (!file) return;
    setBusy(true);
    setFailure(undefined);
    try {
      onDone(await call("POST /licence/file", { text: await file.slice(0, LONGEST + 1).text() }));
      tell(say("updated"));
      onClose();
    } catch (error) {
      setFailure(refusal(error, say("code.licence-refused")));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={say("load")} closeButtonProps={{ "aria-label": say("close") }}>
      <form onSubmit={(event) => void load(event)}>
        <Stack gap="md">
          <Text size="sm">{say("loadAbout")}</Text>
          <FileInput
            label={say("file")}
            placeholder={say("fileHint")}
            leftSection={<IconFile size={16} aria-hidden />}
            accept=".licence,.lic,.txt"
            value={file}
            onChange={setFile}
            clearable
            clearButtonProps={{ "aria-label": say("close") }}
          />
          {failure && (
            <Alert color="red" variant="light" role="alert" title={failure.text}>
              {failure.details}
            </Alert>
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {say("close")}
            </Button>
            <Button type="submit" loading={busy} disabled={!file}>
              {say("install")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
