import { definePage } from "@console/page.ts";

export default definePage({
  path: "/directory/mass-edit",
  group: "directory",
  order: 30,
  icon: "edit",
  title: { ru: "Массовое редактирование", en: "Mass editing" },
  roles: ["admin", "operator"],
  load: () => import("./MassEditPage.tsx"),
});
