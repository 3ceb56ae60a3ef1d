/** «Был в сети 21 день назад»: when somebody was last online, in words. */
import type { ContactCard } from "@console/api/generated.ts";
import type { words } from "./words.ts";

type Say = ReturnType<typeof words.use>;

export function seenText(card: Pick<ContactCard, "status" | "seenTime">, say: Say, now = Date.now() / 1000): string {
  const status = card.status ?? "offline";
  if (status === "online" || status === "busy" || status === "away") return say(`seen.${status}`);
  if (!card.seenTime) return say("seen.never");
  const away = Math.max(0, now - card.seenTime);
  if (away < 60) return say("seen.now");
  if (away < 3600) return say("seen.minutes", { count: Math.floor(away / 60) });
  if (away < 86_400) return say("seen.hours", { count: Math.floor(away / 3600) });
  return say("seen.days", { count: Math.floor(away / 86_400) });
}
