/** A state as a coloured dot with its word: colour alone tells nobody. */
import { Box, Group, Text } from "@mantine/core";
import { words } from "./words.ts";

export type State = "ok" | "degraded" | "failed" | "off" | "unknown";

const COLORS: Record<State, string> = {
  ok: "var(--mantine-color-teal-6)",
  degraded: "var(--mantine-color-orange-6)",
  failed: "var(--mantine-color-red-6)",
  off: "var(--mantine-color-gray-5)",
  unknown: "var(--mantine-color-gray-5)",
};

/** `label` is what is shown; without one the state's own word is. With `bare` it is only read out. */
export function StatusDot({ state, label, bare = false }: { state: State; label?: string; bare?: boolean }) {
  const say = words.use();
  const text = label ?? say(`state.${state}`);
  const dot = (
    <Box
      w={9}
      h={9}
      flex="none"
      style={{ borderRadius: "50%", background: COLORS[state] }}
      data-state={state}
      {...(bare ? { role: "img", "aria-label": text, title: text } : { "aria-hidden": true })}
    />
  );
  if (bare) return dot;
  return (
    <Group gap={8} wrap="nowrap" component="span" display="inline-flex">
      {dot}
      <Text span size="sm">
        {text}
      </Text>
    </Group>
  );
}
