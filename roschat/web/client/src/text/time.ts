/** Dates and times as people read them, in the language of the interface. */
import { say, speech } from "../words/index.ts";

const made = new Map<string, Intl.DateTimeFormat>();

function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = speech.current + JSON.stringify(options);
  const known = made.get(key) ?? new Intl.DateTimeFormat(speech.current === "ru" ? "ru-RU" : "en-GB", options);
  made.set(key, known);
  return known;
}

const dateOf = (seconds: number) => new Date(seconds * 1000);

/** Whole days from one local calendar day to another. */
export function daysBetween(from: Date, to: Date): number {
  const midnight = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((midnight(to) - midnight(from)) / 86_400_000);
}

export const dayKey = (seconds: number) => dateOf(seconds).toDateString();

export const clock = (seconds: number) => formatter({ hour: "2-digit", minute: "2-digit" }).format(dateOf(seconds));

export const fullTime = (seconds: number) =>
  formatter({ day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" }).format(
    dateOf(seconds),
  );

/** "14:05" today, "Вчера", "Пн" this week, "12.03.2026" before. */
export function shortTime(seconds: number, now = new Date()): string {
  const date = dateOf(seconds);
  const days = daysBetween(date, now);
  if (days <= 0) return clock(seconds);
  if (days === 1) return say("time.yesterday");
  if (days < 7) return formatter({ weekday: "short" }).format(date);
  return formatter({ day: "2-digit", month: "2-digit", year: "2-digit" }).format(date);
}

/** The words of a day separator. */
export function dayName(seconds: number, now = new Date()): string {
  const date = dateOf(seconds);
  const days = daysBetween(date, now);
  if (days === 0) return say("time.today");
  if (days === 1) return say("time.yesterday");
  const sameYear = date.getFullYear() === now.getFullYear();
  return formatter({ day: "numeric", month: "long", ...(sameYear ? {} : { year: "numeric" }) }).format(date);
}

export function lastSeen(seconds: number, now = new Date()): string {
  if (!seconds) return say("presence.offline");
  const minutes = Math.floor((now.getTime() / 1000 - seconds) / 60);
  if (minutes < 1) return say("presence.justNow");
  if (minutes < 60) return say("presence.minutesAgo", { count: minutes });
  const days = daysBetween(dateOf(seconds), now);
  if (days === 0) return say("presence.todayAt", { time: clock(seconds) });
  if (days === 1) return say("presence.yesterdayAt", { time: clock(seconds) });
  return say("presence.onDay", { day: dayName(seconds, now) });
}

/** 75 → "1:15" */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const minutes = Math.floor(whole / 60);
  return `${minutes}:${String(whole % 60).padStart(2, "0")}`;
}

export function fileSize(bytes: number): string {
  const units = ["size.b", "size.kb", "size.mb", "size.gb"] as const;
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const shown = Number(value.toFixed(unit > 0 && value < 10 ? 1 : 0));
  return say(units[unit] ?? "size.b", { size: shown });
}
