/** The language of this page and its words. */
import { type Language, preferredLanguage, Speech } from "@roschat/shared/i18n/language.ts";
import { usePreferences } from "../state/preferences.ts";
import { en } from "./en.ts";
import { ru } from "./ru.ts";

export type Key = keyof typeof ru;

const wanted = usePreferences.getState().language;
export const speech = new Speech<Key>({ ru, en }, wanted || preferredLanguage(globalThis.navigator?.languages ?? []));

export const say = speech.say;
export const useWords = () => speech.useWords();
export type Say = typeof say;

export function chooseLanguage(language: Language): void {
  usePreferences.setState({ language });
  speech.speak(language);
  document.documentElement.lang = language;
}
