import { IconCloudOff } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { server } from "../state/server.ts";
import { useSession } from "../state/session.ts";
import { useWords } from "../words/index.ts";
import styles from "./NetworkBanner.module.css";

const PATIENCE = 700;

/** Says that the server cannot be reached; a blink of the network is not worth a word. */
export function NetworkBanner() {
  const say = useWords();
  const phase = useSession((state) => state.phase);
  const [late, setLate] = useState(false);
  const away = phase !== "online";
  useEffect(() => {
    setLate(false);
    if (!away) return undefined;
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => clearTimeout(timer);
  }, [away]);
  return (
    <div role="status" aria-live="polite">
      {away && late && (
        <div className={styles.banner} data-testid="offline-banner">
          <IconCloudOff size={18} aria-hidden="true" />
          <span>{phase === "connecting" ? say("network.connecting") : say("network.offline")}</span>
          <button type="button" className={styles.now} onClick={() => server.hurry()}>
            {say("network.now")}
          </button>
        </div>
      )}
    </div>
  );
}
