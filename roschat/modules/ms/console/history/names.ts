/** What sections and their options are called in the language of the console. */
import { useApi } from "@console/api/index.ts";
import { sectionTitle, titleOf } from "@console/kit/settings.ts";
import { useLanguage } from "@console/words.ts";

export interface Names {
  /** The sections that there are, for a choice. */
  sections: { value: string; label: string }[];
  section: (name: string) => string;
  option: (section: string, key: string) => string;
}

export function useNames(): Names {
  const language = useLanguage();
  const known = useApi("GET /settings").data ?? [];
  const found = (name: string) => known.find((one) => one.name === name);
  const section = (name: string) => {
    const one = found(name);
    return one ? sectionTitle(one, language) : name;
  };
  return {
    sections: known
      .map((one) => ({ value: one.name, label: sectionTitle(one, language) }))
      .sort((one, other) => one.label.localeCompare(other.label, language)),
    section,
    option: (name, key) => {
      const option = found(name)?.options.find((one) => one.key === key);
      return option ? titleOf(option, language) : key;
    },
  };
}
