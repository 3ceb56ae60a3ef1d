import { definePage } from "@console/page.ts";

export default definePage({
  path: "/monitor",
  group: "monitor",
  order: 10,
  icon: "activity",
  title: { ru: "Монитор", en: "Monitor" },
  roles: ["admin", "operator"],
  load: () => import("./MonitorPage.tsx"),
});
