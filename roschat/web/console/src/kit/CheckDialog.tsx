/** «Проверка настроек»: runs a check when it opens, then says that all is right, or the cause. */
import { Button, Center, Group, Loader, Modal, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { type ReactNode, useEffect, useState } from "react";
import { errorText } from "../api/errors.ts";
import { words } from "./words.ts";

export interface Checked {
  ok: boolean;
  /** «Настройки почты корректны.», or what is wrong. */
  text: string;
  /** Steps, causes, times. */
  details?: ReactNode;
}

export function CheckDialog({
  run,
  onClose,
  title,
}: {
  run: () => Promise<Checked>;
  onClose: () => void;
  title?: string;
}) {
  const say = words.use();
  const [found, setFound] = useState<Checked>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: run once, when it opens
  useEffect(() => {
    let gone = false;
    run().then(
      (checked) => !gone && setFound(checked),
      (error) => !gone && setFound({ ok: false, text: errorText(error) }),
    );
    return () => {
      gone = true;
    };
  }, []);
  return (
    <Modal opened centered onClose={onClose} withCloseButton={false} title={title ?? say("check.title")}>
      <Stack align="center" gap="sm" ta="center" aria-live="polite">
        {found ? (
          <ThemeIcon size={56} radius="xl" variant="light" color={found.ok ? "teal" : "red"}>
            {found.ok ? <IconCheck size={32} aria-hidden /> : <IconX size={32} aria-hidden />}
          </ThemeIcon>
        ) : (
          <Center h={56}>
            <Loader aria-label={say("check.running")} />
          </Center>
        )}
        <Text size="sm" component="div" data-check={found ? (found.ok ? "ok" : "failed") : "running"}>
          {found ? found.text : say("check.running")}
        </Text>
        {found?.details && <div style={{ width: "100%", textAlign: "left" }}>{found.details}</div>}
        <Group justify="center" mt="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {say("close")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
