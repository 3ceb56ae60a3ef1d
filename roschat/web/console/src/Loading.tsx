/** «Идет загрузка настроек...», while the session or the code of a page is asked for. */
import { Center, Loader, Stack, Text } from "@mantine/core";
import { words } from "./words/shell.ts";

export function LoadingSettings({ height = "100vh" }: { height?: string }) {
  const say = words.use();
  return (
    <Center mih={height} component={height === "100vh" ? "main" : "div"}>
      <Stack align="center" gap="sm">
        <Loader aria-label={say("loading.settings")} />
        <Text size="sm" c="dimmed">
          {say("loading.settings")}
        </Text>
      </Stack>
    </Center>
  );
}
