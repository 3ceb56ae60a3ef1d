import { definePage } from "@console/page.ts";

export default definePage({
  path: "/settings/web-server",
  group: "settings",
  order: 10,
  icon: "server",
  title: { ru: "Система", en: "System" },
  roles: ["admin"],
  load: () => import("./SystemPage.tsx"),
});
