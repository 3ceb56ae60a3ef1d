/** Errors in the reader's language. */
import { notifications } from "@mantine/notifications";
import { codeOf } from "@roschat/shared/failure.ts";
import { type Key, say } from "./words/index.ts";

const TEXTS: Record<string, Key> = {
  "bad-login-psw": "error.badLogin",
  "too-many-requests": "error.tooMany",
  "name-taken": "error.nameTaken",
  "bad-request": "error.badRequest",
  "too-large": "error.tooLarge",
  "not-found": "error.notFound",
  offline: "error.away",
  unavailable: "error.away",
};

export function errorText(error: unknown): string {
  return say(TEXTS[codeOf(error)] ?? "error.unknown");
}

export function complain(error: unknown): void {
  show(errorText(error), "red");
}

export function tell(message: string): void {
  show(message, "brand");
}

function show(message: string, color: string): void {
  const closeButtonProps = { "aria-label": say("dialog.close") };
  notifications.show({ message, color, closeButtonProps, withBorder: true, autoClose: color === "red" ? 6000 : 2500 });
}
