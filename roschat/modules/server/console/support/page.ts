import { definePage } from "@console/page.ts";

export default definePage({
  path: "/administration/support",
  group: "administration",
  order: 10,
  icon: "support",
  title: { ru: "Служба поддержки", en: "Support" },
  roles: ["admin", "operator"],
  load: () => import("./SupportPage.tsx"),
});
