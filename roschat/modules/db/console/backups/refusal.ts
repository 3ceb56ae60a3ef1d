/** Refusals of backups in the reader's language; the server's sentence says the rest. */
import { ApiError, errorText } from "@console/api/index.ts";
import { words } from "./words.ts";

const KNOWN = ["backup-damaged", "no-space", "busy", "bad-passphrase"] as const;

export function refusal(error: unknown): { text: string; details?: string } {
  const known = error instanceof ApiError ? KNOWN.find((code) => code === error.code) : undefined;
  if (!known) return { text: errorText(error) };
  return { text: words.say(`code.${known}`), details: (error as ApiError).message };
}

/** The same as an error for a notice. */
export function failure(error: unknown): Error {
  return new Error(refusal(error).text);
}
