import { ActionIcon, Button, Checkbox, Group, Modal, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { newKey } from "../state/parcel.ts";
import type { Peer } from "../state/peer.ts";
import { server } from "../state/server.ts";
import { attempt } from "../ui/attempt.ts";
import { useWords } from "../words/index.ts";

const MOST = 20;

interface Option {
  id: number;
  text: string;
}

export function PollDialog({ peer, onClose }: { peer: Peer; onClose: () => void }) {
  const say = useWords();
  const [question, setQuestion] = useState("");
  const [options, setOptions] = useState<Option[]>([
    { id: 1, text: "" },
    { id: 2, text: "" },
  ]);
  const [several, setSeveral] = useState(false);
  const [anonymous, setAnonymous] = useState(false);
  const [closes, setCloses] = useState("");
  const [busy, setBusy] = useState(false);
  const key = useRef(newKey());
  const texts = options.map((option) => option.text.trim()).filter(Boolean);
  const doubled = new Set(texts).size !== texts.length;
  const ready = question.trim() !== "" && texts.length >= 2 && !doubled;
  const change = (id: number, text: string) =>
    setOptions(options.map((option) => (option.id === id ? { id, text } : option)));
  const create = async () => {
    setBusy(true);
    const closesTime = closes ? Math.floor(new Date(closes).getTime() / 1000) : 0;
    const poll = { ...peer, question: question.trim(), options: texts, several, anonymous, closesTime };
    if (await attempt(() => server.call("create-poll", { ...poll, key: key.current }))) onClose();
    setBusy(false);
  };
  return (
    <Modal opened onClose={onClose} title={say("attach.poll")} closeButtonProps={{ "aria-label": say("common.close") }}>
      <Stack gap="sm">
        <TextInput
          label={say("poll.question")}
          maxLength={300}
          data-autofocus
          value={question}
          onChange={(event) => setQuestion(event.currentTarget.value)}
        />
        {options.map((option, i) => (
          <TextInput
            key={option.id}
            aria-label={say("poll.option", { number: i + 1 })}
            placeholder={say("poll.option", { number: i + 1 })}
            maxLength={200}
            value={option.text}
            onChange={(event) => change(option.id, event.currentTarget.value)}
            error={
              doubled &&
              texts.indexOf(option.text.trim()) < i &&
              texts.filter((it) => it === option.text.trim()).length > 1
                ? say("poll.same")
                : undefined
            }
            rightSection={
              options.length > 2 ? (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={say("poll.removeOption", { number: i + 1 })}
                  onClick={() => setOptions(options.filter((it) => it.id !== option.id))}
                >
                  <IconX size={16} />
                </ActionIcon>
              ) : undefined
            }
          />
        ))}
        {options.length < MOST && (
          <Button
            variant="subtle"
            size="sm"
            leftSection={<IconPlus size={16} />}
            onClick={() => setOptions([...options, { id: Math.max(...options.map((it) => it.id)) + 1, text: "" }])}
            style={{ alignSelf: "flex-start" }}
          >
            {say("poll.addOption")}
          </Button>
        )}
        <Checkbox
          label={say("poll.several")}
          checked={several}
          onChange={(event) => setSeveral(event.currentTarget.checked)}
        />
        <Checkbox
          label={say("poll.anonymous")}
          checked={anonymous}
          onChange={(event) => setAnonymous(event.currentTarget.checked)}
        />
        <TextInput
          type="datetime-local"
          label={say("poll.closes")}
          value={closes}
          onChange={(event) => setCloses(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button disabled={!ready} loading={busy} onClick={() => void create()}>
            {say("common.create")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
