/** Where to: a conversation or a person, for forwarding and sharing. */
import { Button, Modal, TextInput } from "@mantine/core";
import { IconCheck, IconSearch } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { VList } from "virtua";
import { useChats } from "../state/chats.ts";
import { keyOf, type Peer, peerOf } from "../state/peer.ts";
import { usePeople } from "../state/people.ts";
import { matches, plain } from "../state/person.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { useWords } from "../words/index.ts";
import styles from "./Pick.module.css";

interface Target {
  peer: Peer;
  name: string;
  avatar: string;
  kind: "person" | "bot" | "system" | "group";
  time: number;
}

interface PickConversationProps {
  title: string;
  ok: string;
  onClose: () => void;
  onPick: (peer: Peer) => void;
}

export function PickConversation({ title, ok, onClose, onPick }: PickConversationProps) {
  const say = useWords();
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState<Peer>();
  const targets = useTargets(query);
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ "aria-label": say("common.close") }}>
      <div className={styles.box}>
        <TextInput
          aria-label={say("pick.conversation")}
          placeholder={say("pick.conversation")}
          leftSection={<IconSearch size={17} />}
          value={query}
          data-autofocus
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
        <div className={styles.list}>
          <VList data={targets} style={{ height: "100%" }}>
            {(target) => {
              const picked = chosen !== undefined && keyOf(chosen) === keyOf(target.peer);
              return (
                <button
                  key={keyOf(target.peer)}
                  type="button"
                  className={styles.option}
                  aria-pressed={picked}
                  onClick={() => setChosen(target.peer)}
                >
                  <Avatar id={target.peer.cid} name={target.name} file={target.avatar} kind={target.kind} size={38} />
                  <span className={styles.words}>
                    <span className={styles.name}>{target.name}</span>
                  </span>
                  {picked && <IconCheck size={20} color="var(--accent)" aria-hidden="true" />}
                </button>
              );
            }}
          </VList>
        </div>
        <Button disabled={!chosen} onClick={() => chosen && onPick(chosen)}>
          {ok}
        </Button>
      </div>
    </Modal>
  );
}

function useTargets(query: string): Target[] {
  const chats = useChats((state) => state.byKey);
  const people = usePeople((state) => state.byId);
  return useMemo(() => {
    const targets = new Map<string, Target>();
    for (const chat of Object.values(chats)) {
      if (chat.role === "left") continue;
      const person = chat.cidType === "group" ? undefined : people[chat.cid];
      const name = person?.name ?? chat.name ?? "";
      const fits = person ? matches(person, query) : plain(name).includes(plain(query));
      if (!name || !fits) continue;
      targets.set(keyOf(chat), {
        peer: peerOf(chat),
        name,
        avatar: person?.avatar ?? chat.avatar ?? "",
        kind: person?.kind ?? "group",
        time: chat.last?.time ?? 0,
      });
    }
    for (const person of Object.values(people)) {
      const peer: Peer = { cid: person.cid, cidType: "user" };
      if (targets.has(keyOf(peer)) || !person.active || !matches(person, query)) continue;
      targets.set(keyOf(peer), { peer, name: person.name, avatar: person.avatar, kind: person.kind, time: 0 });
    }
    return [...targets.values()].sort((a, b) => b.time - a.time || a.name.localeCompare(b.name));
  }, [chats, people, query]);
}
