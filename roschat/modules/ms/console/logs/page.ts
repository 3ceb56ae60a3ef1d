import { definePage } from "@console/page.ts";

export default definePage({
  path: "/maintenance/logs",
  group: "maintenance",
  order: 20,
  icon: "list",
  title: { ru: "Технический журнал", en: "Technical log" },
  roles: ["admin"],
  load: () => import("./LogsPage.tsx"),
});
