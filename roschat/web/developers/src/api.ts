/** The panel's requests to the server: JSON under /developers/api, with a cookie that scripts cannot read. */
import { RequestFailed } from "@roschat/shared/failure.ts";

/** A bot as its developer sees it; the server leaves out what is empty. */
export interface Bot {
  cid: number;
  name: string;
  title: string;
  description?: string;
  greeting?: string;
  commands?: string[];
  /** The name of a stored picture. */
  icon?: string;
  /** Told once, when it was made. */
  token?: string;
  /** Live sockets. */
  online?: number;
}

/** What the dialog edits. */
export type BotForm = Required<Pick<Bot, "name" | "title" | "description" | "greeting" | "commands" | "icon">>;

export interface Developer {
  login: string;
  name: string;
}

const ROOT = "/developers/api";
const PATIENCE = 15_000;

async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const blob = body instanceof Blob;
  const type = blob ? body.type || "application/octet-stream" : "application/json";
  const init: RequestInit = { method, credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE) };
  if (method !== "GET") {
    init.headers = { "content-type": type };
    init.body = blob ? body : JSON.stringify(body ?? {});
  }
  let response: Response;
  try {
    response = await fetch(ROOT + path, init);
  } catch {
    throw new RequestFailed("offline");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new RequestFailed(answer.error ?? "unknown", answer.text);
  return answer as T;
}

export const api = {
  signIn: (login: string, password: string, remember: boolean) =>
    ask<object>("POST", "/login", { login, password, remember }),
  signOut: () => ask<object>("POST", "/logout"),
  me: () => ask<Developer>("GET", "/me"),
  bots: () => ask<Bot[]>("GET", "/bots"),
  add: (form: BotForm) => ask<Bot>("POST", "/bots", form),
  change: (cid: number, form: BotForm) => ask<Bot>("PUT", `/bots/${cid}`, { cid, ...form }),
  remove: (cid: number) => ask<object>("DELETE", `/bots/${cid}`),
  renew: (cid: number) => ask<Bot>("POST", `/bots/${cid}/token`),
  icon: async (file: Blob) => (await ask<{ file: string }>("POST", "/icons", file)).file,
};

export const iconUrl = (file: string) => `${ROOT}/icons/${encodeURIComponent(file)}`;
