/** A new token, told once. */
import { Button, Code, CopyButton, Group, Modal, Stack, Text } from "@mantine/core";
import { words } from "./words.ts";

export function TokenDialog({ token, onClose }: { token: string; onClose: () => void }) {
  const say = words.use();
  return (
    <Modal
      opened
      onClose={onClose}
      title={say("tokenTitle")}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": say("close") }}
    >
      <Stack gap="md">
        <Text size="sm">{say("tokenOnce")}</Text>
        <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }} data-token>
          {token}
        </Code>
        <Group justify="flex-end">
          <CopyButton value={token}>
            {({ copied, copy }) => (
              <Button variant="light" onClick={copy}>
                {say(copied ? "copied" : "copy")}
              </Button>
            )}
          </CopyButton>
          <Button variant="default" onClick={onClose}>
            {say("close")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
