/** The question before a restore, or before proving an encrypted archive: its name typed, its passphrase. */
import { ApiError, type BackupView, call } from "@console/api/index.ts";
import { Alert, Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { refusal } from "./refusal.ts";
import { words } from "./words.ts";

interface RestoreDialogProps {
  of: BackupView;
  proveOnly: boolean;
  onClose: () => void;
  onBegun: (job: number) => void;
}

export function RestoreDialog({ of, proveOnly, onClose, onBegun }: RestoreDialogProps) {
  const say = words.use();
  const [typed, setTyped] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const [failure, setFailure] = useState<{ text: string; details?: string }>();
  const [busy, setBusy] = useState(false);
  const { name } = of;

  const begin = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      const begun = proveOnly
        ? await call("POST /backups/{name}/prove", { name, passphrase })
        : await call("POST /backups/{name}/restore", { name, confirm: typed, passphrase });
      onBegun(begun.job);
    } catch (error) {
      setBusy(false);
      setFailure(error instanceof ApiError ? refusal(error) : { text: String(error) });
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={say(proveOnly ? "proveTitle" : "restoreTitle")}
      closeButtonProps={{ "aria-label": say("close") }}
    >
      <form onSubmit={(event) => void begin(event)}>
        <Stack gap="md">
          <Text size="sm">{proveOnly ? say("proveText") : say("restoreText", { name })}</Text>
          {!proveOnly && of.origin === "upload" && (
            <Alert color="orange" variant="light">
              {say("restoreTrust")}
            </Alert>
          )}
          {!proveOnly && (
            <TextInput
              label={say("typed")}
              description={name}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              autoComplete="off"
              data-autofocus
            />
          )}
          {of.sealed && (
            <PasswordInput
              label={say("passphrase")}
              value={passphrase}
              onChange={(event) => setPassphrase(event.currentTarget.value)}
              autoComplete="off"
            />
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
            <Button
              type="submit"
              loading={busy}
              disabled={!proveOnly && typed.trim() !== name}
              color={proveOnly ? "brand" : "red.9"}
            >
              {say(proveOnly ? "prove" : "confirmRestore")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
