/**
 * Registration as the server wants it: whether it is on, and what is wrong with a filled form.
 *
 * The rules of the form are those of `register`, looked at here first, so that each field gets its own words. Only the
 * list of well-known passwords stays with the server.
 */
import type { RegistrationRules } from "@roschat/shared/protocol.ts";
import { useCallback, useEffect, useState } from "react";
import { server } from "../state/server.ts";
import type { Key } from "../words/index.ts";

export interface Applicant {
  email: string;
  surname: string;
  name: string;
  password: string;
  again: string;
}

export type Field = keyof Applicant;
export type Faults = Partial<Record<Field, Key>>;

/** The order in which the fields stand. */
export const FIELDS: readonly Field[] = ["email", "surname", "name", "password", "again"];
export const SHORTEST_PASSWORD = 8;
const LONGEST_NAME = 100;
/** Lengths that the fields themselves keep. */
export const LONGEST: Record<Field, number> = {
  email: 254,
  surname: LONGEST_NAME,
  name: LONGEST_NAME,
  password: 256,
  again: 256,
};
const RETRY = 10_000;

const LOCAL_PART = /^(?!\.)(?!.*\.\.)[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}(?<!\.)$/;
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** Control characters, invisible ones, and blanks that are no plain blank. */
const UNPRINTABLE = /\p{C}|(?! )\p{Z}/u;

/** The rules; nothing as long as the server has not told them. Asked again whenever the page is looked at again. */
export function useRegistrationRules(): [RegistrationRules | undefined, () => Promise<RegistrationRules | undefined>] {
  const [rules, setRules] = useState<RegistrationRules>();
  const ask = useCallback(async () => {
    const told = await server.askOpenly("get-registration", {}).catch(() => undefined);
    if (told) setRules(told);
    return told;
  }, []);
  useEffect(() => {
    let wake: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    const look = async () => {
      clearTimeout(wake);
      if (document.hidden || (await ask()) || over) return;
      wake = setTimeout(() => void look(), RETRY);
    };
    const again = () => void look();
    document.addEventListener("visibilitychange", again);
    again();
    return () => {
      over = true;
      clearTimeout(wake);
      document.removeEventListener("visibilitychange", again);
    };
  }, [ask]);
  return [rules, ask];
}

export function faultsOf(applicant: Applicant, domains: readonly string[]): Faults {
  const found: [Field, Key | ""][] = [
    ["email", emailFault(applicant.email, domains)],
    ["surname", nameFault(applicant.surname) || (applicant.surname.trim() ? "" : "register.empty")],
    ["name", nameFault(applicant.name)],
    ["password", passwordFault(applicant.password, applicant.email)],
    ["again", applicant.again === applicant.password ? "" : "password.differ"],
  ];
  return Object.fromEntries(found.filter(([, fault]) => fault !== ""));
}

function emailFault(typed: string, domains: readonly string[]): Key | "" {
  const email = typed.trim().toLowerCase();
  const at = email.lastIndexOf("@");
  const domain = email.slice(at + 1);
  if (!email) return "register.empty";
  if (at < 1 || !LOCAL_PART.test(email.slice(0, at)) || !DOMAIN.test(domain)) return "register.badEmail";
  const allowed = domains.map((one) => one.toLowerCase());
  return allowed.length === 0 || allowed.includes(domain) ? "" : "register.badDomain";
}

function nameFault(name: string): Key | "" {
  return UNPRINTABLE.test(name.trim()) ? "register.badName" : "";
}

function passwordFault(password: string, typed: string): Key | "" {
  const key = password.trim().toLowerCase();
  const email = typed.trim().toLowerCase();
  if (!password) return "register.empty";
  if ([...password].length < SHORTEST_PASSWORD) return "password.short";
  return key === email || key === email.split("@")[0] || new Set(key).size === 1 ? "register.easy" : "";
}
