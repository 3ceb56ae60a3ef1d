/** What can be done with several chosen messages. */
import { Button, Text } from "@mantine/core";
import { IconArrowForwardUp, IconCopy, IconTrash, IconX } from "@tabler/icons-react";
import { useChat } from "../state/chats.ts";
import type { Peer } from "../state/peer.ts";
import { nameOf, usePeople } from "../state/people.ts";
import { server } from "../state/server.ts";
import { previewOf } from "../text/preview.ts";
import { clock } from "../text/time.ts";
import { Action } from "../ui/Action.tsx";
import { attempt, copyText } from "../ui/attempt.ts";
import { confirm } from "../ui/confirm.ts";
import { useWords } from "../words/index.ts";
import styles from "./ChatScreen.module.css";
import { useDesk } from "./desk.ts";

export function SelectionBar({ peer }: { peer: Peer }) {
  const say = useWords();
  const selected = useDesk((state) => state.selected);
  const me = usePeople((state) => state.me);
  const role = useChat(peer)?.role ?? "member";
  const leads = peer.cidType === "group" && role !== "member" && role !== "left";
  const mayDelete = selected.every((message) => message.senderId === me || leads);
  const end = () => useDesk.setState({ selected: [] });
  const copy = () => {
    const lines = selected.map((it) => `${nameOf(it.senderId ?? 0)}, ${clock(it.time)}\n${previewOf(it)}`);
    void copyText(lines.join("\n\n"));
    end();
  };
  const remove = async () => {
    const count = selected.length;
    const text = say("message.deleteSeveral", { count });
    if (!(await confirm({ title: say("message.delete"), text, ok: say("common.delete"), danger: true }))) return;
    for (const { id } of selected) if (!(await attempt(() => server.call("delete-message", { id })))) break;
    end();
  };
  return (
    <div className={styles.selection} role="toolbar" aria-label={say("message.selected", { count: selected.length })}>
      <Action label={say("common.cancel")} icon={<IconX size={20} />} onClick={end} />
      <Text size="sm" fw={600} style={{ flex: 1 }}>
        {say("message.selected", { count: selected.length })}
      </Text>
      <Button variant="light" size="sm" leftSection={<IconCopy size={17} />} onClick={copy}>
        {say("message.copy")}
      </Button>
      <Button
        variant="light"
        size="sm"
        leftSection={<IconArrowForwardUp size={17} />}
        onClick={() => useDesk.setState({ forwarding: selected })}
      >
        {say("message.forward")}
      </Button>
      {mayDelete && (
        <Button
          variant="default"
          c="var(--danger)"
          size="sm"
          leftSection={<IconTrash size={17} />}
          onClick={() => void remove()}
        >
          {say("common.delete")}
        </Button>
      )}
    </div>
  );
}
