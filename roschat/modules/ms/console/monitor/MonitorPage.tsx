/** «Монитор»: the state of the server at a glance, what is wrong and where it is put right, figures and charts. */
import { call, complain, invalidate, useApi } from "@console/api/index.ts";
import { confirm } from "@console/kit/Confirm.tsx";
import { Asked } from "@console/kit/Empty.tsx";
import { useFormats } from "@console/kit/formats.ts";
import { Page, Section } from "@console/kit/Page.tsx";
import { useSession } from "@console/session.tsx";
import { Button, Grid } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { Charts } from "./Charts.tsx";
import { Components } from "./Components.tsx";
import { Figures } from "./Figures.tsx";
import { Problems } from "./Problems.tsx";
import { words } from "./words.ts";

const EVERY = 5_000;

export default function MonitorPage() {
  const say = words.use();
  const formats = useFormats();
  const admin = useSession().role === "admin";
  const now = useApi("GET /monitor/now", {}, { every: EVERY });
  const problems = useApi("GET /monitor/problems", {}, { every: EVERY });
  return (
    <Page
      title={say("title")}
      {...(now.data?.started
        ? { text: say("since", { for: formats.duration(Math.max(0, now.data.time - now.data.started)) }) }
        : {})}
      actions={admin && <RestartProgram />}
    >
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Components admin={admin} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Section title={say("problems")}>
            <Asked of={problems} height={120}>
              {(found) => <Problems problems={found} admin={admin} />}
            </Asked>
          </Section>
        </Grid.Col>
      </Grid>
      <Asked of={now} height={120}>
        {(found) => <Figures now={found} />}
      </Asked>
      <Charts />
    </Page>
  );
}

function RestartProgram() {
  const say = words.use();
  const [away, setAway] = useState(false);
  const restart = async () => {
    const sure = await confirm({ text: say("restartProgramText"), ok: say("restart"), danger: true });
    if (!sure) return;
    try {
      const { started } = await call("GET /monitor/now");
      await call("POST /monitor/restart");
      setAway(true);
      await back(started);
      await invalidate(["GET /monitor/now", "GET /monitor/components", "GET /monitor/problems"]);
    } catch (error) {
      complain(error);
    } finally {
      setAway(false);
    }
  };
  return (
    <Button
      variant="default"
      loading={away}
      leftSection={<IconRefresh size={16} aria-hidden />}
      onClick={() => void restart()}
    >
      {away ? say("restarting") : say("restartProgram")}
    </Button>
  );
}

/** Wait, two minutes at most, until the server answers that it has begun anew. */
async function back(before: number): Promise<void> {
  for (let tries = 0; tries < 120; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    try {
      if ((await call("GET /monitor/now")).started > before) return;
    } catch {
      // It is away, as it should be.
    }
  }
}
