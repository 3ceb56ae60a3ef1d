/**
 * The words of the interface in two languages, changed without a reload.
 *
 * Russian holds the keys; English must have the same ones (the type says so). A word with forms is an object of plural
 * categories as CLDR names them, and needs the parameter `count`.
 */
import { useSyncExternalStore } from "react";

export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };
export type Words = Record<string, string | Forms>;
export type Language = "ru" | "en";
export type Params = Record<string, string | number>;

export const LANGUAGES: readonly Language[] = ["ru", "en"];

export function format(words: Words, language: Language, key: string, params: Params = {}): string {
  const word = words[key];
  if (word === undefined) return key;
  const text = typeof word === "string" ? word : pick(word, language, Number(params.count ?? 0));
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? value.toLocaleString(language) : value;
  });
}

function pick(forms: Forms, language: Language, count: number): string {
  return forms[rulesOf(language).select(count)] ?? forms.other;
}

const rules = new Map<Language, Intl.PluralRules>();

function rulesOf(language: Language): Intl.PluralRules {
  const known = rules.get(language) ?? new Intl.PluralRules(language);
  rules.set(language, known);
  return known;
}

/** The language a browser asks for, among those we speak. */
export function preferredLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const found = LANGUAGES.find((language) => tag.toLowerCase().startsWith(language));
    if (found) return found;
  }
  return "ru";
}

/** The current language of a page, with its dictionaries. */
export class Speech<K extends string> {
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly dictionaries: Record<Language, Record<K, string | Forms>>,
    private language: Language,
  ) {}

  get current(): Language {
    return this.language;
  }

  speak(language: Language): void {
    this.language = language;
    for (const listener of this.listeners) listener();
  }

  /** Say a word now; components use `useWords` so that they change with the language. */
  say = (key: K, params?: Params): string => format(this.dictionaries[this.language], this.language, key, params);

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  useWords(): (key: K, params?: Params) => string {
    useSyncExternalStore(this.subscribe, () => this.language);
    return this.say;
  }

  useLanguage(): Language {
    return useSyncExternalStore(this.subscribe, () => this.language);
  }
}
