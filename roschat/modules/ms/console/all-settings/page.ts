import { definePage } from "@console/page.ts";

export default definePage({
  path: "/settings/advanced",
  group: "settings",
  order: 95,
  icon: "adjustments",
  title: { ru: "Все настройки", en: "All settings" },
  roles: ["admin"],
  load: () => import("./AllSettingsPage.tsx"),
});
