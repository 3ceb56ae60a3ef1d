/** A text with stretches marked: what a search has found. */
import type { Mark } from "@roschat/shared/protocol.ts";

export function Highlighted({ text, marks }: { text: string; marks: Mark[] }) {
  const parts: { text: string; marked: boolean; at: number }[] = [];
  let done = 0;
  for (const { offset, length } of [...marks].sort((a, b) => a.offset - b.offset)) {
    if (offset < done) continue;
    parts.push({ text: text.slice(done, offset), marked: false, at: done });
    parts.push({ text: text.slice(offset, offset + length), marked: true, at: offset });
    done = offset + length;
  }
  parts.push({ text: text.slice(done), marked: false, at: done });
  return parts.map((part) =>
    part.marked ? <mark key={part.at}>{part.text}</mark> : <span key={`t${part.at}`}>{part.text}</span>,
  );
}
