import { SegmentedControl } from "@mantine/core";
import type { Language } from "@roschat/shared/i18n/language.ts";
import { chooseLanguage, speech, useWords } from "../words/index.ts";

export function LanguageChoice({ compact = false }: { compact?: boolean }) {
  const say = useWords();
  const language = speech.useLanguage();
  return (
    <SegmentedControl
      aria-label={say("more.language")}
      size={compact ? "xs" : "sm"}
      value={language}
      onChange={(value) => chooseLanguage(value as Language)}
      data={
        compact
          ? [
              { value: "ru", label: "RU" },
              { value: "en", label: "EN" },
            ]
          : [
              { value: "ru", label: "Русский" },
              { value: "en", label: "English" },
            ]
      }
    />
  );
}
