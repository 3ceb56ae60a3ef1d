/** The language of this page and its words. */
import { LANGUAGES, type Language, preferredLanguage, Speech } from "@roschat/shared/i18n/language.ts";
import { en } from "./en.ts";
import { ru } from "./ru.ts";

export type Key = keyof typeof ru;

const KEPT = "roschat.developers.language";
const kept = LANGUAGES.find((language) => language === globalThis.localStorage?.getItem(KEPT));

export const speech = new Speech<Key>({ ru, en }, kept ?? preferredLanguage(globalThis.navigator?.languages ?? []));
export const say = speech.say;
export const useWords = () => speech.useWords();

export function chooseLanguage(language: Language): void {
  localStorage.setItem(KEPT, language);
  speech.speak(language);
}
