/**
 * The one way to the server: a Socket.IO connection that signs in by itself after every interruption.
 *
 * Life: `signed-out` → signIn() or resume() → `connecting` → `online`; a lost socket leads to `offline`, and after a
 * growing pause to `connecting` again. Whoever keeps copies of server state listens to `online` and asks what changed. A
 * device that the server signs out goes to `signed-out` with `dismissed`.
 */
import { io, type Socket } from "socket.io-client";
import { type Credentials, credentialsOf, type Vault } from "./credentials.ts";
import { RequestFailed } from "./failure.ts";
import type { Commands, ContactId, Events, Failure, LoginReply } from "./protocol.ts";

export type Phase = "signed-out" | "connecting" | "online" | "offline";
export type CommandName = keyof Commands;
export type EventName = keyof Events;
export type Request<N extends CommandName> = Commands[N]["request"];
export type Reply<N extends CommandName> = Commands[N]["reply"];

/** Commands that are served to anybody. */
export type OpenCommand = "get-registration" | "register";

export interface ConnectionOptions {
  /** Where the page came from, e.g. `https://chat.example`. */
  origin: string;
  vault: Vault;
  client: string;
  deviceName: string;
  now?: () => number;
}

const API_LEVEL = 9;
const CALL_TIMEOUT = 15_000;
const CONNECT_TIMEOUT = 8_000;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 20_000;
/** Codes of a sign-in by token that only mean "not now". */
const NOT_NOW = new Set(["unavailable", "too-many-requests", "unknown", "timeout", "offline"]);

export class Connection {
  phase: Phase = "signed-out";
  uid: ContactId = 0;
  /** Why we are signed out: the server ended the sign-in of this device, and not its owner. */
  dismissed = false;

  private socket: Socket | undefined;
  private attempt = 0;
  private wake: ReturnType<typeof setTimeout> | undefined;
  private renewal: ReturnType<typeof setTimeout> | undefined;
  /** The last cookie taken away; a new one is asked for only after it. */
  private closing: Promise<void> = Promise.resolve();
  private readonly phaseListeners = new Set<(phase: Phase) => void>();
  private readonly listeners = new Map<string, Set<(payload: never) => void>>();
  private readonly now: () => number;

  constructor(private readonly options: ConnectionOptions) {
    this.now = options.now ?? Date.now;
    globalThis.addEventListener?.("online", () => this.hurry());
    globalThis.addEventListener?.("offline", () => this.socket?.disconnect());
  }

  onPhase(listener: (phase: Phase) => void): () => void {
    this.phaseListeners.add(listener);
    return () => this.phaseListeners.delete(listener);
  }

  on<N extends EventName>(name: N, listener: (payload: Events[N]) => void): () => void {
    const all = this.listeners.get(name) ?? new Set();
    all.add(listener);
    this.listeners.set(name, all);
    return () => all.delete(listener);
  }

  /** The access token for requests over HTTP. */
  get accessToken(): string {
    return this.options.vault.get()?.access ?? "";
  }

  /** Sign in by password; rejects with `bad-login-psw`, `too-many-requests`, `need-code` (a code was mailed), `bad-code` or a trouble of the connection. */
  async signIn(login: string, password: string, stay: boolean, code = ""): Promise<void> {
    this.drop();
    this.dismissed = false;
    const socket = await this.open();
    try {
      const reply = await this.login(socket, {
        login,
        password,
        device: this.options.vault.deviceOf(login),
        ...(code ? { code } : {}),
      });
      this.options.vault.knowDevice(login, reply.device ?? "");
      if (reply.tokens) this.options.vault.put(credentialsOf(reply.tokens, reply.device ?? "", this.now()), stay);
      await this.welcome(socket, reply);
    } catch (error) {
      socket.disconnect();
      throw error;
    }
  }

  /** Ask what needs no sign-in, on a socket of its own that ends with the answer. */
  async askOpenly<N extends OpenCommand>(name: N, request: Request<N>): Promise<Reply<N>> {
    const socket = await this.open();
    try {
      return await ask<Reply<N>>(socket, name, request, CALL_TIMEOUT);
    } finally {
      socket.disconnect();
    }
  }

  /** Ask for an account; a device that has proved itself meanwhile is known at its first sign-in. */
  async register(request: Request<"register">): Promise<Reply<"register">> {
    const reply = await this.askOpenly("register", request);
    this.options.vault.knowDevice(request.email, reply.device ?? "");
    return reply;
  }

