/**
 * Calls to the server. A way is named by its key ("PUT /contacts/{cid}"); the declarations type what goes in and out.
 *
 * Path fields are taken out of the request; of a GET or DELETE the rest becomes the query, of others the JSON body.
 */
import { RequestFailed } from "@roschat/shared/failure.ts";
import type { Ways } from "./generated.ts";

export type Way = keyof Ways;
export type GetWay = Extract<Way, `GET ${string}`>;
export type Request<W extends Way> = Ways[W]["request"];
export type Reply<W extends Way> = Ways[W]["reply"];
type AllOptional<T> = Record<string, never> extends T ? true : false;
/** The arguments of a call: a request whose fields may all be left out may be left out itself. */
export type Asked<W extends Way> =
  AllOptional<Request<W>> extends true ? [request?: Request<W>] : [request: Request<W>];

export const PREFIX = "/api/v1";

/** A refusal: a stable code, a sentence of the server in English, bad fields with the reason of each. */
export class ApiError extends RequestFailed {
  /** Somebody has shown it already; no notice is needed. */
  told = false;

  constructor(
    code: string,
    text: string,
    readonly status: number,
    readonly fields: Readonly<Record<string, string>> = {},
  ) {
    super(code, text);
    this.name = "ApiError";
  }
}

/** What is done when the server no longer knows us (401) or wants another password first. */
let onLost: (code: string) => void = () => {};
export function whenLost(listener: (code: string) => void): void {
  onLost = listener;
}

export async function call<W extends Way>(way: W, ...[request]: Asked<W>): Promise<Reply<W>> {
  const { method, url, rest } = addressOf(way, { ...request });
  if (method === "GET" || method === "DELETE") return (await send(url + queryOf(rest), { method })).json();
  const headers = { "content-type": "application/json" };
  return (await send(url, { method, headers, body: JSON.stringify(rest) })).json();
}

/** Fetch below the API; refusals become ApiError, a server that is away too (code "offline"). */
export async function send(url: string, init: RequestInit = {}): Promise<Response> {
  return settled(fetch(url, { credentials: "same-origin", cache: "no-store", ...init }));
}

/** An answer that is no refusal. */
export async function settled(answer: Promise<Response>): Promise<Response> {
  let response: Response;
  try {
    response = await answer;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiError("offline", String(cause), 0);
  }
  if (response.ok) return response;
  const error = await refusalOf(response);
  if (response.status === 401 && error.code !== "bad-login-psw" && error.code !== "second-factor") onLost(error.code);
  if (error.code === "password-must-change") onLost(error.code);
  throw error;
}

async function refusalOf(response: Response): Promise<ApiError> {
  try {
    const told = (await response.json()) as { error?: string; text?: string; fields?: Record<string, string> };
    return new ApiError(told.error ?? "unknown", told.text ?? "", response.status, told.fields);
  } catch {
    return new ApiError(response.status >= 502 ? "unavailable" : "unknown", response.statusText, response.status);
  }
}

/** The address of a way with its path fields filled in, and what is left of the request. */
export function addressOf(way: string, request: Record<string, unknown>) {
  const [method = "", path = ""] = way.split(" ");
  const rest = { ...request };
  const url = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest[name];
    delete rest[name];
    return encodeURIComponent(String(value));
  });
  return { method, url: PREFIX + url, rest };
}

/** A query with its question mark; a list becomes a repeated key, what is undefined is left out. */
export function queryOf(request: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(request)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one === undefined || one === null) continue;
      query.append(key, typeof one === "object" ? JSON.stringify(one) : String(one));
    }
  }
  const text = query.toString();
  return text && `?${text}`;
}
