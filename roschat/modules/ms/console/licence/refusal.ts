/** What the licence server or the licence said no with: a sentence in the reader's language, the cause as it came. */
import { ApiError, errorText } from "@console/api/index.ts";
import { words } from "./words.ts";

const KNOWN = ["licence-server", "licence-refused", "not-configured", "bad-login-psw"] as const;

export function refusal(error: unknown, otherwise: string): { text: string; details?: string } {
  if (!(error instanceof ApiError)) return { text: errorText(error) };
  const known = KNOWN.find((code) => code === error.code);
  if (!known) return { text: otherwise, details: errorText(error) };
  return { text: words.say(`code.${known}`), details: error.message };
}
