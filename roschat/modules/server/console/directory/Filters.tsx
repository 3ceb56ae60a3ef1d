/** The panel of filters: every field of the card, services that are there or not, state, account. */

import type { FieldFilter, ServiceType } from "@console/api/generated.ts";
import { useApi } from "@console/api/index.ts";
import {
  ActionIcon,
  Autocomplete,
  Button,
  Group,
  MultiSelect,
  NativeSelect,
  Paper,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useId } from "react";
import { conditions, FILTER_FIELDS, type Filter, type FilterField } from "./filter.ts";
import { words } from "./words.ts";

const LISTED: readonly string[] = ["organisation", "department", "position", "room"];

interface FiltersProps {
  filter: Filter;
  onChange: (filter: Filter) => void;
}

export function Filters({ filter, onChange }: FiltersProps) {
  const say = words.use();
  const services = useApi("GET /services");
  const choices = (services.data ?? []).map(({ type }) => ({ value: type, label: say(`service.${type}`) }));
  const fields = filter.fields ?? [];
  const setField = (at: number, part: Partial<FieldFilter>) =>
    onChange({ ...filter, fields: fields.map((one, place) => (place === at ? { ...one, ...part } : one)) });
  return (
    <Paper withBorder radius="md" p="md" role="group" aria-label={say("filtersTitle")}>
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md" verticalSpacing="sm">
          <Choice
            label={say("state")}
            value={filter.state ?? "active"}
            choices={(["active", "inactive", "all"] as const).map((one) => [one, say(`state.${one}`)])}
            onChange={(state) => onChange({ ...filter, state })}
          />
          <Choice
            label={say("account")}
            value={filter.account ?? "any"}
            choices={(["any", "with", "without", "blocked"] as const).map((one) => [one, say(`account.${one}`)])}
            onChange={(account) => onChange({ ...filter, account })}
          />
          <MultiSelect
            label={say("withServices")}
            data={choices}
            value={filter.services ?? []}
            onChange={(chosen) => onChange({ ...filter, services: chosen as ServiceType[] })}
            clearable
          />
          <MultiSelect
            label={say("withoutServices")}
            data={choices}
            value={filter.withoutServices ?? []}
            onChange={(chosen) => onChange({ ...filter, withoutServices: chosen as ServiceType[] })}
            clearable
          />
        </SimpleGrid>
        {fields.map((one, at) => (
          <Group key={at} align="flex-end" gap="xs">
            <NativeSelect
              label={say("filterField")}
              value={one.type}
              w={200}
              data={FILTER_FIELDS.map((type) => ({ value: type, label: say(`field.${type}`) }))}
              onChange={(event) => setField(at, { type: event.currentTarget.value, value: "" })}
            />
            {one.type === "custom" && (
              <TextInput
                label={say("filterName")}
                w={180}
                value={one.name ?? ""}
                onChange={(event) => setField(at, { name: event.currentTarget.value })}
              />
            )}
            <FilterValue one={one} onChange={(value) => setField(at, { value })} />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              aria-label={`${say("removeFilter")}: ${say(`field.${one.type as FilterField}`)}`}
              onClick={() => onChange({ ...filter, fields: fields.filter((_, place) => place !== at) })}
            >
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        <Group justify="space-between">
          <Button
            variant="light"
            size="xs"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => onChange({ ...filter, fields: [...fields, { type: "department", value: "" }] })}
          >
            {say("addFilter")}
          </Button>
          {(conditions(filter) > 0 || fields.length > 0) && (
            <Button
              variant="subtle"
              size="xs"
              onClick={() => onChange(filter.text === undefined ? {} : { text: filter.text })}
            >
              {say("clearFilters")}
            </Button>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}

function FilterValue({ one, onChange }: { one: FieldFilter; onChange: (value: string) => void }) {
  const say = words.use();
  const listed = LISTED.includes(one.type);
  const [text] = useDebouncedValue(one.value ?? "", 200);
  const values = useApi("GET /contacts/values", { type: one.type, text, count: 30 }, { enabled: listed });
  if (!listed)
    return (
      <TextInput
        label={say("filterValue")}
        flex="1 1 180px"
        value={one.value ?? ""}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  return (
    <Autocomplete
      label={say("filterValue")}
      flex="1 1 180px"
      data={(values.data ?? []).map(({ value }) => value)}
      filter={({ options }) => options}
      renderOption={({ option }) => {
        const count = values.data?.find(({ value }) => value === option.value)?.count;
        return (
          <Group justify="space-between" wrap="nowrap" w="100%">
            <span>{option.value}</span>
            <Text span size="xs" c="dimmed">
              {count}
            </Text>
          </Group>
        );
      }}
      value={one.value ?? ""}
      onChange={onChange}
    />
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: string;
  choices: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
}

function Choice<T extends string>({ label, value, choices, onChange }: ChoiceProps<T>) {
  const id = useId();
  return (
    <div>
      <Text id={id} size="sm" fw={500} mb={4}>
        {label}
      </Text>
      <SegmentedControl
        size="xs"
        aria-labelledby={id}
        value={value}
        data={choices.map(([key, shown]) => ({ value: key, label: shown }))}
        onChange={(chosen) => onChange(chosen as T)}
      />
    </div>
  );
}
