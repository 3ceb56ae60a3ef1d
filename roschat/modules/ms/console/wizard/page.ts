import { call } from "@console/api/client.ts";
import { definePage } from "@console/page.ts";

export default definePage({
  path: "/first-run",
  group: "account",
  order: 90,
  icon: "wand",
  title: { ru: "Мастер первой настройки", en: "First-run wizard" },
  roles: ["security", "admin"],
  greets: async () => (await call("GET /wizard")).open,
  load: () => import("./WizardPage.tsx"),
});
