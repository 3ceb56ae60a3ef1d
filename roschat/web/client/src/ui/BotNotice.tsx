/** What bots tell at once, beside their messages: a passing notice, or a window that has to be closed. */
import { Anchor, Button, Group, Modal, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { BotNoticeEvent } from "@roschat/shared/protocol.ts";
import { useEffect, useState } from "react";
import { nameOf } from "../state/people.ts";
import { server } from "../state/server.ts";
import { safe } from "../text/segments.ts";
import { say, useWords } from "../words/index.ts";

/** Long enough to press the link. */
const SHOWN = 8_000;

export function BotNoticeHost() {
  const say = useWords();
  const [alerts, setAlerts] = useState<BotNoticeEvent[]>([]);
  useEffect(() => {
    const end = server.on("bot-notice-event", (notice) => {
      if (notice.alert) setAlerts((waiting) => [...waiting, notice]);
      else toast(notice);
    });
    return () => void end();
  }, []);
  const alert = alerts[0];
  const close = () => setAlerts((waiting) => waiting.slice(1));
  return (
    <Modal
      opened={alert !== undefined}
      onClose={close}
      title={alert && nameOf(alert.cid)}
      size="sm"
      closeButtonProps={{ "aria-label": say("common.close") }}
    >
      <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {alert?.text}
      </Text>
      <Group justify="flex-end" mt="lg" gap="sm">
        {alert && <OpenLink url={alert.url ?? ""} />}
        <Button onClick={close} data-autofocus>
          {say("common.ok")}
        </Button>
      </Group>
    </Modal>
  );
}

function toast({ cid, text = "", url = "" }: BotNoticeEvent): void {
  const message = (
    <Group gap="xs" component="span">
      {text && <span>{text}</span>}
      <OpenLink url={url} />
    </Group>
  );
  notifications.show({
    title: nameOf(cid),
    message,
    withBorder: true,
    autoClose: SHOWN,
    closeButtonProps: { "aria-label": say("common.close") },
  });
}

/** A tab opens only when its reader presses: the browser allows no other, and a bot must not take him away. */
function OpenLink({ url }: { url: string }) {
  const say = useWords();
  if (!safe(url)) return null;
  return (
    <Anchor href={url} target="_blank" rel="noopener noreferrer" size="sm" title={url}>
      {say("notice.openLink")}
    </Anchor>
  );
}
