import { definePage } from "@console/page.ts";

export default definePage({
  path: "/security/audit",
  group: "security",
  order: 20,
  icon: "history",
  title: { ru: "Журнал изменений", en: "Journal of changes" },
  roles: ["security"],
  load: () => import("./AuditPage.tsx"),
});
