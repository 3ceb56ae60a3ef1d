import { IconAlertCircle, IconCheck, IconChecks, IconClock } from "@tabler/icons-react";
import { useWords } from "../words/index.ts";

export type Delivery = "sending" | "sent" | "delivered" | "read" | "failed";

const ICONS = {
  sending: IconClock,
  sent: IconCheck,
  delivered: IconChecks,
  read: IconChecks,
  failed: IconAlertCircle,
};

export function Ticks({ state, size = 16 }: { state: Delivery; size?: number }) {
  const say = useWords();
  const Icon = ICONS[state];
  const color = state === "read" ? "var(--accent)" : state === "failed" ? "var(--danger)" : "currentColor";
  return (
    <Icon
      size={state === "sending" ? size - 3 : size}
      color={color}
      stroke={2}
      style={{ flex: "none" }}
      role="img"
      aria-label={say(`state.${state}`)}
      data-state={state}
    />
  );
}
