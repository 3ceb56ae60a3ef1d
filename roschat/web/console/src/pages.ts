/** The pages that modules bring; this program names none of them. */
import { lazy } from "react";
import { ACCOUNT, GROUPS, type Group, type Page, type Role } from "./page.ts";

const found = import.meta.glob<{ default: Page }>("../../../modules/*/console/**/page.ts", { eager: true });

export const PAGES: readonly Page[] = Object.values(found)
  .map((one) => one.default)
  .sort(inOrder);

function inOrder(one: Page, other: Page): number {
  const place = (page: Page) => (inMenu(page) ? GROUPS.indexOf(page.group) : GROUPS.length);
  return place(one) - place(other) || (one.order ?? 1000) - (other.order ?? 1000) || one.path.localeCompare(other.path);
}

function inMenu(page: Page): page is Page & { group: Group } {
  return page.group !== undefined && page.group !== ACCOUNT;
}

const components = new Map<string, ReturnType<typeof lazy>>();

/** The component of a page, loaded when it is first shown. */
export function componentOf(page: Page): ReturnType<typeof lazy> {
  const known = components.get(page.path) ?? lazy(page.load);
  components.set(page.path, known);
  return known;
}

export function pagesFor(role: Role, pages: readonly Page[] = PAGES): Page[] {
  return pages.filter((page) => page.roles.includes(role));
}

/** The groups of the menu with their pages; groups without a page are left out. */
export function menuFor(role: Role, pages: readonly Page[] = PAGES): { group: Group; pages: Page[] }[] {
  const mine = pagesFor(role, pages);
  return GROUPS.map((group) => ({ group, pages: mine.filter((page) => page.group === group) })).filter(
    (one) => one.pages.length > 0,
  );
}

/** The page of an address: the one with the longest path that it begins with. */
export function pageAt(location: string, pages: readonly Page[]): Page | undefined {
  const within = pages.filter((page) => location === page.path || location.startsWith(`${page.path}/`));
  return within.sort((one, other) => other.path.length - one.path.length)[0];
}

/** Where a role begins: its first page in the menu. */
export function homeOf(role: Role, pages: readonly Page[] = PAGES): Page | undefined {
  return pagesFor(role, pages).find(inMenu);
}

/** The pages under the avatar. */
export function accountPages(role: Role, pages: readonly Page[] = PAGES): Page[] {
  return pagesFor(role, pages).filter((page) => page.group === ACCOUNT);
}
