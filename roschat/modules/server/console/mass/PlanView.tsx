/** A plan from its preview to its end: progress, rows, «Применить», results, pairs, the way back. */

import { PREFIX, send } from "@console/api/client.ts";
import {
  call,
  complain,
  errorText,
  invalidate,
  type MassPlanView,
  type MassStarted,
  saveAs,
  tell,
  useApi,
} from "@console/api/index.ts";
import { confirm } from "@console/kit/Confirm.tsx";
import { Asked } from "@console/kit/Empty.tsx";
import { useFormats } from "@console/kit/formats.ts";
import { JobProgress } from "@console/kit/JobProgress.tsx";
import { Section } from "@console/kit/Page.tsx";
import { Alert, Badge, Button, Checkbox, Group, Modal, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconDownload, IconMail } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import { PlanRows } from "./PlanRows.tsx";
import { words } from "./words.ts";

const AT_WORK = ["preparing", "applying", "undoing"];

export function Steps({ active }: { active: 0 | 1 | 2 }) {
  const say = words.use();
  return (
    <Group component="ol" gap="lg" m={0} p={0} style={{ listStyle: "none" }}>
      {[say("stepSet"), say("stepPreview"), say("stepResult")].map((title, at) => (
        <Group
          key={title}
          component="li"
          gap={8}
          wrap="nowrap"
          {...(at === active ? { "aria-current": "step" as const } : {})}
        >
          <ThemeIcon size={24} radius="xl" variant={at === active ? "filled" : "light"} aria-hidden>
            <Text size="xs" fw={600}>
              {at + 1}
            </Text>
          </ThemeIcon>
          <Text size="sm" {...(at === active ? { fw: 600 } : { c: "dimmed" })}>
            {title}
          </Text>
        </Group>
      ))}
    </Group>
  );
}

/** `home` is the page to begin anew on. */
export function PlanView({ id, home }: { id: number; home: string }) {
  const plan = useApi("GET /directory/mass/{plan}", { plan: id }, { fresh: true });
  const [job, setJob] = useState(0);
  const again = () =>
    invalidate(["GET /directory/mass/{plan}", "GET /directory/mass/{plan}/rows", "GET /directory/mass"]);
  const begun = async (started: MassStarted) => {
    setJob(started.job);
    await again();
  };
  return (
    <Asked of={plan}>
      {(found) => (
        <Stack gap="md" data-plan={found.state}>
          <Steps active={found.state === "preparing" || found.state === "ready" ? 1 : 2} />
          {AT_WORK.includes(found.state) ? (
            <AtWork plan={found} onEnd={() => void again()} />
          ) : (
            <Ended plan={found} home={home} onBegun={begun} onChange={() => void again()} />
          )}
          {job > 0 && !AT_WORK.includes(found.state) && <Mailing job={job} plan={found} onEnd={() => void again()} />}
        </Stack>
      )}
    </Asked>
  );
}

function AtWork({ plan, onEnd }: { plan: MassPlanView; onEnd: () => void }) {
  const say = words.use();
  // The plan names its job a moment after it begins.
  useEffect(() => {
    if (plan.job) return;
    const timer = setInterval(onEnd, 500);
    return () => clearInterval(timer);
  }, [plan.job, onEnd]);
  return (
    <Section title={say(plan.state as "preparing" | "applying" | "undoing")}>
      {plan.job ? (
        <JobProgress id={plan.job} onEnd={onEnd} title={plan.title || say("planTitle", { id: plan.id })} />
      ) : null}
    </Section>
  );
}

/** Letters go out beside the plan, which stays as it is. */
function Mailing({ job, plan, onEnd }: { job: number; plan: MassPlanView; onEnd: () => void }) {
  return plan.job === job ? null : (
    <Section>
      <JobProgress id={job} onEnd={onEnd} />
    </Section>
  );
}

interface EndedProps {
  plan: MassPlanView;
  home: string;
  onBegun: (started: MassStarted) => Promise<void>;
  onChange: () => void;
}

function Ended({ plan, home, onBegun, onChange }: EndedProps) {
  const say = words.use();
  const formats = useFormats();
  const [asking, setAsking] = useState(false);
  const doable = (plan.added ?? 0) + (plan.changed ?? 0) > 0;
  const ready = plan.state === "ready";

  const drop = async () => {
    if (!(await confirm({ text: say("dropText"), ok: say("drop") }))) return;
    try {
      await call("DELETE /directory/mass/{plan}", { plan: plan.id });
      tell(say("dropped"));
      window.history.pushState(null, "", home);
    } catch (error) {
      complain(error);
    }
    onChange();
  };
  const undo = async () => {
    const text = `${say("undoText")} ${say("undoUntil", { time: formats.dateTime(plan.until ?? 0) })}`;
    if (!(await confirm({ text, ok: say("undo"), danger: true }))) return;
    try {
      await onBegun(await call("POST /directory/mass/{plan}/undo", { plan: plan.id }));
    } catch (error) {
      complain(error);
    }
  };
  return (
    <>
      <Section
        title={plan.title || say("planTitle", { id: plan.id })}
        text={`${say(`kind.${plan.kind}` as "kind.add")} · ${say(`state.${plan.state}` as "state.ready")} · ${plan.who} · ${formats.dateTime(plan.created)}`}
        actions={
          <>
            {ready && (
              <Button variant="default" onClick={() => void drop()}>
                {say("drop")}
              </Button>
            )}
            {ready && (
              <Button disabled={!doable} onClick={() => setAsking(true)}>
                {say("apply")}
              </Button>
            )}
            {plan.undoable && (
              <Button color="red.9" variant="outline" onClick={() => void undo()}>
                {say("undo")}
              </Button>
            )}
            {!ready && (
              <Button component={Link} href={home} variant="default">
                {say("again")}
              </Button>
            )}
          </>
        }
      >
        <Counts plan={plan} />
        {ready && !doable && !plan.errors && (
          <Text size="sm" c="dimmed" mt="sm">
            {say("nothing")}
          </Text>
        )}
        {plan.state === "failed" && (
          <Alert color="red" variant="light" role="alert" mt="sm" title={say("failed")}>
            {plan.text}
          </Alert>
        )}
      </Section>
      {(plan.passwords ?? 0) > 0 && plan.state === "applied" && (
        <PairsSection plan={plan} onBegun={onBegun} onChange={onChange} />
      )}
      {(plan.total ?? 0) > 0 && plan.state !== "failed" && plan.state !== "cancelled" && (
        <PlanRows key={plan.state} plan={plan} />
      )}
      {asking && <ApplyDialog plan={plan} onBegun={onBegun} onClose={() => setAsking(false)} />}
    </>
  );
}

