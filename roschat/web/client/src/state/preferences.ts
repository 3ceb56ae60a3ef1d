/** What this browser remembers for its user: notification rules, recent emoji, the width of nothing else. */
import { create } from "zustand";
import { persist } from "zustand/middleware";

export interface Preferences {
  desktop: boolean;
  sound: boolean;
  /** Show who and what in a notification, or only that there is something new. */
  preview: boolean;
  quiet: boolean;
  /** "22:00" */
  quietFrom: string;
  quietTo: string;
  recentEmoji: string[];
  language: "" | "ru" | "en";
}

export const usePreferences = create<Preferences>()(
  persist(
    (): Preferences => ({
      desktop: false,
      sound: true,
      preview: true,
      quiet: false,
      quietFrom: "22:00",
      quietTo: "08:00",
      recentEmoji: ["👍", "❤️", "😂", "🎉", "😮", "🙏"],
      language: "",
    }),
    { name: "roschat.preferences" },
  ),
);

/** Whether a moment lies in quiet hours that may go over midnight. */
export function isQuiet(rules: Pick<Preferences, "quiet" | "quietFrom" | "quietTo">, now: Date): boolean {
  if (!rules.quiet) return false;
  const minutes = now.getHours() * 60 + now.getMinutes();
  const from = minutesOf(rules.quietFrom);
  const to = minutesOf(rules.quietTo);
  return from <= to ? minutes >= from && minutes < to : minutes >= from || minutes < to;
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(":").map(Number);
  return hours * 60 + minutes;
}

export function rememberEmoji(emoji: string): void {
  usePreferences.setState(({ recentEmoji }) => ({
    recentEmoji: [emoji, ...recentEmoji.filter((known) => known !== emoji)].slice(0, 16),
  }));
}
