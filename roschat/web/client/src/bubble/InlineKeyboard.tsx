/** Buttons of a bot: under its message, or under the composer. */
import { Button } from "@mantine/core";
import type { Button as BotButton } from "@roschat/shared/protocol.ts";
import { IconExternalLink } from "@tabler/icons-react";
import { pressButton } from "../state/keyboards.ts";
import type { Peer } from "../state/peer.ts";
import { attempt } from "../ui/attempt.ts";
import styles from "./Content.module.css";

export function InlineKeyboard({ rows, peer, messageId = 0 }: { rows: BotButton[][]; peer: Peer; messageId?: number }) {
  if (rows.length === 0) return null;
  return (
    <div className={styles.keyboard}>
      {rows.map((row, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a keyboard is replaced whole, its rows have no other name
        <div className={styles.keyRow} key={i}>
          {row.map((button, j) => (
            <Button
              // biome-ignore lint/suspicious/noArrayIndexKey: as above
              key={j}
              variant="light"
              size="sm"
              rightSection={button.link ? <IconExternalLink size={14} /> : undefined}
              onClick={() => void attempt(() => pressButton(peer, button, messageId))}
            >
              {button.text}
            </Button>
          ))}
        </div>
      ))}
    </div>
  );
}
