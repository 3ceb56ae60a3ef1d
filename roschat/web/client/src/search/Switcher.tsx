/** Ctrl-K: any conversation, person or channel by a few letters. Also the dialogs that live outside of any pane. */
import { Modal, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { Readers } from "../bubble/Readers.tsx";
import { ChannelDialogs } from "../channel/ChannelDialogs.tsx";
import { useDesk } from "../chat/desk.ts";
import { ForwardDialog } from "../chat/ForwardDialog.tsx";
import { Lightbox } from "../chat/Lightbox.tsx";
import composerStyles from "../composer/Composer.module.css";
import { useChannels } from "../state/channels.ts";
import { useChats } from "../state/chats.ts";
import { keyOf, peerOf } from "../state/peer.ts";
import { usePeople } from "../state/people.ts";
import { matches, plain } from "../state/person.ts";
import { goChannel, goChat, goPerson } from "../state/place.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { useWords } from "../words/index.ts";

interface Goal {
  key: string;
  id: number;
  name: string;
  file: string;
  kind: "person" | "bot" | "system" | "group" | "channel";
  time: number;
  go: () => void;
}

const MOST = 12;

export function Switcher() {
  const open = useDesk((state) => state.switcher);
  return (
    <>
      {open && <SwitcherDialog />}
      <ForwardDialog />
      <Lightbox />
      <Readers />
      <ChannelDialogs />
    </>
  );
}

function SwitcherDialog() {
  const say = useWords();
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const goals = useGoals(query);
  const close = () => useDesk.setState({ switcher: false });
  const take = (goal: Goal | undefined) => {
    if (!goal) return;
    close();
    goal.go();
  };
  return (
    <Modal
      opened
      onClose={close}
      title={say("switcher.title")}
      closeButtonProps={{ "aria-label": say("common.close") }}
    >
      <TextInput
        aria-label={say("switcher.placeholder")}
        placeholder={say("switcher.placeholder")}
        leftSection={<IconSearch size={17} />}
        data-autofocus
        value={query}
        role="combobox"
        aria-expanded="true"
        aria-controls="switcher-goals"
        aria-activedescendant={goals[at] ? `goal-${goals[at].key}` : undefined}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (step) setAt((at + step + goals.length) % Math.max(1, goals.length));
          else if (event.key === "Enter") take(goals[at]);
          else return;
          event.preventDefault();
        }}
      />
      <div
        id="switcher-goals"
        role="listbox"
        aria-label={say("switcher.title")}
        style={{ marginTop: 10, minHeight: 240 }}
      >
        {goals.map((goal, i) => (
          <button
            key={goal.key}
            id={`goal-${goal.key}`}
            type="button"
            role="option"
            tabIndex={-1}
            aria-selected={i === at}
            className={composerStyles.offer}
            onMouseMove={() => setAt(i)}
            onClick={() => take(goal)}
          >
            <Avatar id={goal.id} name={goal.name} file={goal.file} kind={goal.kind} size={32} />
            <span className="clip">{goal.name}</span>
          </button>
        ))}
      </div>
    </Modal>
  );
}

function useGoals(query: string): Goal[] {
  const chats = useChats((state) => state.byKey);
  const channels = useChannels((state) => state.byId);
  const people = usePeople((state) => state.byId);
  return useMemo(() => {
    const wanted = plain(query.trim());
    const goals: Goal[] = [];
    const seen = new Set<number>();
    for (const chat of Object.values(chats)) {
      const person = chat.cidType === "group" ? undefined : people[chat.cid];
      const name = person?.name ?? chat.name ?? "";
      if (person) seen.add(person.cid);
      if (person ? !matches(person, query) : !plain(name).includes(wanted)) continue;
      goals.push({
        key: keyOf(chat),
        id: chat.cid,
        name,
        file: person?.avatar ?? chat.avatar ?? "",
        kind: person?.kind ?? "group",
        time: chat.last?.time ?? 0,
        go: () => goChat(peerOf(chat)),
      });
    }
    for (const channel of Object.values(channels))
      if (channel.role && plain(channel.name).includes(wanted))
        goals.push({
          key: `channel:${channel.chId}`,
          id: channel.chId,
          name: channel.name,
          file: channel.avatar ?? "",
          kind: "channel",
          time: channel.last?.time ?? 0,
          go: () => goChannel(channel.chId),
        });
    for (const person of Object.values(people))
      if (wanted && !seen.has(person.cid) && person.active && matches(person, query))
        goals.push({
          key: `person:${person.cid}`,
          id: person.cid,
          name: person.name,
          file: person.avatar,
          kind: person.kind,
          time: 0,
          go: () => goPerson(person.cid),
        });
    return goals.sort((a, b) => b.time - a.time).slice(0, MOST);
  }, [chats, channels, people, query]);
}
