import { definePage } from "@console/page.ts";

export default definePage({
  path: "/administration/channels",
  group: "administration",
  order: 20,
  icon: "megaphone",
  title: { ru: "Каналы", en: "Channels" },
  roles: ["admin", "operator"],
  load: () => import("./ChannelsPage.tsx"),
});
