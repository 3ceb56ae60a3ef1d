import { Avatar, Indicator } from "@mantine/core";
import { IconRobot } from "@tabler/icons-react";
import { type Bot, iconUrl } from "./api.ts";

/** The picture of a bot, with a dot while it is connected. */
export function BotIcon({ bot, size = 36 }: { bot: Pick<Bot, "icon" | "online">; size?: number }) {
  return (
    <Indicator inline disabled={!bot.online} color="green.7" size={10} offset={4} position="bottom-end" withBorder>
      <Avatar src={bot.icon ? iconUrl(bot.icon) : null} size={size} radius="xl" alt="" color="brand">
        <IconRobot size={size * 0.6} aria-hidden />
      </Avatar>
    </Indicator>
  );
}
