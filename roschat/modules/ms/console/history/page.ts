import { definePage } from "@console/page.ts";

export default definePage({
  path: "/settings/history",
  group: "settings",
  order: 98,
  icon: "history",
  title: { ru: "История", en: "History" },
  roles: ["admin"],
  load: () => import("./HistoryPage.tsx"),
});
