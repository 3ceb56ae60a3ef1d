/** Fields of the card with what becomes of each. */
import type { MassSelection } from "@console/api/index.ts";
import { sentence } from "@console/kit/Field.tsx";
import { ActionIcon, Button, Checkbox, Group, Paper, Select, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { type Action, FIELDS, type FieldDraft, type FieldKind, field } from "./change.ts";
import { TemplateInput } from "./TemplateInput.tsx";
import { words } from "./words.ts";

interface FieldListProps {
  fields: FieldDraft[];
  onChange: (fields: FieldDraft[]) => void;
  reasons: Readonly<Record<string, string>>;
  selection?: MassSelection | undefined;
  /** New contacts have nothing that could be replaced or cleared. */
  adding?: boolean;
}

export function FieldList({ fields, onChange, reasons, selection, adding = false }: FieldListProps) {
  const say = words.use();
  const put = (key: number, part: Partial<FieldDraft>) =>
    onChange(fields.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const unused = FIELDS.find((kind) => !fields.some((one) => one.type === kind)) ?? "custom";
  return (
    <Stack gap="sm">
      {fields.map((one, at) => (
        <FieldRow
          key={one.key}
          one={one}
          adding={adding}
          selection={selection}
          reasons={{
            value: reasons[`fields.${at}.value`],
            name: reasons[`fields.${at}.name`],
            find: reasons[`fields.${at}.find`],
          }}
          onChange={(part) => put(one.key, part)}
          onRemove={() => onChange(fields.filter((other) => other.key !== one.key))}
        />
      ))}
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => onChange([...fields, field(unused)])}
        >
          {say("addField")}
        </Button>
      </div>
    </Stack>
  );
}

interface FieldRowProps {
  one: FieldDraft;
  adding: boolean;
  selection: MassSelection | undefined;
  reasons: Record<"value" | "name" | "find", string | undefined>;
  onChange: (part: Partial<FieldDraft>) => void;
  onRemove: () => void;
}

function FieldRow({ one, adding, selection, reasons, onChange, onRemove }: FieldRowProps) {
  const say = words.use();
  const several = one.type === "number" || one.type === "email";
  const actions: Action[] = adding ? (several ? ["set", "add"] : ["set"]) : ["set", "replace", "clear"];
  if (several && !adding) actions.splice(1, 0, "add");
  const title = say(`what.${one.type}`);
  return (
    <Paper withBorder radius="md" p="sm" component="fieldset" aria-label={title}>
      <Group gap="sm" align="flex-start">
        <Select
          label={say("field")}
          w={{ base: "100%", xs: 190 }}
          data={FIELDS.map((kind) => ({ value: kind, label: say(`what.${kind}`) }))}
          value={one.type}
          allowDeselect={false}
          onChange={(type) => type && onChange({ type: type as FieldKind, action: "set" })}
        />
        {one.type === "custom" && (
          <TextInput
            label={say("fieldName")}
            w={{ base: "100%", xs: 160 }}
            value={one.name}
            error={sentence(reasons.name)}
            onChange={(event) => onChange({ name: event.currentTarget.value })}
          />
        )}
        {actions.length > 1 && (
          <Select
            label={say("action")}
            w={{ base: "100%", xs: 160 }}
            data={actions.map((action) => ({ value: action, label: say(`action.${action}`) }))}
            value={one.action}
            allowDeselect={false}
            onChange={(action) => action && onChange({ action: action as Action })}
          />
        )}
        {one.action === "replace" && (
          <TextInput
            label={say("find")}
            w={{ base: "100%", xs: 160 }}
            value={one.find}
            error={sentence(reasons.find)}
            onChange={(event) => onChange({ find: event.currentTarget.value })}
          />
        )}
        {one.action !== "clear" && (
          <TemplateInput
            label={say("value")}
            value={one.value}
            onChange={(value) => onChange({ value })}
            selection={selection}
            reason={reasons.value}
          />
        )}
        <Group gap="xs" pt={28} wrap="nowrap">
          {!adding && one.action === "set" && (
            <Checkbox
              label={say("onlyEmpty")}
              checked={one.onlyEmpty}
              onChange={(event) => onChange({ onlyEmpty: event.currentTarget.checked })}
            />
          )}
          <ActionIcon variant="subtle" color="red" aria-label={say("removeField", { name: title })} onClick={onRemove}>
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      </Group>
    </Paper>
  );
}
