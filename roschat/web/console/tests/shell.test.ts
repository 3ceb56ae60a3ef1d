/** The parts of the frame that are no pictures: addresses of ways, pages of roles, words, formats. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { addressOf, queryOf } from "../src/api/client.ts";
import { formatsOf } from "../src/kit/formats.ts";
import { arrange } from "../src/kit/table.ts";
import { ACCOUNT, definePage, type Page } from "../src/page.ts";
import { accountPages, homeOf, menuFor, pageAt } from "../src/pages.ts";
import { errors } from "../src/words/errors.ts";

const page = (path: string, group: Page["group"], roles: Page["roles"], order = 1): Page =>
  definePage({
    path,
    ...(group ? { group } : {}),
    order,
    icon: "user",
    title: { ru: path, en: path },
    roles,
    load: async () => ({ default: () => null }),
  });

const PAGES = [
  page("/directory", "directory", ["admin", "operator"]),
  page("/directory/import", "directory", ["admin"], 2),
  page("/settings/mail", "settings", ["admin"]),
  page("/security/users", "security", ["security"]),
  page("/account", ACCOUNT, ["admin", "operator", "security"]),
];

describe("ways", () => {
  it("take path fields out of the request", () => {
    const found = addressOf("PUT /contacts/{cid}/files/{name}", { cid: 5, name: "a/b", text: "x" });
    expect(found).toEqual({ method: "PUT", url: "/api/v1/contacts/5/files/a%2Fb", rest: { text: "x" } });
  });
  it("make a query with repeated keys", () => {
    expect(queryOf({ a: [1, 2], b: "ё", c: undefined, d: null, e: false })).toBe("?a=1&a=2&b=%D1%91&e=false");
    expect(queryOf({})).toBe("");
  });
});

describe("pages", () => {
  it("are those of the role, in groups", () => {
    expect(menuFor("operator", PAGES).map((one) => one.group)).toEqual(["directory"]);
    expect(menuFor("admin", PAGES).map((one) => [one.group, one.pages.length])).toEqual([
      ["directory", 2],
      ["settings", 1],
    ]);
    expect(menuFor("security", PAGES).map((one) => one.group)).toEqual(["security"]);
    expect(accountPages("security", PAGES).map((one) => one.path)).toEqual(["/account"]);
    expect(homeOf("security", PAGES)?.path).toBe("/security/users");
  });
  it("are found by the longest path", () => {
    expect(pageAt("/directory/import", PAGES)?.path).toBe("/directory/import");
    expect(pageAt("/directory/5", PAGES)?.path).toBe("/directory");
    expect(pageAt("/directorys", PAGES)).toBeUndefined();
  });
});

describe("words", () => {
  it("has a sentence for every reason of the server", () => {
    const source = readFileSync(new URL("../../../kernel/formats.py", import.meta.url), "utf8");
    const table = source.slice(source.indexOf("REASONS"), source.indexOf("\n}", source.indexOf("REASONS")));
    const reasons = [...table.matchAll(/^ {4}"([a-z-]+)":/gm)].map((match) => match[1]);
    expect(reasons.length).toBeGreaterThan(15);
    for (const reason of reasons) {
      const key = `reason.${reason}` as Parameters<typeof errors.say>[0];
      expect(errors.say(key), reason).not.toBe(key);
    }
  });
});

describe("formats", () => {
  const ru = formatsOf("ru");
  it("writes sizes, shares and spans", () => {
    expect(ru.bytes(0)).toBe("0 Б");
    expect(ru.bytes(1536)).toBe("1,5 КБ");
    expect(ru.bytes(5 * 1024 ** 3)).toBe("5 ГБ");
    expect(formatsOf("en").bytes(2048)).toBe("2 kB");
    expect(ru.duration(3700).replace(/\s/g, " ")).toBe("1 ч 1 мин");
    expect(ru.duration(0)).toContain("0");
    expect(ru.date(0)).toBe("—");
    expect(ru.ago(1000, 1000 + 7200)).toContain("2");
  });
});

describe("a table of rows at hand", () => {
  it("sorts and pages them", () => {
    const rows = [{ n: 3 }, { n: 1 }, { n: 20 }];
    const query = { page: 1, size: 2, sort: "n", descending: false };
    expect(arrange(rows, query, (row) => row.n)).toEqual([{ n: 1 }, { n: 3 }]);
    expect(arrange(rows, { ...query, page: 2, descending: true }, (row) => row.n)).toEqual([{ n: 1 }]);
    expect(arrange(rows, { ...query, size: 0 }, undefined)).toEqual(rows);
  });
});
