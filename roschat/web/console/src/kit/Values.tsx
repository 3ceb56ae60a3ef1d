/** Settings as they are: labelled chips that are only read; «Настроить» opens the dialog that changes them. */
import { Badge, Box, Button, Group, Text } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Section } from "./Page.tsx";
import { words } from "./words.ts";

export interface Value {
  label: string;
  /** Texts and numbers become a chip, several of them several; nodes are shown as they are; empty: «не задано». */
  value: ReactNode | readonly (string | number)[];
  /** Beside the value. */
  hint?: ReactNode;
}

interface ValuesProps {
  title?: string;
  text?: ReactNode;
  values: readonly Value[];
  /** Shows «Настроить». */
  onEdit?: (() => void) | undefined;
  /** Other buttons. */
  actions?: ReactNode;
  children?: ReactNode;
}

export function Values({ title, text, values, onEdit, actions, children }: ValuesProps) {
  const say = words.use();
  const buttons = (
    <>
      {actions}
      {onEdit && (
        <Button variant="light" size="xs" leftSection={<IconPencil size={14} aria-hidden />} onClick={onEdit}>
          {say("configure")}
        </Button>
      )}
    </>
  );
  return (
    <Section title={title} text={text} actions={buttons}>
      <ValueList values={values} />
      {children}
    </Section>
  );
}

export function ValueList({ values }: { values: readonly Value[] }) {
  return (
    <Box component="dl" m={0}>
      {values.map(({ label, value, hint }) => (
        <Group
          key={label}
          gap={4}
          py={7}
          align="baseline"
          style={{ borderTop: "1px solid var(--mantine-color-default-border)" }}
        >
          <Text component="dt" size="sm" c="dimmed" flex="0 1 280px" miw={160}>
            {label}
          </Text>
          <Group component="dd" m={0} gap={6} flex="1 1 240px" miw={0}>
            <Chips value={value} />
            {hint && (
              <Text span size="xs" c="dimmed">
                {hint}
              </Text>
            )}
          </Group>
        </Group>
      ))}
    </Box>
  );
}

function Chips({ value }: { value: Value["value"] }) {
  const say = words.use();
  const empty = value === "" || value === null || value === undefined || (Array.isArray(value) && value.length === 0);
  if (empty)
    return (
      <Text span size="sm" c="dimmed" fs="italic">
        {say("value.none")}
      </Text>
    );
  if (typeof value === "boolean") return <Chip>{say(value ? "value.yes" : "value.no")}</Chip>;
  if (typeof value === "string" || typeof value === "number") return <Chip>{String(value)}</Chip>;
  if (Array.isArray(value)) return value.map((one) => <Chip key={String(one)}>{String(one)}</Chip>);
  return value as ReactNode;
}

function Chip({ children }: { children: string }) {
  return (
    <Badge variant="default" size="lg" radius="sm" tt="none" fw={500} maw="100%" h="auto" py={3} styles={CHIP}>
      {children}
    </Badge>
  );
}

const CHIP = { label: { whiteSpace: "pre-wrap", overflowWrap: "anywhere", lineHeight: 1.35 } } as const;
