/** What the columns of an uploaded table mean, whom its rows mean, and what is done to every row beside. */
import {
  call,
  type ImportFile,
  type ImportPreset,
  type ImportRules,
  tell,
  useApi,
  useSave,
} from "@console/api/index.ts";
import { sentence } from "@console/kit/Field.tsx";
import { Section } from "@console/kit/Page.tsx";
import {
  ActionIcon,
  Alert,
  Button,
  Checkbox,
  Group,
  MultiSelect,
  Select,
  SimpleGrid,
  Stack,
  Table,
  Text,
  TextInput,
} from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { AccountFields } from "../mass/AccountFields.tsx";
import { changeOf, emptyChange, FIELDS } from "../mass/change.ts";
import { SERVICE_TYPES, serviceName } from "../mass/SelectionForm.tsx";
import { ServiceList } from "../mass/ServiceList.tsx";
import { useChange } from "../mass/useChange.ts";
import { words as shared } from "../mass/words.ts";
import { words } from "./words.ts";

const TYPES = [...FIELDS, "fullName", "login", "password", "active", "service", "cid"] as const;
const MATCHES = ["number", "email", "login", "name", "cid"] as const;

interface Meaning {
  type: string;
  name: string;
}

interface Rules {
  match: string[];
  unknown: string;
  known: string;
  empty: string;
  header: boolean;
}

export function Mapping({ file }: { file: ImportFile }) {
  const say = words.use();
  const mass = shared.use();
  const [meanings, setMeanings] = useState<Meaning[]>(() =>
    file.columns.map(({ type = "", name = "" }) => ({ type, name })),
  );
  const [rules, setRules] = useState<Rules>({
    match: ["number", "email", "login"],
    unknown: "add",
    known: "change",
    empty: "keep",
    header: file.header,
  });
  const { draft, put, reasons, failure, busy, begin } = useChange(() => emptyChange(), "/directory/import");
  const mapped = meanings.flatMap(({ type, name }, column) => (type ? [{ column, type, name }] : []));
  const sent: ImportRules = { ...rules, columns: mapped };
  const wrongOf = (column: number) => reasons[`rules.columns.${mapped.findIndex((one) => one.column === column)}`];
  const preview = () =>
    begin(() =>
      call("POST /directory/import/{file}/preview", { file: file.id, rules: sent, change: changeOf(draft, false) }),
    );
  const recall = (preset: ImportPreset) => {
    const { columns, ...rest } = preset.rules;
    setRules((now) => ({ ...now, ...rest }));
    setMeanings(
      file.columns.map((column) => {
        const at = (preset.headings ?? []).indexOf(column.heading);
        const found = column.heading && at >= 0 ? columns[at] : columns.find((one) => one.column === column.index);
        return { type: found?.type ?? "", name: found?.name ?? "" };
      }),
    );
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void preview();
      }}
    >
      <Stack gap="md">
        <Section title={say("mapping")}>
          <Stack gap="sm">
            <Presets
              rules={sent}
              headings={mapped.map(({ column }) => file.columns[column]?.heading ?? "")}
              onRecall={recall}
            />
            <Checkbox
              label={say("header")}
              checked={rules.header}
              onChange={(event) => setRules({ ...rules, header: event.currentTarget.checked })}
            />
            <Table.ScrollContainer minWidth={520} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
              <Table aria-label={say("mapping")}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{say("column")}</Table.Th>
                    <Table.Th>{say("samples")}</Table.Th>
                    <Table.Th>{say("meaning")}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {file.columns.map((column) => (
                    <Table.Tr key={column.index}>
                      <Table.Td>{column.heading || column.index + 1}</Table.Td>
                      <Table.Td>
                        <Text size="sm" c="dimmed" lineClamp={2}>
                          {(column.samples ?? []).join(", ")}
                        </Text>
                      </Table.Td>
                      <Table.Td>
                        <MeaningInput
                          label={`${say("meaning")}: ${column.heading || column.index + 1}`}
                          meaning={meanings[column.index] ?? { type: "", name: "" }}
                          reason={wrongOf(column.index)}
                          onChange={(meaning) =>
                            setMeanings(meanings.map((old, at) => (at === column.index ? meaning : old)))
                          }
                        />
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          </Stack>
        </Section>
        <Section title={say("rules")}>
          <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
            <MultiSelect
              label={say("match")}
              data={MATCHES.map((value) => ({ value, label: say(`match.${value}`) }))}
              value={rules.match}
              onChange={(match) => setRules({ ...rules, match })}
            />
            <Select
              label={say("unknown")}
              data={(["add", "skip", "error"] as const).map((value) => ({ value, label: say(`unknown.${value}`) }))}
              value={rules.unknown}
              allowDeselect={false}
              onChange={(unknown) => unknown && setRules({ ...rules, unknown })}
            />
            <Select
              label={say("known")}
              data={(["change", "skip"] as const).map((value) => ({ value, label: say(`known.${value}`) }))}
              value={rules.known}
              allowDeselect={false}
              onChange={(known) => known && setRules({ ...rules, known })}
            />
            <Select
              label={say("empty")}
              data={(["keep", "clear"] as const).map((value) => ({ value, label: say(`empty.${value}`) }))}
              value={rules.empty}
              allowDeselect={false}
              onChange={(empty) => empty && setRules({ ...rules, empty })}
            />
          </SimpleGrid>
        </Section>
        <Section title={say("more")}>
          <Stack gap="lg">
            <AccountFields draft={draft} onChange={put} reasons={reasons} simple={false} />
            <ServiceList services={draft.services} onChange={(services) => put({ services })} reasons={reasons} />
            {failure && (
              <Alert color="red" variant="light" role="alert">
                {failure}
              </Alert>
            )}
            <Group>
              <Button type="submit" loading={busy}>
                {mass("preview")}
              </Button>
            </Group>
          </Stack>
        </Section>
      </Stack>
    </form>
  );
}

interface MeaningInputProps {
  label: string;
  meaning: Meaning;
  reason: string | undefined;
  onChange: (meaning: Meaning) => void;
}

function MeaningInput({ label, meaning, reason, onChange }: MeaningInputProps) {
  const say = words.use();
  const mass = shared.use();
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <Select
        aria-label={label}
        miw={150}
        data={[{ value: "-", label: say("skip") }, ...TYPES.map((value) => ({ value, label: mass(`what.${value}`) }))]}
        value={meaning.type || "-"}
        allowDeselect={false}
        error={sentence(reason)}
        onChange={(type) => type && onChange({ type: type === "-" ? "" : type, name: "" })}
      />
      {meaning.type === "custom" && (
        <TextInput
          aria-label={`${label}, ${mass("fieldName")}`}
          placeholder={mass("fieldName")}
          value={meaning.name}
          onChange={(event) => onChange({ ...meaning, name: event.currentTarget.value })}
        />
      )}
      {meaning.type === "service" && (
        <Select
          aria-label={`${label}, ${say("serviceType")}`}
          data={SERVICE_TYPES.map((value) => ({ value, label: serviceName(mass, value) }))}
          value={meaning.name || null}
          onChange={(name) => onChange({ ...meaning, name: name ?? "" })}
        />
      )}
    </Group>
  );
}

