import { definePage } from "@console/page.ts";

export default definePage({
  path: "/directory/mass-add",
  group: "directory",
  order: 20,
  icon: "user-plus",
  title: { ru: "Массовое добавление", en: "Mass adding" },
  roles: ["admin", "operator"],
  load: () => import("./MassAddPage.tsx"),
});
