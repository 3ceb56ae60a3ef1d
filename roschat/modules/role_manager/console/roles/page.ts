import { definePage } from "@console/page.ts";

export default definePage({
  path: "/administration/roles",
  group: "administration",
  order: 30,
  icon: "lock",
  title: { ru: "Ролевая модель", en: "Role model" },
  roles: ["admin"],
  load: () => import("./RolesPage.tsx"),
});
