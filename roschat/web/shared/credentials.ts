/**
 * The tokens of this installation.
 *
 * With "stay signed in" they live in localStorage, where all tabs of the browser share them; a refresh token is good
 * once, so tabs renew under one lock and read again what another tab may have written. Without it they live in memory
 * and a reload forgets them.
 */
import type { DeviceId, RefreshToken, Tokens } from "./protocol.ts";

export interface Credentials {
  access: string;
  refresh: string;
  /** Milliseconds since the epoch after which the access token should be renewed. */
  renewAt: number;
  device: DeviceId;
}

export interface Storage {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

const NAME = "roschat.credentials";
const DEVICES = "roschat.devices";
/** People of this browser whose devices are remembered. */
const MANY = 10;
/** Part of an access token's life after which it is renewed. */
const RENEW_AFTER = 0.75;

export function credentialsOf(tokens: Tokens, device: DeviceId, now: number): Credentials {
  return {
    access: tokens.access_token,
    refresh: tokens.refresh_token,
    renewAt: now + tokens.expires_in * 1000 * RENEW_AFTER,
    device,
  };
}

export class Vault {
  private memory: Credentials | undefined;

  constructor(
    private readonly storage: Storage | undefined,
    private readonly locks: LockManager | undefined = globalThis.navigator?.locks,
  ) {}

  get(): Credentials | undefined {
    const text = this.storage?.getItem(NAME);
    if (!text) return this.memory;
    try {
      return JSON.parse(text) as Credentials;
    } catch {
      return undefined;
    }
  }

  /** Keep after a sign-in; `stay` decides whether a reload finds them. */
  put(credentials: Credentials, stay: boolean): void {
    this.memory = credentials;
    if (stay) this.storage?.setItem(NAME, JSON.stringify(credentials));
    else this.storage?.removeItem(NAME);
  }

  /** As what this browser was known when this person signed in last: he need not prove again that it is his. */
  deviceOf(login: string): DeviceId {
    return this.devices()[login.toLowerCase()] ?? "";
  }

  /** Outlives the sign-out. */
  knowDevice(login: string, device: DeviceId): void {
    if (!device) return;
    const { [login.toLowerCase()]: _, ...others } = this.devices();
    const kept = [...Object.entries(others), [login.toLowerCase(), device]].slice(-MANY);
    this.storage?.setItem(DEVICES, JSON.stringify(Object.fromEntries(kept)));
  }

  private devices(): Record<string, DeviceId> {
    try {
      return JSON.parse(this.storage?.getItem(DEVICES) ?? "{}") as Record<string, DeviceId>;
    } catch {
      return {};
    }
  }

  clear(): void {
    this.memory = undefined;
    this.storage?.removeItem(NAME);
  }

  /** Renew once, whatever number of tabs want it: `renew` gets what to send and answers the new pair. */
  async renew(
    used: Credentials,
    renew: (request: RefreshToken) => Promise<Tokens>,
    now: () => number,
  ): Promise<Credentials> {
    return this.alone(async () => {
      const newest = this.get();
      if (newest && newest.refresh !== used.refresh) return newest;
      const tokens = await renew({ refresh_token: used.refresh });
      const fresh = credentialsOf(tokens, used.device, now());
      this.put(fresh, Boolean(this.storage?.getItem(NAME)));
      return fresh;
    });
  }

  private alone<T>(work: () => Promise<T>): Promise<T> {
    return this.locks ? this.locks.request(NAME, work) : work();
  }
}
