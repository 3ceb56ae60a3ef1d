/** Mentions: people write `@Name`, messages carry `@[cid:Name]`. */

interface Named {
  cid: number;
  name: string;
}

/** Names of known people after an @ become mentions; of two that fit, the longer one. */
export function encodeMentions(text: string, people: Named[]): string {
  if (!text.includes("@")) return text;
  const byLength = people.filter((it) => it.name).sort((a, b) => b.name.length - a.name.length);
  let result = "";
  let i = 0;
  while (i < text.length) {
    const found = startsMention(text, i) ? byLength.find((it) => fits(text, i + 1, it.name)) : undefined;
    if (found) {
      result += `@[${found.cid}:${found.name.replaceAll("]", "")}]`;
      i += 1 + found.name.length;
    } else {
      result += text[i];
      i += 1;
    }
  }
  return result;
}

const startsMention = (text: string, at: number) => text[at] === "@" && !/[\p{L}\p{N}]/u.test(text[at - 1] ?? "");

function fits(text: string, at: number, name: string): boolean {
  return text.startsWith(name, at) && !/[\p{L}\p{N}]/u.test(text[at + name.length] ?? "");
}

/** The word that is being written, when it begins a mention or a command. */
export function wordBefore(text: string, caret: number): { sign: "@" | "/"; word: string; start: number } | undefined {
  const before = text.slice(0, caret);
  const command = /^\/(\w*)$/.exec(before);
  if (command) return { sign: "/", word: command[1] ?? "", start: 0 };
  const mention = /(?:^|[\s([{«"])@([\p{L}\p{N}._-]*(?: [\p{L}\p{N}._-]*)?)$/u.exec(before);
  if (!mention) return undefined;
  const word = mention[1] ?? "";
  return { sign: "@", word, start: caret - word.length - 1 };
}
