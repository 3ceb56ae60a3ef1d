import { definePage } from "@console/page.ts";

export default definePage({
  path: "/developers-accounts",
  group: "developers",
  order: 10,
  icon: "code",
  title: { ru: "Разработчики", en: "Developers" },
  roles: ["admin", "operator"],
  load: () => import("./DevelopersPage.tsx"),
});
