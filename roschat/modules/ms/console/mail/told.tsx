/** How a test of the mail server went, in the reader's language; the server's own words stand below. */
import type { MailTest } from "@console/api/generated.ts";
import type { Checked } from "@console/kit/index.ts";
import { Code, List, Text } from "@mantine/core";
import { words } from "./words.ts";

export function told(test: MailTest, right: string): Checked {
  if (test.ok) return { ok: true, text: right };
  return {
    ok: false,
    text: words.say(`cause.${test.cause}` as Parameters<typeof words.say>[0]),
    details: <Details test={test} />,
  };
}

function Details({ test }: { test: MailTest }) {
  const say = words.use();
  const steps = test.steps ?? [];
  return (
    <>
      {steps.length > 0 && (
        <>
          <Text size="sm" fw={500}>
            {say("done")}
          </Text>
          <List size="sm" mb="xs">
            {steps.map((step) => (
              <List.Item key={step}>{say(`step.${step}` as Parameters<typeof say>[0])}</List.Item>
            ))}
          </List>
        </>
      )}
      <Text size="sm" fw={500}>
        {say("answer")}
      </Text>
      <Code block lang="en" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {test.text}
      </Code>
    </>
  );
}
