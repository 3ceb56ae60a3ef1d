/** The directory: favourites first, then everybody by name; the card of a person beside it. */
import { SegmentedControl, TextInput } from "@mantine/core";
import { IconAddressBook, IconArrowLeft, IconSearch, IconUserSearch } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { VList } from "virtua";
import { PersonInfo } from "../info/PersonInfo.tsx";
import listStyles from "../list/ConversationList.module.css";
import { usePeople } from "../state/people.ts";
import { matches, type Person } from "../state/person.ts";
import { go } from "../state/place.ts";
import { usePresence } from "../state/presence.ts";
import { Action } from "../ui/Action.tsx";
import { Avatar } from "../ui/Avatar.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { useWords } from "../words/index.ts";
import styles from "./Contacts.module.css";

export function ContactsScreen({ cid, narrow }: { cid: number; narrow: boolean }) {
  const say = useWords();
  return (
    <>
      {!(narrow && cid) && <Directory open={cid} />}
      {!(narrow && !cid) && (
        <main className={styles.card}>
          {narrow && (
            <Action
              label={say("common.back")}
              icon={<IconArrowLeft size={22} />}
              onClick={() => go({ at: "contacts", cid: 0 })}
            />
          )}
          {cid ? (
            <div className={styles.inner}>
              <PersonInfo cid={cid} withWrite />
            </div>
          ) : (
            <EmptyState
              icon={<IconAddressBook size={60} stroke={1.2} />}
              title={say("contacts.pickTitle")}
              text={say("contacts.pickText")}
            />
          )}
        </main>
      )}
    </>
  );
}

type Row = { letter: string } | { person: Person };

function Directory({ open }: { open: number }) {
  const say = useWords();
  const [query, setQuery] = useState("");
  const [which, setWhich] = useState("all");
  const byId = usePeople((state) => state.byId);
  const favorites = usePeople((state) => state.favorites);
  const rows = useMemo(() => {
    const people = Object.values(byId).filter((person) => person.active && matches(person, query));
    if (which === "favorites")
      return favorites.flatMap((cid): Row[] => people.filter((it) => it.cid === cid).map((person) => ({ person })));
    const sorted = people.sort((a, b) => a.name.localeCompare(b.name));
    return sorted.flatMap((person, i): Row[] => {
      const letter = person.name[0]?.toUpperCase() ?? "";
      const before = sorted[i - 1]?.name[0]?.toUpperCase();
      return letter === before ? [{ person }] : [{ letter }, { person }];
    });
  }, [byId, favorites, query, which]);
  return (
    <section className={listStyles.pane} aria-label={say("section.contacts")}>
      <h1 className="sr-only">{say("section.contacts")}</h1>
      <div className={listStyles.head}>
        <TextInput
          className={listStyles.search}
          aria-label={say("pick.search")}
          placeholder={say("pick.search")}
          leftSection={<IconSearch size={17} />}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
      </div>
      <div className={styles.which}>
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label={say("section.contacts")}
          value={which}
          onChange={setWhich}
          data={[
            { value: "all", label: say("contacts.all") },
            { value: "favorites", label: say("contacts.favorites") },
          ]}
        />
      </div>
      {rows.length === 0 ? (
        <EmptyState
          icon={<IconUserSearch size={48} stroke={1.3} />}
          title={say(which === "favorites" && !query ? "contacts.noFavorites" : "pick.nobody")}
        />
      ) : (
        <VList className={listStyles.list} data={rows}>
          {(row) =>
            "letter" in row ? (
              <div key={`letter ${row.letter}`} className={styles.letter}>
                {row.letter}
              </div>
            ) : (
              <PersonRow key={row.person.cid} person={row.person} active={row.person.cid === open} />
            )
          }
        </VList>
      )}
    </section>
  );
}

function PersonRow({ person, active }: { person: Person; active: boolean }) {
  const say = useWords();
  const presence = usePresence(person.kind === "person" ? person.cid : 0);
  const second =
    [person.position, person.department].filter(Boolean).join(", ") ||
    (person.kind === "bot" ? say("person.bot") : (person.numbers[0] ?? ""));
  return (
    <button
      type="button"
      className={listStyles.row}
      data-active={active || undefined}
      data-contact={person.cid}
      onClick={() => go({ at: "contacts", cid: person.cid })}
    >
      <Avatar
        id={person.cid}
        name={person.name}
        file={person.avatar}
        kind={person.kind}
        size={42}
        presence={presence?.status}
      />
      <span className={listStyles.text}>
        <span className={listStyles.name}>
          <span>{person.name}</span>
        </span>
        <span className={listStyles.preview}>{second}</span>
      </span>
    </button>
  );
}
