import { definePage } from "@console/page.ts";

export default definePage({
  path: "/settings/geozones",
  group: "settings",
  order: 50,
  icon: "pin",
  title: { ru: "Геозоны", en: "Geozones" },
  roles: ["admin"],
  load: () => import("./GeozonesPage.tsx"),
});
