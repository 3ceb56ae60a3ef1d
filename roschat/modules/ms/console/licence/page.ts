import { definePage } from "@console/page.ts";

export default definePage({
  path: "/settings/licence",
  group: "settings",
  order: 30,
  icon: "licence",
  title: { ru: "Лицензия", en: "Licence" },
  roles: ["admin"],
  load: () => import("./LicencePage.tsx"),
});
