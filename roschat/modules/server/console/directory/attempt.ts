/** What a button starts: its failure is told in a notice. */
import { complain } from "@console/api/errors.ts";

export function attempt(work: Promise<unknown>): void {
  work.catch(complain);
}
