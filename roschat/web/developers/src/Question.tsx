import { Button, Group, Modal, Text } from "@mantine/core";
import { useWords } from "./words/index.ts";

interface QuestionProps {
  title: string;
  text: string;
  ok: string;
  danger: boolean;
  onAnswer: (yes: boolean) => void;
}

/** Asks before something that cannot be taken back. */
export function Question({ title, text, ok, danger, onAnswer }: QuestionProps) {
  const say = useWords();
  return (
    <Modal
      opened
      centered
      onClose={() => onAnswer(false)}
      title={title}
      closeButtonProps={{ "aria-label": say("ask.cancel") }}
    >
      <Text size="sm">{text}</Text>
      <Group justify="flex-end" mt="lg" gap="sm">
        <Button variant="default" onClick={() => onAnswer(false)}>
          {say("ask.cancel")}
        </Button>
        <Button color={danger ? "red.9" : "brand"} onClick={() => onAnswer(true)} data-autofocus>
          {ok}
        </Button>
      </Group>
    </Modal>
  );
}
