import { definePage } from "@console/page.ts";

export default definePage({
  path: "/settings/mail",
  group: "settings",
  order: 40,
  icon: "mail",
  title: { ru: "Почта", en: "Mail" },
  roles: ["admin"],
  load: () => import("./MailPage.tsx"),
});
