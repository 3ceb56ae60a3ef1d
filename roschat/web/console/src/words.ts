/**
 * The words of the console: every page brings its own dictionary, all of them follow one language.
 *
 *     export const words = defineWords({ ru: { title: "Почта" }, en: { title: "Mail" } });
 *     const say = words.use();   // in a component; changes with the language
 */
import {
  type Forms,
  format,
  LANGUAGES,
  type Language,
  type Params,
  preferredLanguage,
} from "@roschat/shared/i18n/language.ts";
import { useSyncExternalStore } from "react";

export type { Forms, Language, Params };
export { LANGUAGES };

/** A text in both languages, for what stands outside a dictionary: titles of pages, options of settings. */
export type Both = Record<Language, string>;
export type Say<K extends string> = (key: K, params?: Params) => string;

const KEPT = "roschat.console.language";
const listeners = new Set<() => void>();
let language: Language =
  LANGUAGES.find((one) => one === globalThis.localStorage?.getItem(KEPT)) ??
  preferredLanguage(globalThis.navigator?.languages ?? []);

export const currentLanguage = (): Language => language;

export function chooseLanguage(chosen: Language): void {
  language = chosen;
  globalThis.localStorage?.setItem(KEPT, chosen);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, currentLanguage);
}

/** The text of a pair in the language of now. */
export function useBoth(): (text: Both) => string {
  const now = useLanguage();
  return (text) => text[now];
}

export interface Dictionary<K extends string> {
  /** Say a word in a component. */
  use: () => Say<K>;
  /** Say a word now, outside of components. */
  say: Say<K>;
}

/** A dictionary; Russian holds the keys, English must have the same ones. */
export function defineWords<K extends string>(words: {
  ru: Record<K, string | Forms>;
  en: Record<NoInfer<K>, string | Forms>;
}): Dictionary<K> {
  // One function for each language: what depends on it changes with the language.
  const speaking = Object.fromEntries(
    LANGUAGES.map((one) => [one, (key: K, params?: Params) => format(words[one], one, key, params)]),
  ) as Record<Language, Say<K>>;
  return {
    use: () => speaking[useLanguage()],
    say: (key, params) => speaking[language](key, params),
  };
}
