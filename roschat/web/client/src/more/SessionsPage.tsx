import { Badge, Button, Loader, Stack, Text } from "@mantine/core";
import type { DeviceView } from "@roschat/shared/protocol.ts";
import { IconDeviceDesktop } from "@tabler/icons-react";
import { useCallback, useEffect, useState } from "react";
import { server } from "../state/server.ts";
import { fullTime } from "../text/time.ts";
import { attempt } from "../ui/attempt.ts";
import { confirm } from "../ui/confirm.ts";
import { useWords } from "../words/index.ts";
import styles from "./More.module.css";

export function SessionsPage() {
  const say = useWords();
  const [devices, setDevices] = useState<DeviceView[]>();
  const load = useCallback(() => attempt(async () => setDevices(await server.call("get-sessions", {}))), []);
  useEffect(() => void load(), [load]);
  const end = async (id: string) => {
    if (await attempt(() => server.call("end-session", id ? { id } : {}))) await load();
  };
  const endOthers = async () => {
    const question = { title: say("sessions.endOthers"), text: say("sessions.endOthersText"), ok: say("sessions.end") };
    if (await confirm({ ...question, danger: true })) await end("");
  };
  if (!devices) return <Loader aria-label={say("app.loading")} />;
  return (
    <Stack gap={0}>
      {devices.map((device) => (
        <div key={device.id} className={styles.device}>
          <IconDeviceDesktop size={26} stroke={1.5} aria-hidden="true" />
          <div className={styles.deviceWords}>
            <Text size="sm" fw={600}>
              {device.name || device.client || say("sessions.unknown")}
            </Text>
            <Text size="xs" c="dimmed">
              {device.address} · {device.online ? say("presence.online") : fullTime(device.seenTime)}
            </Text>
          </div>
          {device.current ? (
            <Badge variant="light" tt="none">
              {say("sessions.current")}
            </Badge>
          ) : (
            <Button size="compact-sm" variant="default" c="var(--danger)" onClick={() => void end(device.id)}>
              {say("sessions.end")}
            </Button>
          )}
        </div>
      ))}
      {devices.length > 1 && (
        <Button
          mt="md"
          variant="default"
          c="var(--danger)"
          onClick={() => void endOthers()}
          style={{ alignSelf: "flex-start" }}
        >
          {say("sessions.endOthers")}
        </Button>
      )}
    </Stack>
  );
}
