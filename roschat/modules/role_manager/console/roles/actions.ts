/** The actions that rules are about, in the groups of the role page, and whether somebody is on the other side. */
import type { RoleAction, RoleRule } from "@console/api/index.ts";
import type { words } from "./words.ts";

export const GROUPS = {
  calls: ["outgoing-call", "incoming-call"],
  messages: [
    "outgoing-message",
    "incoming-message",
    "outgoing-media",
    "status-received",
    "status-read",
    "create-group",
  ],
  contacts: ["see-contact", "search-contact"],
  mobile: ["use-mobile"],
  computer: ["use-computer"],
  web: ["use-web"],
  radio: ["use-radio"],
} as const satisfies Record<string, readonly RoleAction[]>;

export type GroupName = keyof typeof GROUPS;
export const GROUP_NAMES = Object.keys(GROUPS) as GroupName[];
export const ACTIONS: readonly RoleAction[] = GROUP_NAMES.flatMap((name) => [...GROUPS[name]]);

const ALONE: ReadonlySet<RoleAction> = new Set(["use-mobile", "use-computer", "use-web"]);

/** Applications have nobody on the other side: their rules hold for all. */
export const hasOther = (action: RoleAction): boolean => !ALONE.has(action);

export const actionChoices = (say: ReturnType<typeof words.use>) =>
  GROUP_NAMES.map((name) => ({
    group: say(`group.${name}`),
    items: GROUPS[name].map((action) => ({ value: action, label: say(action) })),
  }));

/** The rules of an action. */
export const rulesOf = (rules: readonly RoleRule[], action: RoleAction): RoleRule[] =>
  rules.filter((rule) => rule.action === action);

/** What holds towards those whom no rule names. */
export const allowsAll = (rules: readonly RoleRule[], action: RoleAction): boolean =>
  rulesOf(rules, action).find((rule) => (rule.scope ?? "all") === "all")?.allow ?? true;
