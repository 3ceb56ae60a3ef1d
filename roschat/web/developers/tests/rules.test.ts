import { describe, expect, it } from "vitest";
import type { BotForm } from "../src/api.ts";
import { check, linesOf } from "../src/rules.ts";
import { found } from "../src/search.ts";
import { en } from "../src/words/en.ts";
import { ru } from "../src/words/ru.ts";

const good: BotForm = { name: "echo", title: "Эхо", description: "", greeting: "", commands: [], icon: "" };

describe("what a bot may be called", () => {
  it("takes what the server takes", () => {
    expect(check({ ...good, commands: ["/start - Начать", "/стоп", "/a_1 - x"] })).toEqual({});
  });
  it.each([
    ["name", { name: "1echo" }],
    ["name", { name: "эхо" }],
    ["name", { name: "e" }],
    ["title", { title: "  " }],
    ["title", { title: "x".repeat(101) }],
    ["greeting", { greeting: "x".repeat(2001) }],
    ["commands", { commands: ["start"] }],
    ["commands", { commands: ["/start начать"] }],
  ] as [keyof BotForm, Partial<BotForm>][])("refuses a wrong %s", (field, change) => {
    expect(Object.keys(check({ ...good, ...change }))).toEqual([field]);
  });
  it("reads commands line by line", () => {
    expect(linesOf(" /a - x \n\n/b\r\n")).toEqual(["/a - x", "/b"]);
  });
});

it("finds a bot by all words, anywhere", () => {
  const bots = [
    { cid: 1002, name: "echo", title: "Эхо", description: "Повторяет" },
    { cid: 1003, name: "news", title: "Новости" },
  ];
  const names = (sought: string) => found(bots, sought).map((bot) => bot.name);
  expect(names("")).toEqual(["echo", "news"]);
  expect(names("ЭХО повтор")).toEqual(["echo"]);
  expect(names("1003")).toEqual(["news"]);
  expect(names("эхо новости")).toEqual([]);
});

it("says everything in both languages, with the same parameters", () => {
  const holes = (word: unknown) => [...JSON.stringify(word).matchAll(/\{(\w+)\}/g)].map((hole) => hole[1]);
  for (const key of Object.keys(ru) as (keyof typeof ru)[]) {
    expect(new Set(holes(en[key])), key).toEqual(new Set(holes(ru[key])));
  }
});
