/** Two steps: who, then what it is called. */
import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useRef, useState } from "react";
import { PickContacts } from "../pick/PickContacts.tsx";
import { fetchChat } from "../state/chats.ts";
import { newKey } from "../state/parcel.ts";
import { goChat } from "../state/place.ts";
import { server } from "../state/server.ts";
import { AvatarPicker } from "../ui/AvatarPicker.tsx";
import { attempt } from "../ui/attempt.ts";
import { useWords } from "../words/index.ts";

export function NewGroup({ onClose }: { onClose: () => void }) {
  const say = useWords();
  const [members, setMembers] = useState<number[]>([]);
  const [named, setNamed] = useState(false);
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [avatar, setAvatar] = useState("");
  const [busy, setBusy] = useState(false);
  const key = useRef(newKey());

  const create = async () => {
    setBusy(true);
    await attempt(async () => {
      const request = { name: name.trim(), description: description.trim(), members, avatar, key: key.current };
      const { cid } = await server.call("create-group", request);
      await fetchChat({ cid, cidType: "group" });
      onClose();
      goChat({ cid, cidType: "group" });
    });
    setBusy(false);
  };

  return (
    <Modal opened onClose={onClose} title={say("new.group")} closeButtonProps={{ "aria-label": say("common.close") }}>
      {!named && (
        <Stack>
          <PickContacts chosen={members} onChange={setMembers} />
          <Group justify="space-between">
            <Text size="sm" c="dimmed">
              {say("pick.chosen", { count: members.length })}
            </Text>
            <Button disabled={members.length === 0} onClick={() => setNamed(true)}>
              {say("common.next")}
            </Button>
          </Group>
        </Stack>
      )}
      {named && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void create();
          }}
        >
          <Stack>
            <AvatarPicker id={members.length} name={name} kind="group" file={avatar} onChange={setAvatar} />
            <TextInput
              label={say("group.name")}
              required
              maxLength={100}
              data-autofocus
              autoFocus
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Textarea
              label={say("group.description")}
              maxLength={500}
              autosize
              minRows={2}
              value={description}
              onChange={(event) => setDescription(event.currentTarget.value)}
            />
            <Group justify="space-between">
              <Button variant="default" onClick={() => setNamed(false)}>
                {say("common.back")}
              </Button>
              <Button type="submit" loading={busy} disabled={!name.trim()}>
                {say("common.create")}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