  /** Go on with kept tokens; false when there are none. */
  resume(): boolean {
    if (!this.options.vault.get()) return false;
    this.setPhase("connecting");
    void this.reconnect();
    return true;
  }

  async signOut(): Promise<void> {
    const socket = this.socket;
    // The server answers by hanging up, which is no news from here on.
    this.socket = undefined;
    if (socket?.connected) await ask(socket, "logout", {}, CALL_TIMEOUT).catch(() => undefined);
    socket?.disconnect();
    this.forget();
  }

  async call<N extends CommandName>(name: N, request: Request<N>, timeout = CALL_TIMEOUT): Promise<Reply<N>> {
    const socket = this.socket;
    if (this.phase !== "online" || !socket?.connected) throw new RequestFailed("offline");
    return ask<Reply<N>>(socket, name, request, timeout);
  }

  /** Try now instead of waiting for the pause to end. */
  hurry(): void {
    if (this.phase !== "offline") return;
    this.attempt = 0;
    clearTimeout(this.wake);
    void this.reconnect();
  }

  private async reconnect(): Promise<void> {
    const credentials = this.options.vault.get();
    if (!credentials) return this.forget();
    this.setPhase("connecting");
    let socket: Socket | undefined;
    try {
      socket = await this.open();
      const { reply } = await this.loginByToken(socket, credentials);
      await this.welcome(socket, reply);
    } catch (error) {
      socket?.disconnect();
      if (error instanceof RequestFailed && !NOT_NOW.has(error.code)) return this.forget(true);
      this.pause();
    }
  }

  private async loginByToken(
    socket: Socket,
    known: Credentials,
  ): Promise<{ reply: LoginReply; credentials: Credentials }> {
    let credentials = known;
    if (this.now() < credentials.renewAt) {
      try {
        return { reply: await this.login(socket, { token: credentials.access }), credentials };
      } catch (error) {
        if (!(error instanceof RequestFailed) || NOT_NOW.has(error.code)) throw error;
      }
    }
    credentials = await this.renewed(socket, credentials);
    return { reply: await this.login(socket, { token: credentials.access }), credentials };
  }

  private renewed(socket: Socket, credentials: Credentials): Promise<Credentials> {
    return this.options.vault.renew(
      credentials,
      (request) => ask<Reply<"refresh-token">>(socket, "refresh-token", request, CALL_TIMEOUT),
      this.now,
    );
  }

  private async login(socket: Socket, how: Request<"login">): Promise<LoginReply> {
    const { client, deviceName } = this.options;
    const request: Request<"login"> = { ...how, client, deviceName, APILevel: API_LEVEL };
    const reply = await ask<LoginReply>(socket, "login", request, CALL_TIMEOUT);
    if (reply.status !== "ok") throw new RequestFailed(reply.error ?? "unknown", reply.text);
    return reply;
  }

  private async welcome(socket: Socket, reply: LoginReply): Promise<void> {
    this.socket = socket;
    this.uid = reply.uid ?? 0;
    this.attempt = 0;
    socket.on("disconnect", (reason) => this.lost(socket, reason));
    socket.onAny((name: string, payload: unknown) => {
      for (const listener of this.listeners.get(name) ?? []) listener(payload as never);
    });
    if (!socket.connected) throw new RequestFailed("offline");
    await this.openFiles();
    this.planRenewal(socket);
    this.setPhase("online");
  }

