import { describe, expect, it } from "vitest";
import { type Credentials, credentialsOf, Vault } from "../credentials.ts";
import { RequestFailed } from "../failure.ts";

class Shelf {
  private readonly items = new Map<string, string>();
  getItem = (name: string) => this.items.get(name) ?? null;
  setItem = (name: string, value: string) => void this.items.set(name, value);
  removeItem = (name: string) => void this.items.delete(name);
}

/** Tabs share one lock, as in a browser. */
function lock() {
  let tail: Promise<unknown> = Promise.resolve();
  return {
    request: (_name: string, work: () => Promise<unknown>) => {
      const mine = tail.then(work);
      tail = mine.catch(() => undefined);
      return mine;
    },
  } as unknown as LockManager;
}

const tokens = (n: number) => ({ access_token: `a${n}`, refresh_token: `r${n}`, expires_in: 100 });
const now = () => 1_000;

describe("the vault", () => {
  it("is found by another tab only with stay signed in", () => {
    const shelf = new Shelf();
    const vault = new Vault(shelf, undefined);
    vault.put(credentialsOf(tokens(1), "d", now()), false);
    expect(vault.get()?.access).toBe("a1");
    expect(new Vault(shelf, undefined).get()).toBeUndefined();
    vault.put(credentialsOf(tokens(1), "d", now()), true);
    expect(new Vault(shelf, undefined).get()?.refresh).toBe("r1");
    vault.clear();
    expect(new Vault(shelf, undefined).get()).toBeUndefined();
  });

  it("renews well before the end", () => {
    expect(credentialsOf(tokens(1), "d", 1_000).renewAt).toBe(76_000);
  });

  it("uses a refresh token once, however many tabs renew at the same time", async () => {
    const shelf = new Shelf();
    const locks = lock();
    const tabs = [new Vault(shelf, locks), new Vault(shelf, locks), new Vault(shelf, locks)];
    tabs[0]?.put(credentialsOf(tokens(1), "d", now()), true);
    const used: string[] = [];
    const renew = async ({ refresh_token }: { refresh_token: string }) => {
      used.push(refresh_token);
      return tokens(2);
    };
    const known = tabs[0]?.get() as Credentials;
    const all = await Promise.all(tabs.map((tab) => tab.renew(known, renew, now)));
    expect(used).toEqual(["r1"]);
    expect(all.map((it) => it.access)).toEqual(["a2", "a2", "a2"]);
  });

  it("forgets a broken entry", () => {
    const shelf = new Shelf();
    shelf.setItem("roschat.credentials", "{");
    expect(new Vault(shelf, undefined).get()).toBeUndefined();
  });
});

describe("failures", () => {
  it("tell whether to try again", () => {
    expect(new RequestFailed("unavailable").passing).toBe(true);
    expect(new RequestFailed("access-denied").passing).toBe(false);
  });
});
