/** A text with template functions: what it gives is shown while it is typed, a wrong function with its place. */

import type { MassSelection } from "@console/api/index.ts";
import { useApi } from "@console/api/index.ts";
import { sentence } from "@console/kit/Field.tsx";
import { ActionIcon, Menu, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconMathFunction } from "@tabler/icons-react";
import { words } from "./words.ts";

const MACROS = {
  INC: "$INC(1,1)",
  CONTACT: "$CONTACT('surname')",
  CID: "$CID",
  FIO_1: "$FIO_1",
  FIO_2: "$FIO_2",
  FIO_3: "$FIO_3",
} as const;

interface TemplateInputProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** Contacts whose values the samples show; an example person without it. */
  selection?: MassSelection | undefined;
  reason?: string | undefined;
  required?: boolean;
  description?: string;
}

export function TemplateInput(props: TemplateInputProps) {
  const { label, value, onChange, selection, reason, required = false, description } = props;
  const say = words.use();
  const [asked] = useDebouncedValue(value, 300);
  const tried = useApi(
    "POST /directory/mass/template",
    { template: asked, ...(selection ? { selection } : {}), count: 3 },
    { enabled: asked.includes("$") },
  );
  const answer = asked.includes("$") && asked === value ? tried.data : undefined;
  const wrong = answer?.error
    ? answer.macro
      ? say("badMacro", { position: answer.position ?? 0, macro: answer.macro })
      : say("badTemplate")
    : undefined;
  const samples = answer && !answer.error ? (answer.samples ?? []).filter(Boolean).join(", ") : "";
  return (
    <div style={{ flex: "1 1 auto", minWidth: "min(100%, 220px)" }}>
      <TextInput
        label={label}
        description={description}
        value={value}
        withAsterisk={required}
        aria-required={required}
        error={wrong ?? sentence(reason)}
        onChange={(event) => onChange(event.currentTarget.value)}
        rightSection={
          <Menu position="bottom-end" zIndex={320}>
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" aria-label={`${say("macros")}: ${label}`}>
                <IconMathFunction size={16} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {Object.entries(MACROS).map(([name, text]) => (
                <Menu.Item key={name} onClick={() => onChange(value + text)}>
                  <Text span size="sm" ff="monospace">
                    {text}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {say(`macro.${name as keyof typeof MACROS}`)}
                  </Text>
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        }
      />
      {samples && (
        <Text size="xs" c="dimmed" mt={4} aria-live="polite" style={{ overflowWrap: "anywhere" }}>
          {say("sample", { text: samples })}
        </Text>
      )}
    </div>
  );
}
