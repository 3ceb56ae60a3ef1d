/** Deleting an archive: its name is typed. */
import { type BackupView, call, errorText } from "@console/api/index.ts";
import { Alert, Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { words } from "./words.ts";

export function RemoveDialog({ of, onClose, onDone }: { of: BackupView; onClose: () => void; onDone: () => void }) {
  const say = words.use();
  const [typed, setTyped] = useState("");
  const [failure, setFailure] = useState("");
  const remove = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await call("DELETE /backups/{name}", { name: of.name, confirm: typed.trim() });
      onDone();
    } catch (error) {
      setFailure(errorText(error));
    }
  };
  return (
    <Modal opened onClose={onClose} title={say("removeTitle")} closeButtonProps={{ "aria-label": say("close") }}>
      <form onSubmit={(event) => void remove(event)}>
        <Stack gap="md">
          <Text size="sm">{say("removeText")}</Text>
          <TextInput
            label={say("typed")}
            description={of.name}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
          {failure && (
            <Alert color="red" variant="light" role="alert">
              {failure}
            </Alert>
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {say("close")}
            </Button>
            <Button type="submit" color="red.9" disabled={typed.trim() !== of.name}>
              {say("remove")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
