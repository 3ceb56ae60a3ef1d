import { definePage } from "@console/page.ts";

export default definePage({
  path: "/maintenance/network",
  group: "maintenance",
  order: 30,
  icon: "network",
  title: { ru: "Сеть", en: "Network" },
  roles: ["admin", "operator"],
  load: () => import("./NetworkPage.tsx"),
});
