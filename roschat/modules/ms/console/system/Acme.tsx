/** The automatic certificate: its settings, how it stands, and a try at once. */
import { call, complain, invalidate, useApi } from "@console/api/index.ts";
import { Asked } from "@console/kit/Empty.tsx";
import { useFormats } from "@console/kit/formats.ts";
import { SettingsForm } from "@console/kit/SettingsForm.tsx";
import { type State, StatusDot } from "@console/kit/StatusDot.tsx";
import { Button, Group, Text } from "@mantine/core";
import { words } from "./words.ts";

type Word = "off" | "waiting" | "getting" | "good" | "failed";

const DOTS: Record<Word, State> = { off: "off", waiting: "unknown", getting: "unknown", good: "ok", failed: "failed" };
const LOOK_EVERY = 3000;

export function Acme() {
  const say = words.use();
  const formats = useFormats();
  const acme = useApi("GET /certificate/acme", {}, { every: LOOK_EVERY });
  const now = () =>
    call("POST /certificate/acme")
      .then(() => invalidate(["GET /certificate/acme"]))
      .catch(complain);
  return (
    <SettingsForm
      section="acme"
      title={say("acme")}
      text={say("acmeText")}
      actions={
        acme.data?.on ? (
          <Button variant="default" size="xs" onClick={() => void now()} loading={acme.data.state === "getting"}>
            {say("acmeNow")}
          </Button>
        ) : undefined
      }
    >
      <Asked of={acme} height={40}>
        {(view) => (
          <Group gap="xs" pt={7} align="baseline">
            <StatusDot
              state={DOTS[view.state as Word]}
              label={`${say("acmeState")}: ${say(`acme.${view.state as Word}`)}`}
            />
            {view.nextTry ? (
              <Text size="xs" c="dimmed">
                {say("acmeNext", { time: formats.dateTime(view.nextTry) })}
              </Text>
            ) : null}
            {view.text && (
              <Text size="sm" c="red.9" w="100%">
                {view.text}
              </Text>
            )}
          </Group>
        )}
      </Asked>
    </SettingsForm>
  );
}
