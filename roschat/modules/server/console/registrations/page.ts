import { definePage } from "@console/page.ts";

export default definePage({
  path: "/administration/registrations",
  group: "administration",
  order: 30,
  icon: "user-plus",
  title: { ru: "Регистрации", en: "Registrations" },
  roles: ["admin", "operator"],
  load: () => import("./RegistrationsPage.tsx"),
});
