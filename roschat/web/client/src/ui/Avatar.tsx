/** The picture of a person, group or channel; without one, initials on a colour that stays the same. */
import { IconRobot, IconSpeakerphone } from "@tabler/icons-react";
import { fileUrl } from "../state/uploads.ts";
import styles from "./Avatar.module.css";

const COLOURS = ["#2f6fb5", "#8a4fbf", "#b2455f", "#a8540f", "#2b7a55", "#1f7a8c", "#5b5fc7", "#8f5a2b"];

interface AvatarProps {
  id: number;
  name: string;
  file?: string;
  kind?: "person" | "bot" | "system" | "group" | "channel";
  size?: number;
  /** online, away, busy or nothing */
  presence?: string | undefined;
}

export function Avatar({ id, name, file = "", kind = "person", size = 44, presence }: AvatarProps) {
  const shape = kind === "channel" ? styles.channel : styles.round;
  return (
    <span className={styles.box} style={{ width: size, height: size }} aria-hidden="true">
      {file ? (
        <img className={`${styles.picture} ${shape}`} src={fileUrl(file)} alt="" loading="lazy" draggable={false} />
      ) : (
        <span
          className={`${styles.initials} ${shape}`}
          data-initials={kind === "bot" || kind === "channel" ? undefined : initials(name)}
          style={{ background: COLOURS[Math.abs(id) % COLOURS.length], fontSize: size * 0.38 }}
        >
          {kind === "bot" && <IconRobot size={size * 0.56} />}
          {kind === "channel" && <IconSpeakerphone size={size * 0.5} />}
        </span>
      )}
      {presence && presence !== "offline" && <span className={styles.dot} data-presence={presence} />}
    </span>
  );
}

/** "Петрова Анна" → "ПА" */
export function initials(name: string): string {
  const words = name.split(/[\s#«»"()-]+/).filter(Boolean);
  const letters = words.slice(0, 2).map((word) => Array.from(word)[0] ?? "");
  return letters.join("").toUpperCase();
}
