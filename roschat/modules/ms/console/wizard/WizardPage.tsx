/** The steps that make a new installation work: each says what it is for, leads to where it is done, may be skipped. */
import type { Step, StepState, Wizard, WizardStep } from "@console/api/index.ts";
import { useApi, useSave } from "@console/api/index.ts";
import { Asked, Page } from "@console/kit/index.ts";
import { Badge, Button, Group, Paper, Progress, Stack, Text, ThemeIcon, Title, UnstyledButton } from "@mantine/core";
import { IconCheck, IconPlayerSkipForward } from "@tabler/icons-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { StepContent } from "./StepContent.tsx";
import { words } from "./words.ts";

export default function WizardPage() {
  const say = words.use();
  const asked = useApi("GET /wizard");
  return (
    <Page title={say("title")} text={say("text")}>
      <Asked of={asked}>{(wizard) => <Steps wizard={wizard} />}</Asked>
    </Page>
  );
}

function Steps({ wizard }: { wizard: Wizard }) {
  const say = words.use();
  const [, navigate] = useLocation();
  const [chosen, setChosen] = useState<Step>();
  const decide = useSave("PUT /wizard/steps/{step}", { invalidates: ["GET /wizard"] });
  const put = useSave("PUT /wizard", { invalidates: ["GET /wizard"] });
  const { steps } = wizard;
  const waiting = steps.find((step) => step.state === "waiting");
  const current = steps.find((step) => step.name === chosen) ?? waiting ?? steps.at(-1);
  const ready = steps.filter((step) => step.state !== "waiting").length;
  const after = (step: WizardStep) => {
    const rest = steps.slice(steps.indexOf(step) + 1);
    setChosen((rest.find((one) => one.state === "waiting") ?? rest[0])?.name);
  };
  const settle = (step: WizardStep, state: StepState) =>
    decide.mutate({ step: step.name, state }, { onSuccess: () => state !== "waiting" && after(step) });
  const close = async () => {
    await put.mutateAsync({ open: false });
    navigate("/");
  };
  if (!current) return null;
  return (
    <Paper withBorder radius="md" p={{ base: "md", sm: "lg" }}>
      <Stack gap="lg">
        <div>
          <Group justify="space-between" mb={6}>
            <Text size="sm" fw={600}>
              {say("progress", { done: ready, total: steps.length })}
            </Text>
            <Button
              variant="subtle"
              size="compact-sm"
              loading={put.isPending}
              onClick={() => void close()}
              title={say("laterText")}
            >
              {say(waiting ? "later" : "finish")}
            </Button>
          </Group>
          <Progress
            value={(100 * ready) / steps.length}
            aria-label={say("progress", { done: ready, total: steps.length })}
          />
        </div>
        <Group align="flex-start" gap="xl" wrap="wrap">
          <Stack
            component="ol"
            gap={4}
            m={0}
            p={0}
            flex={{ base: "1 1 100%", sm: "0 0 250px" }}
            style={{ listStyle: "none" }}
          >
            {steps.map((step, at) => (
              <li key={step.name}>
                <UnstyledButton
                  w="100%"
                  p="xs"
                  onClick={() => setChosen(step.name)}
                  aria-current={step === current ? "step" : undefined}
                  style={{
                    borderRadius: 8,
                    ...(step === current ? { background: "var(--mantine-color-default-hover)" } : {}),
                  }}
                >
                  <Group gap="sm" wrap="nowrap">
                    <Mark state={step.state} number={at + 1} />
                    <div>
                      <Text size="sm" fw={step === current ? 650 : 500}>
                        {say(step.name)}
                      </Text>
                      <Text size="xs" c="dimmed" data-step={step.name} data-state={step.state}>
                        {say(`state.${step.state}`)}
                      </Text>
                    </div>
                  </Group>
                </UnstyledButton>
              </li>
            ))}
          </Stack>
          <Stack gap="md" flex="1 1 320px" miw={0}>
            <Group gap="sm">
              <Title order={2} size="h4">
                {say(current.name)}
              </Title>
              {current.state === "done" && (
                <Badge color="teal.9" variant="light" tt="none">
                  {say("state.done")}
                </Badge>
              )}
            </Group>
            <StepContent step={current} />
            <Group gap="sm">
              {current.name === "test" && current.state !== "done" && (
                <Button onClick={() => settle(current, "done")} loading={decide.isPending}>
                  {say("test.done")}
                </Button>
              )}
              {current.state === "waiting" && (
                <Button variant="default" onClick={() => settle(current, "skipped")} loading={decide.isPending}>
                  {say("skip")}
                </Button>
              )}
              {current.state === "skipped" && (
                <Button variant="default" onClick={() => settle(current, "waiting")} loading={decide.isPending}>
                  {say("unskip")}
                </Button>
              )}
              {current.state !== "waiting" && current !== steps.at(-1) && (
                <Button variant="light" onClick={() => after(current)}>
                  {say("next")}
                </Button>
              )}
            </Group>
            {!waiting && (
              <Text size="sm" c="dimmed" role="status">
                {say("all.text")}
              </Text>
            )}
          </Stack>
        </Group>
      </Stack>
    </Paper>
  );
}

function Mark({ state, number }: { state: StepState; number: number }) {
  if (state === "waiting")
    return (
      <ThemeIcon variant="default" radius="xl" size={28}>
        <Text size="xs" fw={600}>
          {number}
        </Text>
      </ThemeIcon>
    );
  return (
    <ThemeIcon variant="light" color={state === "done" ? "teal" : "gray"} radius="xl" size={28}>
      {state === "done" ? <IconCheck size={16} aria-hidden /> : <IconPlayerSkipForward size={15} aria-hidden />}
    </ThemeIcon>
  );
}
