import { definePage } from "@console/page.ts";

export default definePage({
  path: "/settings/users",
  group: "security",
  order: 10,
  icon: "users",
  title: { ru: "Пользователи", en: "Users" },
  roles: ["security"],
  load: () => import("./UsersPage.tsx"),
});
