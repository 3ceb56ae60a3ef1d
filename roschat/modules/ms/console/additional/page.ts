import { definePage } from "@console/page.ts";

export default definePage({
  path: "/settings/additional",
  group: "settings",
  order: 90,
  icon: "tools",
  title: { ru: "Дополнительно", en: "Additional" },
  roles: ["admin"],
  load: () => import("./AdditionalPage.tsx"),
});
