/** The rules beside fields take and refuse what the server does (console-facts, section 3). */
import { describe, expect, it } from "vitest";
import { isEmail, isHost, isIpv4, isNetwork, isPort, isUrl, reasonOf } from "../src/kit/rules.ts";

const HOST_SIGNS = [..." !\"/#$%&'()*+,:;<=>?[\\]^_`{|}~“”–ё№»ж"];

describe("hosts", () => {
  it.each(["chat.example.org", "re.chat", "10.0.0.1", "a-b.ru", "xn--e1aybc.xn--p1ai"])("takes %s", (host) =>
    expect(isHost(host)).toBe(true),
  );
  it.each([
    "t",
    ".chat",
    "testing2roschat",
    "r.chat",
    "-aa.ru",
    "aa-.ru",
    "aa..ru",
    ".aa.ru",
    "aa.ru.",
    "1.2.3.400",
    "",
  ])("refuses %s", (host) => expect(isHost(host)).toBe(false));
  it.each(HOST_SIGNS)("refuses %s at any place", (sign) => {
    for (const host of [`${sign}testing.ru`, `test${sign}ing.ru`, `testing${sign}.ru`, `testing.ru${sign}`])
      expect(isHost(host)).toBe(false);
  });
});

describe("IPv4", () => {
  it.each(["0.0.0.0", "127.0.0.1", "255.255.255.255"])("takes %s", (ip) => expect(isIpv4(ip)).toBe(true));
  it.each(["1.2.3.", "1..2.3", "256.1.1.1", "1.1.1.256", "00.1.1.1", "1.1.1.00", "1.a.1.1", "1,1.1.1", "1.1.1.1.1"])(
    "refuses %s",
    (ip) => expect(isIpv4(ip)).toBe(false),
  );
});

describe("ports", () => {
  it.each(["1", "2", "3", "4", "5", "6", "7", "8", "9", "443", "65535"])("takes %s", (port) =>
    expect(isPort(port)).toBe(true),
  );
  it.each(["0", "65536", "-1", "1.5", "8a", "a", " 80", "٣", ""])("refuses %s", (port) =>
    expect(isPort(port)).toBe(false),
  );
});

describe("e-mail", () => {
  it.each(["test@infotek.ru", "a.b+c@example.org"])("takes %s", (email) => expect(isEmail(email)).toBe(true));
  it.each([...' "(),:;<>[\\]“”–ё№»ж'].map((sign) => `te${sign}st@infotek.ru`))("refuses %s", (email) =>
    expect(isEmail(email)).toBe(false),
  );
  it.each(["test.infotek.ru", "test@infotekru", ".test@infotek.ru", "test.@infotek.ru", "te..st@infotek.ru", "@a.ru"])(
    "refuses %s",
    (email) => expect(isEmail(email)).toBe(false),
  );
});

describe("addresses and networks", () => {
  it("knows them", () => {
    expect(isUrl("https://updates.example.org:8443/x")).toBe(true);
    expect(isUrl("http://localhost")).toBe(true);
    for (const bad of ["ftp://a.ru", "https://", "https://t", "https://aa.ru:70000", "aa.ru"])
      expect(isUrl(bad)).toBe(false);
    for (const good of ["10.0.0.0/8", "10.0.0.1", "fe80::/10"]) expect(isNetwork(good)).toBe(true);
    for (const bad of ["10.0.0.0/33", "10.0.0", "x"]) expect(isNetwork(bad)).toBe(false);
  });
});

describe("a reason", () => {
  it("is told for what breaks a rule", () => {
    expect(reasonOf("  ", { required: true })).toBe("empty");
    expect(reasonOf([], { required: true })).toBe("empty");
    expect(reasonOf("", {})).toBe("");
    expect(reasonOf("t", { format: "host" })).toBe("bad-host");
    expect(reasonOf("1,5", { number: true })).toBe("");
    expect(reasonOf("1.5", { whole: true })).toBe("bad-value");
    expect(reasonOf("4", { whole: true, min: 5 })).toBe("too-small");
    expect(reasonOf("6", { number: true, max: 5 })).toBe("too-large");
    expect(reasonOf("ёж", { minLength: 3 })).toBe("too-short");
    expect(reasonOf("ёжик", { maxLength: 3 })).toBe("too-long");
    expect(reasonOf("A", { pattern: /^[a-z]$/ })).toBe("bad-value");
  });
});
