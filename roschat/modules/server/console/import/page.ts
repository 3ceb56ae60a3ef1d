import { definePage } from "@console/page.ts";

export default definePage({
  path: "/directory/import",
  group: "directory",
  order: 40,
  icon: "import",
  title: { ru: "Импорт и экспорт", en: "Import and export" },
  roles: ["admin", "operator"],
  load: () => import("./ImportPage.tsx"),
});
