import { definePage } from "@console/page.ts";

/** The sections of the security administrator: sign-in to the console, the journal of changes. */
export default definePage({
  path: "/security/settings",
  group: "security",
  order: 90,
  icon: "adjustments",
  title: { ru: "Правила входа", en: "Sign-in rules" },
  roles: ["security"],
  load: () => import("../all-settings/AllSettingsPage.tsx"),
});
