import { describe, expect, it } from "vitest";
import { barsOf } from "../src/bubble/AudioContent.tsx";
import { isFewEmoji } from "../src/bubble/RichText.tsx";
import { loudness, squeeze } from "../src/composer/recording.ts";
import { bodyOf, textData } from "../src/text/body.ts";
import { parseMarkdown, toMarkdown, wrap } from "../src/text/markdown.ts";
import { encodeMentions, wordBefore } from "../src/text/mentions.ts";
import { segmentsOf, withoutMarkup } from "../src/text/segments.ts";

describe("markdown", () => {
  it.each([
    ["**жирный** и _курсив_", "жирный и курсив", ["bold", "italic"]],
    ["~~нет~~ `a**b**c`", "нет a**b**c", ["strike", "code"]],
    ["[сайт](https://a.example/x)", "сайт", ["link"]],
    ["**a _b_ c**", "a b c", ["bold", "italic"]],
    ["```\nx = 1\n```", "x = 1\n", ["pre"]],
  ])("%s", (source, text, types) => {
    const parsed = parseMarkdown(source);
    expect(parsed.text).toBe(text);
    expect(parsed.entities.map((it) => it.type)).toEqual(types);
  });

  it.each(["snake_case_name", "2 * 3 ** 4", "a__b", "-_- -_-x", "5 ~~ 6"])("leaves %s alone", (source) => {
    expect(parseMarkdown(source)).toEqual({ text: source, entities: [] });
  });

  it("counts offsets in UTF-16 units", () => {
    expect(parseMarkdown("😀 **x**").entities).toEqual([{ type: "bold", offset: 3, length: 1 }]);
  });

  it("comes back for editing", () => {
    for (const source of ["**a** b _c_", "**a _b_**", "[x](https://a.example)", "`c` ~~d~~"]) {
      const { text, entities } = parseMarkdown(source);
      expect(toMarkdown(text, entities)).toBe(source);
    }
  });

  it("puts marks on and takes them off", () => {
    const on = wrap("one two", 4, 7, "**");
    expect(on).toEqual({ text: "one **two**", from: 6, to: 9 });
    expect(wrap(on.text, on.from, on.to, "**")).toEqual({ text: "one two", from: 4, to: 7 });
  });
});

describe("segments", () => {
  it("finds links without the punctuation after them", () => {
    const found = segmentsOf("см. https://a.example/x(y), и (https://b.example).");
    expect(found.filter((it) => it.href).map((it) => it.href)).toEqual(["https://a.example/x(y)", "https://b.example"]);
  });

  it("finds mentions, mail, telephone and commands", () => {
    const found = segmentsOf("/start @[12:Иванова Анна] a.b@c.example +7 495 123-45-67");
    expect(found[0]).toMatchObject({ text: "/start", command: "/start" });
    expect(found).toContainEqual({ text: "@Иванова Анна", styles: [], cid: 12 });
    expect(found.map((it) => it.href).filter(Boolean)).toEqual(["mailto:a.b@c.example", "tel:+74951234567"]);
  });

  it("joins styles that overlap", () => {
    const entities = [
      { type: "bold", offset: 0, length: 4 },
      { type: "italic", offset: 2, length: 4 },
    ];
    expect(segmentsOf("abcdefg", entities).map((it) => [it.text, it.styles.join()])).toEqual([
      ["ab", "bold"],
      ["cd", "bold,italic"],
      ["ef", "italic"],
      ["g", ""],
    ]);
  });

  it("keeps the text whole whatever the entities say", () => {
    const entities = [
      { type: "bold", offset: -3, length: 900 },
      { type: "link", offset: 1, length: 2, url: "javascript:x" },
    ];
    const found = segmentsOf("text", entities);
    expect(found.map((it) => it.text).join("")).toBe("text");
    expect(found.some((it) => it.href)).toBe(false);
  });

  it("shows a mention as a name in one line", () => {
    expect(withoutMarkup("да, @[7:Пётр] прав")).toBe("да, @Пётр прав");
  });
});

describe("mentions", () => {
  const people = [
    { cid: 1, name: "Анна" },
    { cid: 2, name: "Анна Мария" },
  ];
  it("takes the longer name and whole words only", () => {
    expect(encodeMentions("@Анна Мария, @Анна! mail@Анна @Аннабель", people)).toBe(
      "@[2:Анна Мария], @[1:Анна]! mail@Анна @Аннабель",
    );
  });
  it("sees the word that is being written", () => {
    expect(wordBefore("привет @Ан", 10)).toEqual({ sign: "@", word: "Ан", start: 7 });
    expect(wordBefore("/he", 3)).toEqual({ sign: "/", word: "he", start: 0 });
    expect(wordBefore("a@b", 3)).toBeUndefined();
  });
});

describe("bodies", () => {
  it("is text, a body, or unknown", () => {
    expect(bodyOf({ dataType: "text", data: '{"type":"poll"}' })).toEqual({ type: "text", text: '{"type":"poll"}' });
    expect(bodyOf({ dataType: "data", data: '{"type":"file","file":"f","name":"n"}' }).type).toBe("file");
    for (const data of ["", "null", "[]", "{", "1", '{"type":5}'])
      expect(bodyOf({ dataType: "data", data })).toEqual({ type: "unknown" });
  });
  it("is plain when nothing is styled", () => {
    expect(textData("a", [])).toEqual({ dataType: "text", data: "a" });
    expect(JSON.parse(textData("a", [{ type: "bold", offset: 0, length: 1 }]).data).type).toBe("text");
  });
});

describe("small things", () => {
  it("shows few emoji large", () => {
    expect(isFewEmoji("👍")).toBe(true);
    expect(isFewEmoji("❤️ 👩‍💻")).toBe(true);
    expect(isFewEmoji("👍 ок")).toBe(false);
    expect(isFewEmoji("123")).toBe(false);
  });
  it("makes bars that can be seen", () => {
    expect(barsOf([])).toHaveLength(40);
    expect(Math.min(...barsOf([0, 0, 100]))).toBeGreaterThan(0);
    expect(
      squeeze(
        Array.from({ length: 600 }, (_, i) => i),
        60,
      ),
    ).toHaveLength(60);
    expect(loudness(new Uint8Array(8).fill(128))).toBe(0);
  });
});
