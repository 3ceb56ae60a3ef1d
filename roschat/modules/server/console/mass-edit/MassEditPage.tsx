/** «Массовое редактирование»: whom, and what becomes of them; the selection may come from the directory. */
import type { MassSelection } from "@console/api/index.ts";
import { Page, Section } from "@console/kit/Page.tsx";
import { Alert, Button, Group, SegmentedControl, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { Route, Switch, useSearch } from "wouter";
import { selectionFrom } from "../directory/selection.ts";
import { AccountFields } from "../mass/AccountFields.tsx";
import { changeOf, emptyChange, field } from "../mass/change.ts";
import { FieldList } from "../mass/FieldList.tsx";
import { History } from "../mass/History.tsx";
import { PlanView, Steps } from "../mass/PlanView.tsx";
import { SelectionForm, selectionOf } from "../mass/SelectionForm.tsx";
import { ServiceList } from "../mass/ServiceList.tsx";
import { previewChange, useChange } from "../mass/useChange.ts";
import { words as shared } from "../mass/words.ts";
import { words } from "./words.ts";

const HOME = "/directory/mass-edit";

export default function MassEditPage() {
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

function SetUp() {
  const say = words.use();
  const mass = shared.use();
  const search = useSearch();
  const [selection, setSelection] = useState<MassSelection>(() => (selectionFrom(search) as MassSelection) ?? {});
  const [simple, setSimple] = useState(false);
  const [title, setTitle] = useState("");
  const { draft, put, reasons, failure, busy, begin } = useChange(
    () => emptyChange({ fields: [field("department")] }),
    HOME,
  );
  const preview = () =>
    begin(() => previewChange({ selection: selectionOf(selection), change: changeOf(draft, simple), title }));
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
        <Section title={say("whom")}>
          <SelectionForm selection={selection} onChange={setSelection} />
        </Section>
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
        {!simple && (
          <Section title={mass("fields")} text={mass("fieldsText")}>
            <FieldList
              fields={draft.fields}
              onChange={(fields) => put({ fields })}
              reasons={reasons}
              selection={selection}
            />
          </Section>
        )}
        <Section title={mass("account")}>
          <AccountFields draft={draft} onChange={put} reasons={reasons} simple={simple} selection={selection} />
        </Section>
        <Section title={`${mass("services")}, ${mass("pbx")}`}>
          <ServiceList
            services={draft.services}
            onChange={(services) => put({ services })}
            reasons={reasons}
            selection={selection}
          />
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
