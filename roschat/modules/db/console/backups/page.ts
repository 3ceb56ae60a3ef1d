import { definePage } from "@console/page.ts";

export default definePage({
  path: "/maintenance/backups",
  group: "maintenance",
  order: 10,
  icon: "archive",
  title: { ru: "Резервирование", en: "Backups" },
  roles: ["admin"],
  load: () => import("./BackupsPage.tsx"),
});
