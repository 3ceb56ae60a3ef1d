import { Button, Group, Modal, Text } from "@mantine/core";
import { useWords } from "../words/index.ts";
import { useQuestion } from "./confirm.ts";

export function ConfirmHost() {
  const say = useWords();
  const question = useQuestion((state) => state.question);
  return (
    <Modal
      opened={Boolean(question)}
      onClose={() => question?.answer(false)}
      title={question?.title}
      size="sm"
      closeButtonProps={{ "aria-label": say("common.close") }}
    >
      <Text size="sm">{question?.text}</Text>
      <Group justify="flex-end" mt="lg" gap="sm">
        <Button variant="default" onClick={() => question?.answer(false)}>
          {say("common.cancel")}
        </Button>
        <Button color={question?.danger ? "red.9" : "brand"} onClick={() => question?.answer(true)} data-autofocus>
          {question?.ok}
        </Button>
      </Group>
    </Modal>
  );
}
