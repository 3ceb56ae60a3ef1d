/** What a page tells of itself: where it stands, who may open it, how its code is loaded. Found by scanning modules. */
import type { ComponentType } from "react";
import type { IconName } from "./icons.ts";
import type { Both } from "./words.ts";

export type Role = "security" | "admin" | "operator";

/** The groups of the left menu, in their order. */
export const GROUPS = [
  "monitor",
  "directory",
  "services",
  "administration",
  "developers",
  "maintenance",
  "settings",
  "security",
] as const;
export type Group = (typeof GROUPS)[number];
/** Not in the left menu but under the avatar: what concerns one's own account. */
export const ACCOUNT = "account";

export interface Page {
  /** The deep link. What lies below it (`/directory/5`) is the page's own. */
  path: string;
  /** Where it stands in the menu; a page without a group is reached by links only. */
  group?: Group | typeof ACCOUNT;
  /** The place in its group, the smallest first. */
  order?: number;
  icon: IconName;
  title: Both;
  roles: readonly Role[];
  /** Asked after a sign-in that leads to no page in particular: whether the console begins here, not at its first page. */
  greets?: () => Promise<boolean>;
  /** The code of the page; the default export is the component. */
  load: () => Promise<{ default: ComponentType }>;
}

export function definePage(page: Page): Page {
  return page;
}
