import { definePage } from "@console/page.ts";

export default definePage({
  path: "/account",
  group: "account",
  order: 10,
  icon: "user",
  title: { ru: "Моя учётная запись", en: "My account" },
  roles: ["security", "admin", "operator"],
  load: () => import("./AccountPage.tsx"),
});
