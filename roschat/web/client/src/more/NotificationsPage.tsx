import { Group, Stack, Switch, Text, TextInput } from "@mantine/core";
import { setOptions, useChats } from "../state/chats.ts";
import { chime, isMuted } from "../state/notices.ts";
import { keyOf, peerOf } from "../state/peer.ts";
import { nameOf } from "../state/people.ts";
import { usePreferences } from "../state/preferences.ts";
import { attempt, tell } from "../ui/attempt.ts";
import { useWords } from "../words/index.ts";

export function NotificationsPage() {
  const say = useWords();
  const rules = usePreferences();
  const chats = useChats((state) => state.byKey);
  const muted = Object.values(chats).filter((chat) => isMuted(chat.mutedUntil));
  const allowDesktop = async (on: boolean) => {
    if (on && (await Notification.requestPermission()) !== "granted") return tell(say("notice.denied"));
    usePreferences.setState({ desktop: on });
  };
  return (
    <Stack gap="lg">
      {"Notification" in window && (
        <Switch
          label={say("notice.desktop")}
          description={say("notice.desktopText")}
          checked={rules.desktop && Notification.permission === "granted"}
          onChange={(event) => void allowDesktop(event.currentTarget.checked)}
        />
      )}
      <Switch
        label={say("notice.preview")}
        description={say("notice.previewText")}
        checked={rules.preview}
        onChange={(event) => usePreferences.setState({ preview: event.currentTarget.checked })}
      />
      <Switch
        label={say("notice.sound")}
        checked={rules.sound}
        onChange={(event) => {
          usePreferences.setState({ sound: event.currentTarget.checked });
          if (event.currentTarget.checked) chime();
        }}
      />
      <Stack gap="xs">
        <Switch
          label={say("notice.quiet")}
          description={say("notice.quietText")}
          checked={rules.quiet}
          onChange={(event) => usePreferences.setState({ quiet: event.currentTarget.checked })}
        />
        {rules.quiet && (
          <Group>
            <TextInput
              type="time"
              label={say("notice.from")}
              value={rules.quietFrom}
              onChange={(event) => usePreferences.setState({ quietFrom: event.currentTarget.value })}
            />
            <TextInput
              type="time"
              label={say("notice.to")}
              value={rules.quietTo}
              onChange={(event) => usePreferences.setState({ quietTo: event.currentTarget.value })}
            />
          </Group>
        )}
      </Stack>
      <Stack gap="xs">
        <Text fw={600} size="sm">
          {say("notice.muted")}
        </Text>
        {muted.length === 0 && (
          <Text size="sm" c="dimmed">
            {say("notice.noneMuted")}
          </Text>
        )}
        {muted.map((chat) => (
          <Switch
            key={keyOf(chat)}
            checked
            label={chat.cidType === "group" ? chat.name : nameOf(chat.cid)}
            onChange={() => void attempt(() => setOptions(peerOf(chat), { mutedUntil: 0 }))}
          />
        ))}
      </Stack>
    </Stack>
  );
}
