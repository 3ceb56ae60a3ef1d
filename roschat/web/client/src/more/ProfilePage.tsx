import { Button, Select, Stack, TextInput } from "@mantine/core";
import { IconLogout } from "@tabler/icons-react";
import { useState } from "react";
import { Facts } from "../info/PersonInfo.tsx";
import { usePeople, usePerson } from "../state/people.ts";
import { usePresence } from "../state/presence.ts";
import { server } from "../state/server.ts";
import { AvatarPicker } from "../ui/AvatarPicker.tsx";
import { attempt, tell } from "../ui/attempt.ts";
import { useWords } from "../words/index.ts";
import { askSignOut } from "./signOut.ts";

export function ProfilePage() {
  const say = useWords();
  const me = usePeople((state) => state.me);
  const person = usePerson(me);
  const presence = usePresence(me);
  const [text, setText] = useState<string>();
  const [status, setStatus] = useState("online");
  if (!person) return null;
  const shown = text ?? presence?.text ?? "";
  const save = () =>
    void attempt(async () => {
      await server.call("set-contact-status", { status, text: shown.trim() });
      tell(say("common.saved"));
    });
  return (
    <Stack>
      <AvatarPicker
        id={me}
        name={person.name}
        kind="person"
        file={person.avatar}
        onChange={(file) => void attempt(() => server.call("set-avatar", { file }))}
      />
      <Select
        label={say("profile.status")}
        allowDeselect={false}
        value={status}
        onChange={(value) => setStatus(value ?? "online")}
        data={[
          { value: "online", label: say("presence.online") },
          { value: "away", label: say("presence.away") },
          { value: "busy", label: say("presence.busy") },
        ]}
      />
      <TextInput
        label={say("profile.text")}
        placeholder={say("profile.textExample")}
        maxLength={100}
        value={shown}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button onClick={save} style={{ alignSelf: "flex-start" }}>
        {say("common.save")}
      </Button>
      <Facts person={person} />
      <Button
        variant="default"
        c="var(--danger)"
        leftSection={<IconLogout size={18} />}
        onClick={() => void askSignOut()}
        style={{ alignSelf: "flex-start" }}
      >
        {say("more.signOut")}
      </Button>
    </Stack>
  );
}
