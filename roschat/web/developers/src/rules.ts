/** What a bot may be called, asked before the server is (roschat/modules/bots/rules.py holds the same). */
import type { BotForm } from "./api.ts";
import { say } from "./words/index.ts";

const NAME = /^[A-Za-z][A-Za-z0-9_.-]{1,63}$/;
const COMMAND = /^\/[\p{L}\p{N}_]{1,64}( - \S.*)?$/u;
const MAX_TITLE = 100;
const MAX_TEXT = 2000;

export type Complaints = Partial<Record<keyof BotForm, string>>;

export function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}

export function check(form: BotForm): Complaints {
  const complaints: Complaints = {};
  const length = (text: string) => Array.from(text.trim()).length;
  if (!NAME.test(form.name.trim())) complaints.name = say("check.name");
  if (length(form.title) < 1 || length(form.title) > MAX_TITLE) complaints.title = say("check.title");
  if (length(form.description) > MAX_TEXT) complaints.description = say("check.text");
  if (length(form.greeting) > MAX_TEXT) complaints.greeting = say("check.text");
  const wrong = form.commands.find((line) => !COMMAND.test(line));
  if (wrong !== undefined) complaints.commands = say("check.command", { line: wrong });
  return complaints;
}
