/** What has to be done about the licence, the gravest first. */
import type { LicenceProblem, LicenceView } from "@console/api/index.ts";
import { Alert, Stack } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { words } from "./words.ts";

const GRAVE = ["ended-offline", "ended-expired", "foreign", "unknown"];

export function Problems({ view }: { view: LicenceView }) {
  const say = words.use();
  if (view.problems.length === 0) return null;
  const sentence = ({ kind, days, what, text }: LicenceProblem) =>
    say(`problem.${kind}` as "problem.over", {
      count: days ?? -1,
      name: what ? say(what as "people") : "",
      text: text ?? "",
    });
  return (
    <Stack gap="xs">
      {view.problems.map((problem) => (
        <Alert
          key={`${problem.kind} ${problem.what}`}
          color={GRAVE.includes(problem.kind) ? "red" : "orange"}
          variant="light"
          role="status"
          icon={<IconAlertTriangle size={18} aria-hidden />}
          title={sentence(problem)}
          data-problem={problem.kind}
        >
          {problem.kind !== "over" && problem.text}
        </Alert>
      ))}
    </Stack>
  );
}
