/** Refusals of the server and troubles on the way to it, told apart by a stable code. */

/** Codes that mean: nothing is wrong with the request, send it again later. */
const PASSING = new Set(["timeout", "offline", "unavailable", "too-many-requests"]);

export class RequestFailed extends Error {
  constructor(
    readonly code: string,
    text = "",
  ) {
    super(text || code);
    this.name = "RequestFailed";
  }

  /** Whether the same request may succeed later. */
  get passing(): boolean {
    return PASSING.has(this.code);
  }
}

/** The code of any error, for choosing the words of a notice. */
export function codeOf(error: unknown): string {
  return error instanceof RequestFailed ? error.code : "unknown";
}
