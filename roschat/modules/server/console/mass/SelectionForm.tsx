/** Which contacts: words of the name, fields of the card, services, state; how many that are, and some of them. */
import { type MassSelection, useApi } from "@console/api/index.ts";
import { SearchBox } from "@console/kit/SearchBox.tsx";
import { ActionIcon, Button, Group, MultiSelect, Select, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { words as editing } from "../mass-edit/words.ts";
import { FIELDS } from "./change.ts";
import { wordOf, words } from "./words.ts";

const SERVICES = [
  "computer",
  "mobile",
  "sip",
  "radio",
  "tetra",
  "videomost",
  "pbx-sip",
  "pbx-analog",
  "pbx-dect",
  "pbx-isdn-tdm",
  "pbx-fxs",
  "pbx-isdn",
  "dx500-sip",
  "dx500-cta",
  "dx500-ata",
] as const;

const SOUGHT = [...FIELDS, "login"] as const;

interface SelectionFormProps {
  selection: MassSelection;
  onChange: (selection: MassSelection) => void;
}

export function SelectionForm({ selection, onChange }: SelectionFormProps) {
  const say = editing.use();
  const mass = words.use();
  const fields = selection.fields ?? [];
  const put = (part: Partial<MassSelection>) => onChange({ ...selection, ...part });
  const label = (type: string, name = "") => (type === "custom" && name) || wordOf(mass, `what.${type}`, type);
  const services = SERVICES.map((value) => ({ value, label: serviceName(mass, value) }));
  if ((selection.cids ?? []).length > 0)
    return (
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{say("fixed")}</Text>
        <Chosen selection={selection} />
        <Button variant="default" onClick={() => onChange({})}>
          {say("filterAgain")}
        </Button>
      </Stack>
    );
  return (
    <Stack gap="sm">
      <SearchBox value={selection.text ?? ""} onSearch={(text) => put({ text })} />
      {fields.map((one, at) => (
        <Group key={at} gap="sm" align="flex-end">
          <Select
            label={mass("field")}
            w={{ base: "100%", xs: 190 }}
            data={SOUGHT.map((kind) => ({ value: kind, label: mass(`what.${kind}`) }))}
            value={one.type}
            allowDeselect={false}
            onChange={(type) => type && put({ fields: fields.map((old, i) => (i === at ? { ...old, type } : old)) })}
          />
          {one.type === "custom" && (
            <TextInput
              label={mass("fieldName")}
              value={one.name ?? ""}
              onChange={(event) => {
                const name = event.currentTarget.value;
                put({ fields: fields.map((old, i) => (i === at ? { ...old, name } : old)) });
              }}
            />
          )}
          <TextInput
            label={say("contains")}
            style={{ flex: "1 1 160px" }}
            value={one.value ?? ""}
            onChange={(event) => {
              const value = event.currentTarget.value;
              put({ fields: fields.map((old, i) => (i === at ? { ...old, value } : old)) });
            }}
          />
          <ActionIcon
            variant="subtle"
            color="red"
            size="lg"
            aria-label={say("removeFilter", { name: label(one.type, one.name) })}
            onClick={() => put({ fields: fields.filter((_, i) => i !== at) })}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => put({ fields: [...fields, { type: "department", value: "" }] })}
        >
          {say("addFilter")}
        </Button>
      </div>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
        <Select
          label={say("state")}
          data={(["active", "inactive", "all"] as const).map((value) => ({ value, label: say(`state.${value}`) }))}
          value={selection.state ?? "active"}
          allowDeselect={false}
          onChange={(state) => state && put({ state })}
        />
        <Select
          label={say("accountFilter")}
          data={(["any", "with", "without", "blocked"] as const).map((value) => ({
            value,
            label: say(`account.${value}`),
          }))}
          value={selection.account ?? "any"}
          allowDeselect={false}
          onChange={(account) => account && put({ account })}
        />
        <MultiSelect
          label={say("withServices")}
          data={services}
          value={selection.services ?? []}
          onChange={(chosen) => put({ services: chosen })}
        />
        <MultiSelect
          label={say("withoutServices")}
          data={services}
          value={selection.withoutServices ?? []}
          onChange={(chosen) => put({ withoutServices: chosen })}
        />
      </SimpleGrid>
      <Chosen selection={selection} />
    </Stack>
  );
}

/** The two SIP phones have one name in the manual. */
export function serviceName(mass: ReturnType<typeof words.use>, type: (typeof SERVICES)[number]): string {
  const name = mass(`service.${type}`);
  return type.startsWith("pbx-") ? `${name} (${mass("pbx")})` : name;
}

export const SERVICE_TYPES = SERVICES;

function Chosen({ selection }: { selection: MassSelection }) {
  const say = editing.use();
  const [asked] = useDebouncedValue(selection, 300);
  const filter = { ...asked, fields: (asked.fields ?? []).filter((one) => one.value) };
  const found = useApi("POST /contacts/find", { filter: filter as never, size: 5 });
  const total = found.data?.total;
  if (total === undefined) return null;
  const names = (found.data?.contacts ?? []).map((one) => [one.surname, one.name].filter(Boolean).join(" "));
  return (
    <Text size="sm" aria-live="polite" data-chosen={total}>
      <b>{total === 0 ? say("nobody") : say("chosen", { count: total })}</b>
      {names.length > 0 && <> · {say("example", { names: names.join(", ") })}</>}
    </Text>
  );
}

/** As it is sent: conditions without a value are none. */
export function selectionOf(selection: MassSelection): MassSelection {
  return { ...selection, fields: (selection.fields ?? []).filter((one) => one.value) };
}
