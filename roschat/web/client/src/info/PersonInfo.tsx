/** The card of a person or bot. */
import { Button, Group, Text } from "@mantine/core";
import type { CardField } from "@roschat/shared/protocol.ts";
import { IconMail, IconMessageCircle, IconStar, IconStarFilled } from "@tabler/icons-react";
import { nameOf, setFavorite, usePeople, usePerson } from "../state/people.ts";
import type { Person } from "../state/person.ts";
import { goPerson } from "../state/place.ts";
import { usePresence } from "../state/presence.ts";
import { lastSeen } from "../text/time.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { attempt } from "../ui/attempt.ts";
import { type Key, useWords } from "../words/index.ts";
import styles from "./Info.module.css";

const LABELS: Record<string, Key> = {
  surname: "card.surname",
  name: "card.name",
  patronymic: "card.patronymic",
  birthday: "card.birthday",
  organisation: "card.organisation",
  department: "card.department",
  position: "card.position",
  room: "card.room",
  workdayStart: "card.workdayStart",
  workdayEnd: "card.workdayEnd",
  manager: "card.manager",
  assistant: "card.assistant",
  number: "card.number",
  email: "card.email",
};
const HIDDEN = new Set(["surname", "name"]);

export function PersonInfo({ cid, withWrite = false }: { cid: number; withWrite?: boolean }) {
  const say = useWords();
  const person = usePerson(cid);
  const me = usePeople((state) => state.me);
  const favorite = usePeople((state) => state.favorites.includes(cid));
  const presence = usePresence(person?.kind === "person" ? cid : 0);
  if (!person) return null;
  const status = presence
    ? { online: say("presence.online"), away: say("presence.away"), busy: say("presence.busy") }[presence.status]
    : "";
  const email = person.emails[0];
  return (
    <div className={styles.body}>
      <div className={styles.top}>
        <Avatar id={cid} name={person.name} file={person.avatar} kind={person.kind} size={104} />
        <h2 className={styles.name}>{person.name}</h2>
        <span className={styles.second}>
          {person.kind === "bot"
            ? say("person.bot")
            : presence
              ? [status ?? lastSeen(presence.seenTime ?? 0), presence.text].filter(Boolean).join(" · ")
              : person.position}
        </span>
        {!person.active && (
          <Text size="sm" c="var(--danger)">
            {say("person.inactive")}
          </Text>
        )}
      </div>
      <Group gap="xs" justify="center">
        {withWrite && (
          <Button size="sm" leftSection={<IconMessageCircle size={18} />} onClick={() => goPerson(cid)}>
            {say("person.write")}
          </Button>
        )}
        {email && (
          <Button size="sm" variant="light" component="a" href={`mailto:${email}`} leftSection={<IconMail size={18} />}>
            {say("person.mail")}
          </Button>
        )}
        {cid !== me && (
          <Button
            size="sm"
            variant="light"
            aria-pressed={favorite}
            leftSection={favorite ? <IconStarFilled size={17} /> : <IconStar size={17} />}
            onClick={() => void attempt(() => setFavorite(cid, !favorite))}
          >
            {say(favorite ? "person.unfavorite" : "person.favorite")}
          </Button>
        )}
      </Group>
      {person.description && (
        <Text size="sm" px={12} style={{ whiteSpace: "pre-wrap" }}>
          {person.description}
        </Text>
      )}
      <Facts person={person} />
    </div>
  );
}

/** The fields of a card, without the name, and the commands of a bot. */
export function Facts({ person }: { person: Person }) {
  const fields = person.fields.filter((field) => field.value && !HIDDEN.has(field.type));
  return (
    <dl className={styles.facts}>
      {fields.map((field) => (
        <Field key={`${field.type}/${field.name ?? ""}/${field.value}`} field={field} />
      ))}
      {person.commands.map((command) => (
        <div key={command.name}>
          <dt>/{command.name}</dt>
          <dd>{command.hint}</dd>
        </div>
      ))}
    </dl>
  );
}

function Field({ field }: { field: CardField }) {
  const say = useWords();
  const label = LABELS[field.type];
  return (
    <div>
      <dt>{field.name || (label ? say(label) : field.type)}</dt>
      <dd>
        <Value field={field} />
      </dd>
    </div>
  );
}

function Value({ field }: { field: CardField }) {
  if (field.type === "email") return <a href={`mailto:${field.value}`}>{field.value}</a>;
  if (field.type === "number") return <a href={`tel:${field.value}`}>{field.value}</a>;
  if (field.type === "manager" || field.type === "assistant") {
    const cid = Number(field.value);
    return cid ? <a href={`#/contacts/${cid}`}>{nameOf(cid)}</a> : field.value;
  }
  return field.value;
}
