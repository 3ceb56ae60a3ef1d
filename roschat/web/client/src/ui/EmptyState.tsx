import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

interface EmptyStateProps {
  icon: ReactNode;
  title: string;
  text?: string;
  children?: ReactNode;
}

export function EmptyState({ icon, title, text, children }: EmptyStateProps) {
  return (
    <Stack align="center" justify="center" gap={8} p="xl" h="100%" ta="center">
      <span style={{ color: "var(--dim)", opacity: 0.75 }} aria-hidden="true">
        {icon}
      </span>
      <Text fw={600}>{title}</Text>
      {text && (
        <Text size="sm" c="dimmed" maw={340}>
          {text}
        </Text>
      )}
      {children}
    </Stack>
  );
}
