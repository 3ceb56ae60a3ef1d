/** Name, description, type and picture of a channel. */
import { Button, Group, Radio, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { AvatarPicker } from "../ui/AvatarPicker.tsx";
import { useWords } from "../words/index.ts";

export interface ChannelValues {
  name: string;
  description: string;
  closed: boolean;
  avatar: string;
  comments: boolean;
}

interface ChannelFormProps {
  values?: ChannelValues;
  ok: string;
  onSubmit: (values: ChannelValues) => Promise<void>;
}

export function ChannelForm({ values, ok, onSubmit }: ChannelFormProps) {
  const say = useWords();
  const [name, setName] = useState(values?.name ?? "");
  const [description, setDescription] = useState(values?.description ?? "");
  const [type, setType] = useState(values ? (values.closed ? "closed" : "public") : "");
  const [avatar, setAvatar] = useState(values?.avatar ?? "");
  const [comments, setComments] = useState(values?.comments ?? true);
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    await onSubmit({
      name: name.trim(),
      description: description.trim(),
      closed: type === "closed",
      avatar,
      comments,
    });
    setBusy(false);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Stack>
        <AvatarPicker id={1} name={name} kind="channel" file={avatar} onChange={setAvatar} />
        <TextInput
          label={say("channel.name")}
          required
          maxLength={100}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          label={say("channel.description")}
          autosize
          minRows={2}
          maxLength={1000}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <Radio.Group label={say("channel.type")} value={type} onChange={setType} required>
          <Stack gap="xs" mt={6}>
            <Radio value="public" label={say("channel.public")} description={say("channel.publicText")} />
            <Radio value="closed" label={say("channel.closed")} description={say("channel.closedText")} />
          </Stack>
        </Radio.Group>
        <Switch
          label={say("channel.comments")}
          checked={comments}
          onChange={(event) => setComments(event.currentTarget.checked)}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={busy} disabled={!name.trim() || !type}>
            {ok}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
