/** A searchable list of people with check marks, or with a choice of one. */
import { Checkbox, Pill, ScrollArea, TextInput } from "@mantine/core";
import { IconSearch, IconUserSearch } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { VList } from "virtua";
import { usePeople } from "../state/people.ts";
import { matches, type Person } from "../state/person.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { useWords } from "../words/index.ts";
import styles from "./Pick.module.css";

interface PickContactsProps {
  /** Absent: one is picked by a click. */
  chosen?: number[];
  onChange?: (chosen: number[]) => void;
  onPick?: (cid: number) => void;
  /** Not shown: those who are in already. */
  without?: number[];
  bots?: boolean;
}

const NONE: number[] = [];

export function PickContacts({ chosen, onChange, onPick, without = NONE, bots = true }: PickContactsProps) {
  const say = useWords();
  const byId = usePeople((state) => state.byId);
  const me = usePeople((state) => state.me);
  const [query, setQuery] = useState("");
  const people = useMemo(() => {
    const hidden = new Set([...without, me]);
    return Object.values(byId)
      .filter((person) => person.active && !hidden.has(person.cid) && (bots || person.kind === "person"))
      .filter((person) => matches(person, query))
      .sort((a, b) => a.name.localeCompare(b.name));
  }, [byId, me, query, without, bots]);
  const toggle = (cid: number) => {
    if (!chosen) onPick?.(cid);
    else onChange?.(chosen.includes(cid) ? chosen.filter((id) => id !== cid) : [...chosen, cid]);
  };
  return (
    <div className={styles.box}>
      <TextInput
        aria-label={say("pick.search")}
        placeholder={say("pick.search")}
        leftSection={<IconSearch size={17} />}
        value={query}
        data-autofocus
        onChange={(event) => setQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          const first = people[0];
          if (event.key !== "Enter" || !first || !query) return;
          event.preventDefault();
          toggle(first.cid);
          if (chosen) setQuery("");
        }}
      />
      {chosen && chosen.length > 0 && (
        <ScrollArea.Autosize mah={84} className={styles.pills}>
          <Pill.Group>
            {chosen.map((cid) => (
              <Pill
                key={cid}
                withRemoveButton
                onRemove={() => toggle(cid)}
                removeButtonProps={{ "aria-label": say("pick.remove", { name: byId[cid]?.name ?? "" }) }}
              >
                {byId[cid]?.name}
              </Pill>
            ))}
          </Pill.Group>
        </ScrollArea.Autosize>
      )}
      <div className={styles.list}>
        {people.length === 0 ? (
          <EmptyState icon={<IconUserSearch size={40} stroke={1.4} />} title={say("pick.nobody")} />
        ) : (
          <VList data={people} style={{ height: "100%" }}>
            {(person) => (
              <PersonOption
                key={person.cid}
                person={person}
                checked={chosen?.includes(person.cid)}
                onClick={() => toggle(person.cid)}
              />
            )}
          </VList>
        )}
      </div>
    </div>
  );
}

function PersonOption({
  person,
  checked,
  onClick,
}: {
  person: Person;
  checked: boolean | undefined;
  onClick: () => void;
}) {
  const second = [person.position, person.department].filter(Boolean).join(", ") || person.description;
  return (
    <button type="button" className={styles.option} onClick={onClick} aria-pressed={checked}>
      <Avatar id={person.cid} name={person.name} file={person.avatar} kind={person.kind} size={38} />
      <span className={styles.words}>
        <span className={styles.name}>{person.name}</span>
        {second && <span className={styles.second}>{second}</span>}
      </span>
      {checked !== undefined && (
        <Checkbox.Indicator checked={checked} radius="xl" aria-hidden="true" style={{ flex: "none" }} />
      )}
    </button>
  );
}
