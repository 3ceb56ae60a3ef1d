/** Refusals in the reader's language: sentences by code, sentences beside a field by reason, notices. */
import { notifications } from "@mantine/notifications";
import { codeOf } from "@roschat/shared/failure.ts";
import { errors } from "../words/errors.ts";
import { ApiError } from "./client.ts";

type Word = Parameters<typeof errors.say>[0];

/** What a refusal means. Codes without words of their own show the server's sentence. */
export function errorText(error: unknown): string {
  const code = codeOf(error);
  const known = `code.${code}` as Word;
  if (errors.say(known) !== known && !(code === "bad-request" && error instanceof ApiError && error.message !== code))
    return errors.say(known);
  return error instanceof Error && error.message && error.message !== code ? error.message : errors.say("code.unknown");
}

/** The sentence beside a field for a reason of `kernel/formats.py`. */
export function reasonText(reason: string): string {
  const known = `reason.${reason}` as Word;
  return errors.say(known) === known ? errors.say("reason.bad-value") : errors.say(known);
}

export function complain(error: unknown): void {
  show(errorText(error), "red");
}

export function tell(message: string): void {
  show(message, "teal");
}

function show(message: string, color: string): void {
  const closeButtonProps = { "aria-label": errors.say("close") };
  notifications.show({ message, color, closeButtonProps, withBorder: true, autoClose: color === "red" ? 8000 : 3000 });
}
