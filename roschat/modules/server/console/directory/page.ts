import { definePage } from "@console/page.ts";

export default definePage({
  path: "/directory",
  group: "directory",
  order: 10,
  icon: "users",
  title: { ru: "Справочник", en: "Directory" },
  roles: ["admin", "operator"],
  load: () => import("./DirectoryPage.tsx"),
});