function Counts({ plan }: { plan: MassPlanView }) {
  const say = words.use();
  const formats = useFormats();
  const shown = [
    ["total", plan.total, "gray"],
    ["added", plan.added, "teal"],
    ["changed", plan.changed, "brand"],
    ["unchanged", plan.unchanged, "gray"],
    ["errors", plan.errors, "red"],
    ["warnings", plan.warnings, "orange"],
    ...(plan.state === "ready"
      ? []
      : ([
          ["done", plan.done, "teal"],
          ["skipped", plan.skipped, "orange"],
        ] as const)),
  ] as const;
  return (
    <Group gap="xs">
      {shown.map(
        ([key, count, color]) =>
          ((count ?? 0) > 0 || key === "total") && (
            <Badge
              key={key}
              variant="outline"
              color={color}
              size="lg"
              tt="none"
              data-count={key}
              styles={{ label: { color: "var(--mantine-color-text)" } }}
            >
              {say(key)}: {formats.number(count ?? 0)}
            </Badge>
          ),
      )}
    </Group>
  );
}

function PairsSection({ plan, onBegun, onChange }: Omit<EndedProps, "home">) {
  const say = words.use();
  const [busy, setBusy] = useState("");
  const download = async (format: "csv" | "xlsx") => {
    if (!(await confirm({ text: say("pairsOnce"), ok: say(format) }))) return;
    setBusy(format);
    try {
      const url = `${PREFIX}/directory/mass/${plan.id}/passwords?format=${format}`;
      const answer = await send(url, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
      saveAs(await answer.blob(), `passwords-${plan.id}.${format}`);
      tell(say("pairsDone"));
    } catch (error) {
      complain(error);
    }
    setBusy("");
    onChange();
  };
  const mail = async () => {
    if (!(await confirm({ text: say("sendMailText", { count: plan.mailable ?? 0 }), ok: say("sendMail") }))) return;
    try {
      await onBegun(await call("POST /directory/mass/{plan}/mail", { plan: plan.id }));
    } catch (error) {
      complain(error);
    }
  };
  return (
    <Section
      title={say("pairs", { count: plan.passwords ?? 0 })}
      text={say("pairsText")}
      actions={
        <>
          {(["csv", "xlsx"] as const).map((format) => (
            <Button
              key={format}
              variant="default"
              loading={busy === format}
              leftSection={<IconDownload size={16} aria-hidden />}
              onClick={() => void download(format)}
            >
              {say(format)}
            </Button>
          ))}
          {(plan.mailable ?? 0) > 0 && (
            <Button variant="default" leftSection={<IconMail size={16} aria-hidden />} onClick={() => void mail()}>
              {say("sendMail")}
            </Button>
          )}
        </>
      }
    />
  );
}

interface ApplyDialogProps {
  plan: MassPlanView;
  onBegun: (started: MassStarted) => Promise<void>;
  onClose: () => void;
}

/** R-DIR-044: «Применить» first shows a window with all changes. */
function ApplyDialog({ plan, onBegun, onClose }: ApplyDialogProps) {
  const say = words.use();
  const [skipErrors, setSkipErrors] = useState(false);
  const [mail, setMail] = useState(false);
  const [failure, setFailure] = useState("");
  const [busy, setBusy] = useState(false);
  const errors = plan.errors ?? 0;
  const apply = async () => {
    setBusy(true);
    try {
      await onBegun(await call("POST /directory/mass/{plan}/apply", { plan: plan.id, skipErrors, mail }));
      onClose();
    } catch (error) {
      setFailure(errorText(error));
    }
    setBusy(false);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="70rem"
      title={say("applyTitle")}
      closeButtonProps={{ "aria-label": say("close") }}
    >
      <Stack gap="md">
        <Text size="sm">{say("applyText")}</Text>
        <Counts plan={plan} />
        <PlanRows plan={plan} only="changes" />
        {errors > 0 && (
          <Checkbox
            label={say("skipErrors", { count: errors })}
            description={skipErrors ? undefined : say("mustSkip")}
            checked={skipErrors}
            onChange={(event) => setSkipErrors(event.currentTarget.checked)}
          />
        )}
        <Checkbox
          label={say("mailPasswords")}
          checked={mail}
          onChange={(event) => setMail(event.currentTarget.checked)}
        />
        {failure && (
          <Alert color="red" variant="light" role="alert">
            {failure}
          </Alert>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose} disabled={busy}>
            {say("close")}
          </Button>
          <Button loading={busy} disabled={errors > 0 && !skipErrors} onClick={() => void apply()}>
            {say("apply")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
