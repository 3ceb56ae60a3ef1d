import type { ChatView } from "@roschat/shared/protocol.ts";
import { memo } from "react";
import { Bubble } from "../bubble/Bubble.tsx";
import { ParcelBubble } from "../bubble/ParcelBubble.tsx";
import type { Peer } from "../state/peer.ts";
import { usePeople } from "../state/people.ts";
import { bodyOf } from "../text/body.ts";
import { systemText } from "../text/preview.ts";
import { dayName } from "../text/time.ts";
import { useWords } from "../words/index.ts";
import styles from "./History.module.css";
import type { Row } from "./rows.ts";

interface HistoryRowProps {
  row: Row;
  peer: Peer;
  chat: ChatView | undefined;
  flash: boolean;
}

export const HistoryRow = memo(function HistoryRow({ row, peer, chat, flash }: HistoryRowProps) {
  const say = useWords();
  return (
    <>
      {row.day && (
        <div className={styles.day}>
          <span>{dayName(row.time)}</span>
        </div>
      )}
      {row.unread && <div className={styles.unread}>{say("history.unread")}</div>}
      {row.system && row.message ? (
        <SystemLine row={row} />
      ) : (
        <div className={styles.row} data-last={row.last || undefined}>
          {row.message && (
            <Bubble message={row.message} peer={peer} chat={chat} first={row.first} last={row.last} flash={flash} />
          )}
          {row.parcel && <ParcelBubble parcel={row.parcel} />}
        </div>
      )}
    </>
  );
});

function SystemLine({ row }: { row: Row }) {
  useWords();
  usePeople((state) => state.byId);
  if (!row.message) return null;
  const body = bodyOf(row.message);
  return (
    <div className={styles.system}>
      <span>{body.type === "system" ? systemText(body) : row.message.data}</span>
    </div>
  );
}
