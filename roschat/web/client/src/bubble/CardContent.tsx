/** A person from the directory, and a place on the map, sent as cards. */
import type { ContactBody, LocationBody } from "@roschat/shared/protocol.ts";
import { IconExternalLink, IconMapPin } from "@tabler/icons-react";
import { usePerson } from "../state/people.ts";
import { goPerson } from "../state/place.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { useWords } from "../words/index.ts";
import styles from "./Content.module.css";

export function ContactCard({ body }: { body: ContactBody }) {
  const person = usePerson(body.cid);
  const name = person?.name ?? `#${body.cid}`;
  return (
    <button type="button" className={styles.card} onClick={() => goPerson(body.cid)}>
      <Avatar id={body.cid} name={name} file={person?.avatar ?? ""} kind={person?.kind ?? "person"} />
      <span className={styles.fileWords}>
        <span className={styles.fileName}>{name}</span>
        <span className={styles.fileSize}>{person?.position || person?.numbers[0] || person?.emails[0]}</span>
      </span>
    </button>
  );
}

export function LocationCard({ body }: { body: LocationBody }) {
  const say = useWords();
  const { latitude, longitude } = body;
  const address = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
  return (
    <a className={styles.card} href={address} target="_blank" rel="noopener noreferrer">
      <span className={styles.map}>
        <IconMapPin size={24} aria-hidden="true" />
      </span>
      <span className={styles.fileWords}>
        <span className={styles.fileName}>{say("kind.location")}</span>
        <span className={styles.fileSize}>
          {latitude.toFixed(5)}, {longitude.toFixed(5)}
        </span>
      </span>
      <IconExternalLink size={18} aria-label={say("location.open")} />
    </a>
  );
}