  /** Files are asked for by the browser itself, so their permission rides on a cookie. */
  private async openFiles(): Promise<void> {
    await this.closing;
    await fetch(new URL("/ajax/session", this.options.origin), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ access_token: this.accessToken }),
      signal: AbortSignal.timeout(CONNECT_TIMEOUT),
    }).catch(() => undefined);
  }

  private closeFiles(): void {
    this.closing = fetch(new URL("/ajax/session", this.options.origin), {
      method: "DELETE",
      keepalive: true,
      signal: AbortSignal.timeout(CONNECT_TIMEOUT),
    }).then(
      () => undefined,
      () => undefined,
    );
  }

  private planRenewal(socket: Socket): void {
    clearTimeout(this.renewal);
    const credentials = this.options.vault.get();
    if (!credentials) return;
    const pause = Math.min(Math.max(credentials.renewAt - this.now(), 1_000), 2 ** 31 - 1);
    this.renewal = setTimeout(() => void this.renewInPlace(socket, credentials), pause);
  }

  private async renewInPlace(socket: Socket, credentials: Credentials): Promise<void> {
    if (socket !== this.socket || !socket.connected) return;
    try {
      await this.renewed(socket, credentials);
      await this.openFiles();
      this.planRenewal(socket);
    } catch (error) {
      if (error instanceof RequestFailed && !NOT_NOW.has(error.code)) this.forget(true);
      else socket.disconnect();
    }
  }

  /** A server that stops or lost events just closes the socket; its farewell means that this device is signed out. */
  private lost(socket: Socket, reason: string): void {
    if (socket !== this.socket) return;
    this.socket = undefined;
    if (this.phase === "signed-out") return;
    if (reason === "io server disconnect") this.forget(true);
    else if (globalThis.navigator?.onLine === false) this.setPhase("offline");
    else this.pause();
  }

  private pause(): void {
    this.setPhase("offline");
    clearTimeout(this.wake);
    const longest = Math.min(FIRST_PAUSE * 2 ** this.attempt, LONGEST_PAUSE);
    this.attempt += 1;
    this.wake = setTimeout(() => void this.reconnect(), longest * (0.5 + Math.random() / 2));
  }

  private forget(dismissed = false): void {
    this.dismissed = dismissed;
    this.options.vault.clear();
    this.drop();
    this.closeFiles();
    this.setPhase("signed-out");
  }

  private drop(): void {
    clearTimeout(this.wake);
    clearTimeout(this.renewal);
    const socket = this.socket;
    this.socket = undefined;
    socket?.disconnect();
  }

  private setPhase(phase: Phase): void {
    if (phase === this.phase) return;
    this.phase = phase;
    for (const listener of this.phaseListeners) listener(phase);
  }

  /** The port that the server names, else the page's own address (a proxy may hide all other ports). */
  private async open(): Promise<Socket> {
    const { origin } = this.options;
    const port = await this.namedPort();
    const page = new URL(origin);
    if (port && String(port) !== page.port) {
      const address = `${page.protocol}//${page.hostname}:${port}`;
      const socket = await connect(address, ["websocket"], 3_000).catch(() => undefined);
      if (socket) return socket;
    }
    return connect(origin, ["websocket", "polling"], CONNECT_TIMEOUT);
  }

  private async namedPort(): Promise<number> {
    try {
      const answer = await fetch(new URL("/ajax/config.json", this.options.origin), {
        signal: AbortSignal.timeout(CONNECT_TIMEOUT),
      });
      const config = (await answer.json()) as { webSocketsPortVer4?: number | string };
      return Number(config.webSocketsPortVer4 ?? 0);
    } catch {
      throw new RequestFailed("offline");
    }
  }
}

function connect(address: string, transports: string[], timeout: number): Promise<Socket> {
  const socket = io(address, { transports, reconnection: false, forceNew: true, timeout });
  return new Promise((resolve, reject) => {
    socket.once("connect", () => resolve(socket));
    socket.once("connect_error", () => {
      socket.disconnect();
      reject(new RequestFailed("offline"));
    });
  });
}

async function ask<R>(socket: Socket, name: string, request: object, timeout: number): Promise<R> {
  let reply: R | Failure;
  try {
    reply = await new Promise((resolve, reject) => {
      const lost = () => reject(new RequestFailed("offline"));
      socket.once("disconnect", lost);
      socket.timeout(timeout).emit(name, request, (error: Error | null, answer: R | Failure) => {
        socket.off("disconnect", lost);
        if (error) reject(new RequestFailed("timeout"));
        else resolve(answer);
      });
    });
  } catch (error) {
    throw error instanceof RequestFailed ? error : new RequestFailed("timeout");
  }
  if (isFailure(reply)) throw new RequestFailed(reply.error, reply.text);
  return reply;
}

/** A refusal; a sign-in tells its own in `status`, and a failed delivery has its reason inside an object with an id. */
function isFailure(reply: unknown): reply is Failure {
  if (typeof reply !== "object" || reply === null || !("error" in reply)) return false;
  return typeof reply.error === "string" && reply.error !== "" && !("status" in reply) && !("id" in reply);
}
