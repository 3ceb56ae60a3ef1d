import { definePage } from "@console/page.ts";

export default definePage({
  path: "/bots",
  group: "developers",
  order: 20,
  icon: "robot",
  title: { ru: "Боты", en: "Bots" },
  roles: ["admin", "operator"],
  load: () => import("./BotsPage.tsx"),
});
