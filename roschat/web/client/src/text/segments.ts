/**
 * A text cut into stretches that are shown alike.
 *
 * Styles come from entities; links, addresses, mentions (`@[cid:Name]`) and bot commands are found in the text itself.
 */
import type { Entity } from "@roschat/shared/protocol.ts";

export interface Segment {
  text: string;
  /** bold, italic, underline, strike, code, pre */
  styles: string[];
  href?: string;
  /** A mentioned person. */
  cid?: number;
  /** A command of a bot, with its slash. */
  command?: string;
}

interface Found {
  start: number;
  end: number;
  shown: string;
  href?: string;
  cid?: number;
  command?: string;
}

const FINDERS: [RegExp, (match: RegExpMatchArray) => Partial<Found> | undefined][] = [
  [/@\[(\d+):([^\]\n]+)\]/gu, (match) => ({ shown: `@${match[2]}`, cid: Number(match[1]) })],
  [/https?:\/\/[^\s<>"«»]+/giu, (match) => ({ shown: trimmed(match[0]), href: trimmed(match[0]) })],
  [/(?<![\w/@.-])www\.[^\s<>"«»]+/giu, (match) => ({ shown: trimmed(match[0]), href: `https://${trimmed(match[0])}` })],
  [/(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gu, (match) => ({ shown: match[0], href: `mailto:${match[0]}` })],
  [
    /(?<![\w.])\+\d[\d\s()-]{8,16}\d/gu,
    (match) => ({ shown: match[0], href: `tel:${match[0].replace(/[^+\d]/g, "")}` }),
  ],
  [/(?<![^\s])\/[a-z]\w{0,31}(?!\S)/giu, (match) => ({ shown: match[0], command: match[0] })],
];

/** Punctuation after an address belongs to the sentence; a closing bracket too, unless it was opened inside. */
function trimmed(address: string): string {
  let text = address;
  for (;;) {
    const last = text.at(-1) ?? "";
    const bracket = last === ")" && !text.includes("(");
    if (!bracket && !".,;:!?'…".includes(last)) return text;
    text = text.slice(0, -1);
  }
}

function find(text: string): Found[] {
  const all: Found[] = [];
  for (const [pattern, read] of FINDERS)
    for (const match of text.matchAll(pattern)) {
      const found = read(match);
      if (!found) continue;
      const start = match.index;
      const length = found.cid === undefined ? (found.shown?.length ?? 0) : match[0].length;
      const end = start + length;
      if (length > 0 && !all.some((other) => start < other.end && end > other.start))
        all.push({ shown: match[0], ...found, start, end });
    }
  return all;
}

export function segmentsOf(text: string, entities: Entity[] = []): Segment[] {
  const found = find(text).filter((it) => !entities.some((entity) => isLiteral(entity) && overlaps(entity, it)));
  const cuts = new Set([0, text.length]);
  for (const entity of entities) {
    cuts.add(clamp(entity.offset, text));
    cuts.add(clamp(entity.offset + entity.length, text));
  }
  for (const it of found) {
    for (const cut of [...cuts]) if (cut > it.start && cut < it.end && it.cid !== undefined) cuts.delete(cut);
    cuts.add(it.start);
    cuts.add(it.end);
  }
  const edges = [...cuts].sort((a, b) => a - b);
  const segments: Segment[] = [];
  for (let i = 0; i + 1 < edges.length; i++) {
    const start = edges[i] ?? 0;
    const end = edges[i + 1] ?? 0;
    segments.push(segment(text, start, end, entities, found));
  }
  return segments.filter((it) => it.text !== "");
}

function segment(text: string, start: number, end: number, entities: Entity[], found: Found[]): Segment {
  const covering = entities.filter((entity) => entity.offset <= start && entity.offset + entity.length >= end);
  const here = found.find((it) => it.start <= start && it.end >= end);
  const link = covering.find((entity) => entity.type === "link" && safe(entity.url ?? ""));
  const mention = covering.find((entity) => entity.type === "mention" && entity.cid);
  const styles = covering.map((entity) => entity.type).filter((type) => type !== "link" && type !== "mention");
  const result: Segment = { text: here?.cid === undefined ? text.slice(start, end) : here.shown, styles };
  const href = link?.url ?? here?.href;
  const cid = mention?.cid ?? here?.cid;
  if (href) result.href = href;
  if (cid) result.cid = cid;
  if (here?.command) result.command = here.command;
  return result;
}

const isLiteral = (entity: Entity) => entity.type === "code" || entity.type === "pre" || entity.type === "link";
const overlaps = (entity: Entity, it: Found) => entity.offset < it.end && entity.offset + entity.length > it.start;
const clamp = (at: number, text: string) => Math.max(0, Math.min(at, text.length));
/** An address that is no program. */
export const safe = (url: string) => /^(https?|mailto|tel):/i.test(url);

/** Text with mentions written as names, for one-line previews. */
export function withoutMarkup(text: string): string {
  return text.replace(/@\[\d+:([^\]\n]+)\]/gu, "@$1");
}
