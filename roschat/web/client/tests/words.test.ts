import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Forms, format, type Language, preferredLanguage, type Words } from "@roschat/shared/i18n/language.ts";
import { describe, expect, it } from "vitest";
import { en } from "../src/words/en.ts";
import { ru } from "../src/words/ru.ts";

const dictionaries: [Language, Words][] = [
  ["ru", ru],
  ["en", en],
];
const holes = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
const variants = (word: string | Forms) => (typeof word === "string" ? [word] : Object.values(word));

function sources(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.endsWith("words"))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
}

describe("words", () => {
  it("are the same in both languages", () => expect(Object.keys(en).sort()).toEqual(Object.keys(ru).sort()));

  it("have the same holes in both languages", () => {
    for (const key of Object.keys(ru) as (keyof typeof ru)[])
      expect([key, holes(variants(en[key]).join())]).toEqual([key, holes(variants(ru[key]).join())]);
  });

  it.each(dictionaries)("have every form that %s needs", (language, words) => {
    const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [key, word] of Object.entries(words)) {
      if (typeof word === "string" || key === "typing.group") continue;
      expect([key, Object.keys(word)]).toEqual([key, expect.arrayContaining(needed)]);
    }
  });

  it("are all used", () => {
    const code = sources(join(import.meta.dirname, "../src"));
    const built = /^(filter|state|more)\./;
    const unused = Object.keys(ru).filter((key) => !code.includes(`"${key}"`) && !built.test(key));
    expect(unused).toEqual([]);
  });

  it.each([
    [1, "1 участник"],
    [2, "2 участника"],
    [5, "5 участников"],
    [21, "21 участник"],
    [112, "112 участников"],
  ])("count %i members", (count, text) => expect(format(ru, "ru", "group.members", { count })).toBe(text));

  it("leave a missing parameter visible and answer a missing key with the key", () => {
    expect(format({ a: "x {b}" }, "en", "a")).toBe("x {b}");
    expect(format({}, "en", "no.such")).toBe("no.such");
  });

  it("are chosen by what the browser wants", () => {
    expect(preferredLanguage(["de", "en-GB", "ru"])).toBe("en");
    expect(preferredLanguage(["ru-RU"])).toBe("ru");
    expect(preferredLanguage([])).toBe("ru");
  });
});
