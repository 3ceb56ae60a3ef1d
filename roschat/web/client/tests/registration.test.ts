import { describe, expect, it } from "vitest";
import { type Applicant, faultsOf } from "../src/start/registration.ts";

const applicant = (more: Partial<Applicant>): Applicant => ({
  email: "vera@example.org",
  surname: "Новикова",
  name: "Вера",
  password: "a good password",
  again: more.password ?? "a good password",
  ...more,
});
const faults = (more: Partial<Applicant>, domains: string[] = []) => faultsOf(applicant(more), domains);

describe("a form of registration", () => {
  it.each([
    {},
    { email: " Vera.N+1@Mail-2.Example.org " },
    { email: "o'hara@192.168.1.10" },
    { surname: "Петрова-Водкина", name: "" },
    { name: "Анна Мария" },
    { password: "пароль-🔑" },
  ])("is good: %o", (more) => expect(faults(more)).toEqual({}));

  it.each<[Partial<Applicant>, object]>([
    [{ email: " " }, { email: "register.empty" }],
    [{ email: "vera" }, { email: "register.badEmail" }],
    [{ email: "@example.org" }, { email: "register.badEmail" }],
    [{ email: "vera@example" }, { email: "register.badEmail" }],
    [{ email: "vera@-example.org" }, { email: "register.badEmail" }],
    [{ email: "вера@example.org" }, { email: "register.badEmail" }],
    [{ email: ".vera@example.org" }, { email: "register.badEmail" }],
    [{ email: "vera.@example.org" }, { email: "register.badEmail" }],
    [{ email: "ve..ra@example.org" }, { email: "register.badEmail" }],
    [{ email: "a b@example.org" }, { email: "register.badEmail" }],
    [{ surname: " " }, { surname: "register.empty" }],
    [{ surname: "Нови\u200bкова" }, { surname: "register.badName" }],
    [{ name: "Ве\tра" }, { name: "register.badName" }],
    [{ name: "Анна\u00a0Мария" }, { name: "register.badName" }],
    [{ password: "" }, { password: "register.empty" }],
    [{ password: "seven 7" }, { password: "password.short" }],
    [{ password: "🔑🔑🔑🔑🔑🔑🔑" }, { password: "password.short" }],
    [{ password: "xxxxxxxx" }, { password: "register.easy" }],
    [{ password: "Vera@Example.org" }, { password: "register.easy" }],
    [{ email: "veronika@example.org", password: "veronika" }, { password: "register.easy" }],
    [{ again: "another password" }, { again: "password.differ" }],
  ])("has faults: %o", (more, found) => expect(faults(more)).toEqual(found));

  it("takes the domains of the administrator only", () => {
    expect(faults({ email: "vera@EXAMPLE.org" }, ["corp.example", "Example.org"])).toEqual({});
    for (const email of ["vera@example.com", "vera@mail.example.org", "vera@badexample.org"])
      expect(faults({ email }, ["example.org"])).toEqual({ email: "register.badDomain" });
  });
});
