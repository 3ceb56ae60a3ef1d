/** What stands in the place of content: nothing there, loading, could not be loaded. */
import { Button, Center, Loader, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconAlertTriangle, IconInbox } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { errorText } from "../api/errors.ts";
import { ICONS, type IconName } from "../icons.ts";
import { words } from "./words.ts";

interface EmptyProps {
  title?: string;
  /** What to do about it. */
  text?: ReactNode;
  icon?: IconName;
  /** A button. */
  action?: ReactNode;
}

export function Empty({ title, text, icon, action }: EmptyProps) {
  const say = words.use();
  const Icon = icon ? ICONS[icon] : IconInbox;
  return (
    <Stack align="center" gap="xs" py={48} px="md" ta="center">
      <ThemeIcon variant="light" size={52} radius="xl" mb={4}>
        <Icon size={26} stroke={1.5} aria-hidden />
      </ThemeIcon>
      <Text fw={600}>{title ?? say("empty.title")}</Text>
      {text && (
        <Text c="dimmed" size="sm" maw={440}>
          {text}
        </Text>
      )}
      {action && <div style={{ marginTop: 8 }}>{action}</div>}
    </Stack>
  );
}

export function Loading({ label, height = 240 }: { label?: string; height?: number | string }) {
  const say = words.use();
  return (
    <Center mih={height}>
      <Stack align="center" gap="sm">
        <Loader size="sm" aria-label={label ?? say("loading")} />
        {label && (
          <Text size="sm" c="dimmed">
            {label}
          </Text>
        )}
      </Stack>
    </Center>
  );
}

export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const say = words.use();
  return (
    <Stack align="center" gap="xs" py={48} px="md" ta="center" role="alert">
      <ThemeIcon variant="light" color="red" size={52} radius="xl" mb={4}>
        <IconAlertTriangle size={26} stroke={1.5} aria-hidden />
      </ThemeIcon>
      <Text fw={600}>{say("failed.title")}</Text>
      <Text c="dimmed" size="sm" maw={440}>
        {errorText(error)}
      </Text>
      {onRetry && (
        <Button variant="default" size="xs" onClick={onRetry} mt={8}>
          {say("retry")}
        </Button>
      )}
    </Stack>
  );
}

interface AskedProps<T> {
  /** What `useApi` answered. */
  of: { data: T | undefined; error: unknown; isPending: boolean; refetch: () => unknown };
  children: (data: T) => ReactNode;
  height?: number;
}

/** Shows the content when it is there, else the loader or the failure. */
export function Asked<T>({ of, children, height }: AskedProps<T>) {
  if (of.data !== undefined) return children(of.data);
  if (of.error) return <Failure error={of.error} onRetry={() => void of.refetch()} />;
  return <Loading {...(height ? { height } : {})} />;
}
