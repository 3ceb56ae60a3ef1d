import type { ContactTab } from "../../../server/console/directory/tab.ts";

const tab: ContactTab = {
  id: "role-model",
  order: 30,
  title: { ru: "Ролевая модель", en: "Role model" },
  roles: ["admin"],
  load: () => import("./ContactRole.tsx"),
};

export default tab;
