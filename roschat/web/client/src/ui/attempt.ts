/** Doing something that may fail, with a notice in the reader's language when it does. */
import { notifications } from "@mantine/notifications";
import { codeOf } from "@roschat/shared/failure.ts";
import { type Key, say } from "../words/index.ts";

const TEXTS: Record<string, Key> = {
  offline: "error.offline",
  timeout: "error.timeout",
  unavailable: "error.unavailable",
  "not-found": "error.notFound",
  "access-denied": "error.denied",
  "bad-request": "error.badRequest",
  "too-large": "error.tooLarge",
  "too-many-requests": "error.tooMany",
  "bad-login-psw": "error.badLogin",
  "bad-code": "error.badCode",
  "mail-off": "error.noMail",
  "not-authorized": "error.notAuthorized",
};

export function errorText(code: string): string {
  return say(TEXTS[code] ?? "error.unknown");
}

/** True when it worked. */
export async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    notifications.show({ color: "red", message: errorText(codeOf(error)), withBorder: true });
    return false;
  }
}

export function tell(message: string): void {
  notifications.show({ message, withBorder: true, autoClose: 2500 });
}

export async function copyText(text: string): Promise<void> {
  await attempt(async () => {
    await navigator.clipboard.writeText(text);
    tell(say("common.copied"));
  });
}
