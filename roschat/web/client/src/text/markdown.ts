/** What people type (`**bold**`, `_italic_`, `` `code` ``, `~~gone~~`, `[name](address)`) to entities, and back for editing. */
import type { Entity } from "@roschat/shared/protocol.ts";

interface Rule {
  pattern: RegExp;
  type: string;
}

const RULES: Rule[] = [
  { pattern: /```(?:[a-z]*\n)?([\s\S]+?)```/u, type: "pre" },
  { pattern: /`([^`\n]+)`/u, type: "code" },
  { pattern: /\[([^\]\n]+)\]\((https?:\/\/[^\s)]+)\)/u, type: "link" },
  { pattern: /\*\*(?=\S)([^\n]*?\S)\*\*(?!\*)/u, type: "bold" },
  { pattern: /(?<![\p{L}\p{N}_])__(?=\S)([^\n]*?\S)__(?![\p{L}\p{N}_])/u, type: "underline" },
  { pattern: /~~(?=\S)([^\n]*?\S)~~/u, type: "strike" },
  { pattern: /(?<![^\s([{«"*~])_(?=[^\s_])([^\n]*?[^\s_])_(?![\p{L}\p{N}_])/u, type: "italic" },
];

/** Marks taken out of a text, and what they meant; offsets in UTF-16 units. */
export function parseMarkdown(source: string): { text: string; entities: Entity[] } {
  const { text, entities } = parse(source.trim());
  return { text, entities: entities.sort((a, b) => a.offset - b.offset || b.length - a.length) };
}

function parse(source: string): { text: string; entities: Entity[] } {
  let first: { match: RegExpExecArray; rule: Rule } | undefined;
  for (const rule of RULES) {
    const match = rule.pattern.exec(source);
    if (match && (!first || match.index < first.match.index)) first = { match, rule };
  }
  if (!first) return { text: source, entities: [] };
  const { match, rule } = first;
  const before = source.slice(0, match.index);
  const literal = rule.type === "code" || rule.type === "pre";
  const inner = literal ? { text: match[1] ?? "", entities: [] } : parse(match[1] ?? "");
  const after = parse(source.slice(match.index + match[0].length));
  const entity: Entity = { type: rule.type, offset: before.length, length: inner.text.length };
  if (rule.type === "link") entity.url = match[2] ?? "";
  const moved = (list: Entity[], by: number) => list.map((it) => ({ ...it, offset: it.offset + by }));
  return {
    text: before + inner.text + after.text,
    entities: [
      entity,
      ...moved(inner.entities, before.length),
      ...moved(after.entities, before.length + inner.text.length),
    ],
  };
}

const MARKS: Record<string, [string, string]> = {
  bold: ["**", "**"],
  italic: ["_", "_"],
  underline: ["__", "__"],
  strike: ["~~", "~~"],
  code: ["`", "`"],
  pre: ["```\n", "```"],
};

/** The text as its author could have typed it. */
export function toMarkdown(text: string, entities: Entity[] = []): string {
  const inserts: { at: number; text: string; order: number }[] = [];
  entities.forEach((entity, index) => {
    const [open, close] = entity.type === "link" ? ["[", `](${entity.url ?? ""})`] : (MARKS[entity.type] ?? ["", ""]);
    inserts.push({ at: entity.offset, text: open, order: index });
    inserts.push({ at: entity.offset + entity.length, text: close, order: -index - 1 });
  });
  inserts.sort((a, b) => a.at - b.at || a.order - b.order);
  let result = "";
  let done = 0;
  for (const insert of inserts) {
    result += text.slice(done, insert.at) + insert.text;
    done = insert.at;
  }
  return result + text.slice(done);
}

/** Put marks around the selection of a text field, or take them off. */
export function wrap(text: string, from: number, to: number, mark: string): { text: string; from: number; to: number } {
  const before = text.slice(0, from);
  const chosen = text.slice(from, to);
  const after = text.slice(to);
  if (before.endsWith(mark) && after.startsWith(mark))
    return {
      text: before.slice(0, -mark.length) + chosen + after.slice(mark.length),
      from: from - mark.length,
      to: to - mark.length,
    };
  return { text: before + mark + chosen + mark + after, from: from + mark.length, to: to + mark.length };
}
