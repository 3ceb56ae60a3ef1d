/** A value before and after a change; null is the default. */
import { Code, Group, Text } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { words } from "./words.ts";

export function Difference({ before, after, secret = false }: { before: unknown; after: unknown; secret?: boolean }) {
  const say = words.use();
  if (secret)
    return (
      <Text size="sm" c="dimmed" fs="italic">
        {say("secret")}
      </Text>
    );
  return (
    <Group gap={6} component="span" display="inline-flex">
      <Shown value={before} mark="before" />
      <IconArrowRight size={14} aria-label="→" />
      <Shown value={after} mark="after" />
    </Group>
  );
}

function Shown({ value, mark }: { value: unknown; mark: "before" | "after" }) {
  const say = words.use();
  if (value === null || value === undefined)
    return (
      <Text span size="sm" c="dimmed" fs="italic">
        {say("default")}
      </Text>
    );
  const text = typeof value === "string" ? value || "«»" : JSON.stringify(value);
  return (
    <Code
      {...(mark === "before" ? {} : { fw: 600 })}
      style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere", maxHeight: 160, overflowY: "auto" }}
    >
      {text}
    </Code>
  );
}
