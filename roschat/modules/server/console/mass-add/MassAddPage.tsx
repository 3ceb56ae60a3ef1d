/** «Массовое добавление»: a range of list numbers in the simple mode, every field by a template in the extended one. */
import type { MassNumbers } from "@console/api/index.ts";
import { sentence } from "@console/kit/Field.tsx";
import { Page, Section } from "@console/kit/Page.tsx";
import { Alert, Button, Group, NumberInput, SegmentedControl, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { Route, Switch } from "wouter";
import { AccountFields } from "../mass/AccountFields.tsx";
import { changeOf, emptyChange, field } from "../mass/change.ts";
import { FieldList } from "../mass/FieldList.tsx";
import { History } from "../mass/History.tsx";
import { PlanView, Steps } from "../mass/PlanView.tsx";
import { ServiceList } from "../mass/ServiceList.tsx";
import { previewChange, useChange } from "../mass/useChange.ts";
import { words as shared } from "../mass/words.ts";
import { words } from "./words.ts";

const HOME = "/directory/mass-add";

export default function MassAddPage() {
  const say = words.use();
  return (
    <Page title={say("title")} text={say("about")}>
      <Switch>
        <Route path={`${HOME}/:plan`}>{({ plan }) => <PlanView id={Number(plan)} home={HOME} />}</Route>
        <Route>
          <SetUp />
          <History />
        </Route>
      </Switch>
    </Page>
  );
}

type Range = Required<Pick<MassNumbers, "first" | "count" | "step" | "name">>;

function SetUp() {
  const mass = shared.use();
  const [simple, setSimple] = useState(true);
  const [title, setTitle] = useState("");
  const [range, setRange] = useState<Range>({ first: 1000, count: 10, step: 1, name: "Абонент" });
  const [count, setCount] = useState(10);
  const { draft, put, reasons, failure, busy, begin } = useChange(
    () =>
      emptyChange({
        fields: [field("surname"), field("name"), field("number", "$INC(1000,1)")],
        services: { computer: { grant: "grant", params: {} }, mobile: { grant: "grant", params: {} } },
        loginForm: "number",
        password: "random",
      }),
    HOME,
  );
  const preview = () =>
    begin(() => {
      const change = changeOf(draft, simple);
      if (!simple) return previewChange({ add: count, change, title });
      const form = draft.loginForm === "keep" ? "number" : draft.loginForm;
      const numbers = { ...range, loginForm: form, login: draft.login, domain: draft.domain };
      return previewChange({ numbers, change: { ...change, login: "" }, title });
    });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void preview();
      }}
    >
      <Stack gap="md">
        <Steps active={0} />
        <SegmentedControl
          aria-label={mass("mode")}
          value={simple ? "simple" : "extended"}
          onChange={(value) => setSimple(value === "simple")}
          data={[
            { value: "simple", label: mass("simple") },
            { value: "extended", label: mass("extended") },
          ]}
          style={{ alignSelf: "flex-start" }}
        />
        {simple ? (
          <NumbersSection range={range} onChange={setRange} reasons={reasons} />
        ) : (
          <FieldsSection count={count} onCount={setCount} reasons={reasons}>
            <FieldList fields={draft.fields} onChange={(fields) => put({ fields })} reasons={reasons} adding />
          </FieldsSection>
        )}
        <Section title={mass("account")}>
          <AccountFields draft={draft} onChange={put} reasons={reasons} simple={simple} adding />
        </Section>
        <Section title={`${mass("services")}, ${mass("pbx")}`} text={mass("servicesText")}>
          <ServiceList services={draft.services} onChange={(services) => put({ services })} reasons={reasons} adding />
        </Section>
        <Section>
          <Stack gap="md" pt="md">
            <TextInput
              label={mass("title")}
              description={mass("titleHint")}
              maw={480}
              value={title}
              onChange={(event) => setTitle(event.currentTarget.value)}
            />
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

interface NumbersSectionProps {
  range: Range;
  onChange: (range: Range) => void;
  reasons: Readonly<Record<string, string>>;
}

function NumbersSection({ range, onChange, reasons }: NumbersSectionProps) {
  const say = words.use();
  const last = range.first + range.step * (range.count - 1);
  return (
    <Section title={say("numbers")} text={say("range", { first: String(range.first), last: String(last) })}>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
        {(["first", "count", "step"] as const).map((name) => (
          <NumberInput
            key={name}
            label={say(name)}
            withAsterisk
            min={name === "first" ? 0 : 1}
            allowDecimal={false}
            value={range[name]}
            error={sentence(reasons[`numbers.${name}`])}
            onChange={(value) => onChange({ ...range, [name]: Number(value) })}
          />
        ))}
        <TextInput
          label={say("name")}
          description={say("nameHint")}
          inputWrapperOrder={["label", "input", "error", "description"]}
          withAsterisk
          value={range.name}
          error={sentence(reasons["numbers.name"])}
          onChange={(event) => onChange({ ...range, name: event.currentTarget.value })}
        />
      </SimpleGrid>
    </Section>
  );
}

interface FieldsSectionProps {
  count: number;
  onCount: (count: number) => void;
  reasons: Readonly<Record<string, string>>;
  children: React.ReactNode;
}

function FieldsSection({ count, onCount, reasons, children }: FieldsSectionProps) {
  const say = words.use();
  const mass = shared.use();
  return (
    <Section title={mass("fields")} text={mass("fieldsText")}>
      <Stack gap="md">
        <NumberInput
          label={say("count")}
          w={{ base: "100%", xs: 190 }}
          withAsterisk
          min={1}
          max={50_000}
          allowDecimal={false}
          value={count}
          error={sentence(reasons.add)}
          onChange={(value) => onCount(Number(value))}
        />
        {children}
        {reasons.surname && (
          <Text size="sm" c="light-dark(var(--mantine-color-red-9), var(--mantine-color-red-4))">
            {mass("what.surname")}: {sentence(reasons.surname)}
          </Text>
        )}
      </Stack>
    </Section>
  );
}
