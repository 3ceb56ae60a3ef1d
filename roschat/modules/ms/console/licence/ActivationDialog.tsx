/** «Ключ активации»: the text that is sent to the vendor. */
import { saveAs, useApi } from "@console/api/index.ts";
import { Asked } from "@console/kit/Empty.tsx";
import { Button, CopyButton, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { IconCopy, IconDownload } from "@tabler/icons-react";
import { words } from "./words.ts";

export function ActivationDialog({ onClose }: { onClose: () => void }) {
  const say = words.use();
  const key = useApi("GET /licence/activation");
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={say("activation")}
      closeButtonProps={{ "aria-label": say("close") }}
    >
      <Asked of={key} height={160}>
        {({ installation, text }) => (
          <Stack gap="md">
            <Text size="sm">{say("activationAbout")}</Text>
            <Text size="sm">
              {say("installation")}: <b data-installation>{installation}</b>
            </Text>
            <Textarea
              label={say("activation")}
              value={text}
              readOnly
              autosize
              styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12 } }}
            />
            <Group justify="flex-end" gap="sm">
              <CopyButton value={text}>
                {({ copied, copy }) => (
                  <Button variant="light" leftSection={<IconCopy size={16} aria-hidden />} onClick={copy}>
                    {say(copied ? "copied" : "copy")}
                  </Button>
                )}
              </CopyButton>
              <Button
                variant="light"
                leftSection={<IconDownload size={16} aria-hidden />}
                onClick={() => saveAs(text, `activation-${installation}.txt`, "text/plain")}
              >
                {say("save")}
              </Button>
              <Button variant="default" onClick={onClose}>
                {say("close")}
              </Button>
            </Group>
          </Stack>
        )}
      </Asked>
    </Modal>
  );
}
