/** Numbers, times and sizes in the language of the console. Times are Unix seconds. */
import { useMemo } from "react";
import { type Language, useLanguage } from "../words.ts";

const LOCALE: Record<Language, string> = { ru: "ru-RU", en: "en-GB" };
const UNITS: Record<Language, readonly string[]> = {
  ru: ["Б", "КБ", "МБ", "ГБ", "ТБ"],
  en: ["B", "kB", "MB", "GB", "TB"],
};

export function formatsOf(language: Language) {
  const locale = LOCALE[language];
  const with_ = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, options);
    return (seconds: number) => (seconds ? format.format(seconds * 1000) : "—");
  };
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  const durations = (seconds: number): string => {
    const parts = (
      [
        ["day", 86_400],
        ["hour", 3600],
        ["minute", 60],
        ["second", 1],
      ] as const
    )
      .map(([unit, size], at, all) => {
        const within = at === 0 ? seconds : seconds % (all[at - 1]?.[1] ?? 1);
        return { unit, count: Math.floor(within / size) };
      })
      .filter((part) => part.count > 0)
      .slice(0, 2);
    const shown = parts.length > 0 ? parts : [{ unit: "second", count: 0 }];
    return shown
      .map(({ unit, count }) =>
        new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" }).format(count),
      )
      .join(" ");
  };
  return {
    date: with_({ dateStyle: "short" }),
    time: with_({ timeStyle: "medium" }),
    dateTime: with_({ dateStyle: "short", timeStyle: "medium" }),
    number: (value: number) => numbers.format(value),
    percent: (share: number) =>
      new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(share),
    /** 1536 → "1,5 КБ". */
    bytes: (value: number) => {
      const at = value < 1024 ? 0 : Math.min(4, Math.floor(Math.log2(value) / 10));
      const scaled = value / 1024 ** at;
      const short = new Intl.NumberFormat(locale, { maximumFractionDigits: scaled < 10 && at ? 1 : 0 });
      return `${short.format(scaled)} ${UNITS[language][at]}`;
    },
    /** 3700 → "1 ч 1 мин". */
    duration: durations,
    /** How long ago, or in what time; the date itself when that is more than a month. */
    ago: (seconds: number, now = Date.now() / 1000) => {
      const away = seconds - now;
      const size = Math.abs(away);
      if (!seconds) return "—";
      if (size < 45) return relative.format(0, "second");
      if (size < 3600) return relative.format(Math.round(away / 60), "minute");
      if (size < 86_400) return relative.format(Math.round(away / 3600), "hour");
      if (size < 30 * 86_400) return relative.format(Math.round(away / 86_400), "day");
      return new Intl.DateTimeFormat(locale, { dateStyle: "medium" }).format(seconds * 1000);
    },
  };
}

export function useFormats() {
  const language = useLanguage();
  return useMemo(() => formatsOf(language), [language]);
}
