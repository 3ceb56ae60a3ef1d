/** Names of the contacts and roles that rules name. */
import { type RoleRule, useApi } from "@console/api/index.ts";
import { useMemo } from "react";
import { nameOf } from "./People.tsx";
import { words } from "./words.ts";

/** Names by cid; a contact that is not found is called by its number. */
export function useContactNames(cids: readonly number[]): (cid: number) => string {
  const wanted = useMemo(() => [...new Set(cids)].sort((one, other) => one - other).slice(0, 1000), [cids]);
  const found = useApi(
    "POST /contacts/find",
    { filter: { cids: wanted, state: "all" }, size: 1000 },
    { enabled: wanted.length > 0 },
  );
  const names = useMemo(() => new Map(found.data?.contacts.map((row) => [row.cid, nameOf(row)])), [found.data]);
  return (cid) => names.get(cid) ?? String(cid);
}

export function useRoleNames(): (role: number) => string {
  const roles = useApi("GET /roles");
  const names = useMemo(() => new Map(roles.data?.map((role) => [role.id, role.name])), [roles.data]);
  return (role) => names.get(role) ?? String(role);
}

/** «Роли: Тестовая роль», «Контакты: 1002, 1003», «Всем». */
export function useWhom(rules: readonly RoleRule[]): (rule: RoleRule) => string {
  const say = words.use();
  const cids = useMemo(() => rules.flatMap((rule) => rule.contacts ?? []), [rules]);
  const contact = useContactNames(cids);
  const role = useRoleNames();
  return (rule) => {
    if (rule.scope === "roles") return `${say("whomRoles")}: ${shortened((rule.roles ?? []).map(role))}`;
    if (rule.scope === "contacts") return `${say("whomContacts")}: ${shortened((rule.contacts ?? []).map(contact))}`;
    return say("all");
  };

  function shortened(names: string[]): string {
    const shown = names.slice(0, 5).join(", ");
    return names.length > 5 ? `${shown} ${say("more", { count: names.length - 5 })}` : shown;
  }
}
