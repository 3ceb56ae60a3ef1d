/**
 * Tabs of a contact's page. A module adds one with a file `contact-tab.ts` anywhere under `modules/<m>/console/`:
 *
 *     import type { ContactTab } from "…/server/console/directory/tab.ts";
 *     const tab: ContactTab = {
 *       id: "role-model",                                     // the last part of the address: /directory/1001/role-model
 *       order: 30,                                            // Карточка 10, Учетная запись 20, Ролевая модель 30,
 *                                                             // Сервисы Росчат 40, Сервисы АТС 50, Подключения 60
 *       title: { ru: "Ролевая модель", en: "Role model" },
 *       roles: ["admin"],                                     // who sees it
 *       load: () => import("./ContactRole.tsx"),              // default export: a component with the prop `cid`
 *     };
 *     export default tab;
 *
 * The directory's page finds these files by itself and names none.
 */
import type { ComponentType } from "react";

export type Role = "security" | "admin" | "operator";

/** What the component of a tab is given. */
export interface ContactTabProps {
  cid: number;
}

export interface ContactTab {
  id: string;
  order: number;
  title: { ru: string; en: string };
  roles: readonly Role[];
  load: () => Promise<{ default: ComponentType<ContactTabProps> }>;
}
