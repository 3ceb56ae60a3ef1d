/** A restore that waits for the restart, or that could not be carried out. */
import { call, complain, type RestorePlan, tell } from "@console/api/index.ts";
import { Alert, Button, Group } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";
import { words } from "./words.ts";

export function Plan({ plan, onDone }: { plan: RestorePlan; onDone: () => void }) {
  const say = words.use();
  const failed = plan.state === "failed";
  const cancel = async () => {
    try {
      await call("DELETE /backups/plan");
      tell(say("cancelled"));
    } catch (error) {
      complain(error);
    }
    onDone();
  };
  return (
    <Alert
      color={failed ? "red" : "orange"}
      variant="light"
      role="status"
      icon={<IconAlertTriangle size={18} aria-hidden />}
      title={say(failed ? "planFailed" : "plan", { name: plan.archive })}
      data-plan={plan.state}
    >
      {plan.text}
      <Group gap="sm" mt="xs">
        {!failed && <Restart />}
        <Button size="xs" variant="default" onClick={() => void cancel()}>
          {say(failed ? "close" : "cancelPlan")}
        </Button>
      </Group>
    </Alert>
  );
}

/** «Перезапустить»: the start of the server completes the restore. */
export function Restart() {
  const say = words.use();
  const [busy, setBusy] = useState(false);
  const restart = async () => {
    setBusy(true);
    try {
      await call("POST /monitor/restart", {});
      tell(say("restarting"));
    } catch (error) {
      setBusy(false);
      complain(error);
    }
  };
  return (
    <Button size="xs" color="red.9" loading={busy} onClick={() => void restart()}>
      {say("restart")}
    </Button>
  );
}
