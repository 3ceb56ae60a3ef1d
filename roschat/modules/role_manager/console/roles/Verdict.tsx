/** «Разрешено» or «Запрещено», told apart by more than colour. */
import { Text } from "@mantine/core";
import { words } from "./words.ts";

const RED = "light-dark(var(--mantine-color-red-9), var(--mantine-color-red-3))";

export function Verdict({ allowed }: { allowed: boolean }) {
  const say = words.use();
  return (
    <Text span size="sm" style={{ flexShrink: 0 }} {...(allowed ? {} : { fw: 600, c: RED })}>
      <span aria-hidden>{allowed ? "✓" : "✕"}</span> {say(allowed ? "allowed" : "denied")}
    </Text>
  );
}
