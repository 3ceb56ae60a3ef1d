import { definePage } from "@console/page.ts";

export default definePage({
  path: "/security/keys",
  group: "security",
  order: 30,
  icon: "key",
  title: { ru: "Ключи API", en: "API keys" },
  roles: ["security"],
  load: () => import("./KeysPage.tsx"),
});
