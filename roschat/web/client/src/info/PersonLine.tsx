/** One person in a list: picture, name, a second line, and perhaps something to press. */
import type { ReactNode } from "react";
import { usePerson } from "../state/people.ts";
import { goPerson } from "../state/place.ts";
import { usePresence } from "../state/presence.ts";
import { Avatar } from "../ui/Avatar.tsx";
import styles from "./Info.module.css";

export function PersonLine({ cid, second, children }: { cid: number; second?: string; children?: ReactNode }) {
  const person = usePerson(cid);
  const presence = usePresence(person?.kind === "bot" ? 0 : cid);
  const name = person?.name ?? `#${cid}`;
  const under = second ?? person?.position ?? "";
  return (
    <div className={styles.person}>
      <button type="button" className={styles.personButton} onClick={() => goPerson(cid)}>
        <Avatar
          id={cid}
          name={name}
          file={person?.avatar ?? ""}
          kind={person?.kind ?? "person"}
          size={38}
          presence={presence?.status}
        />
        <span className={styles.personWords}>
          <span className="clip">{name}</span>
          {under && <small className="clip">{under}</small>}
        </span>
      </button>
      {children}
    </div>
  );
}
