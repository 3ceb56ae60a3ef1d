/** Finding a bot by any words of its number, name, title or description. */
import type { Bot } from "./api.ts";

export function found(bots: readonly Bot[], sought: string): Bot[] {
  const words = sought.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return bots.filter((bot) => {
    const text = [bot.cid, bot.name, bot.title, bot.description ?? ""].join("\n").toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}