interface PresetsProps {
  rules: ImportRules;
  headings: string[];
  onRecall: (preset: ImportPreset) => void;
}

function Presets({ rules, headings, onRecall }: PresetsProps) {
  const say = words.use();
  const presets = useApi("GET /directory/import-presets");
  const changed = ["GET /directory/import-presets"] as const;
  const save = useSave("PUT /directory/import-presets", {
    invalidates: changed,
    onDone: () => tell(say("presetSaved")),
  });
  const remove = useSave("DELETE /directory/import-presets/{name}", { invalidates: changed });
  const [chosen, setChosen] = useState<string | null>(null);
  const [name, setName] = useState("");
  const known = presets.data ?? [];
  return (
    <Group gap="sm" align="flex-end">
      {known.length > 0 && (
        <>
          <Select
            label={say("preset")}
            data={known.map((one) => one.name)}
            value={chosen}
            onChange={(picked) => {
              setChosen(picked);
              const preset = known.find((one) => one.name === picked);
              if (preset) onRecall(preset);
            }}
          />
          {chosen && (
            <ActionIcon
              variant="subtle"
              color="red"
              size="lg"
              aria-label={say("presetRemove", { name: chosen })}
              onClick={() => {
                remove.mutate({ name: chosen });
                setChosen(null);
              }}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          )}
        </>
      )}
      <TextInput label={say("presetName")} value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <Button
        variant="default"
        loading={save.isPending}
        disabled={!name.trim()}
        onClick={() => save.mutate({ preset: { name: name.trim(), rules, headings } })}
      >
        {say("presetSave")}
      </Button>
    </Group>
  );
}
