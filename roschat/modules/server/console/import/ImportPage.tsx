/** «Импорт и экспорт»: a table goes up and becomes a plan; the directory comes down as a table. */
import { complain, type ImportFile, upload } from "@console/api/index.ts";
import { Page, Section } from "@console/kit/Page.tsx";
import { Button, FileButton } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import { Route, Switch } from "wouter";
import { History } from "../mass/History.tsx";
import { PlanView, Steps } from "../mass/PlanView.tsx";
import { ExportSection } from "./ExportSection.tsx";
import { Mapping } from "./Mapping.tsx";
import { words } from "./words.ts";

export const HOME = "/directory/import";

export default function ImportPage() {
  const say = words.use();
  return (
    <Page title={say("title")} text={say("about")}>
      <Switch>
        <Route path={`${HOME}/:plan`}>{({ plan }) => <PlanView id={Number(plan)} home={HOME} />}</Route>
        <Route>
          <Begin />
          <ExportSection />
          <History />
        </Route>
      </Switch>
    </Page>
  );
}

function Begin() {
  const say = words.use();
  const [file, setFile] = useState<ImportFile>();
  const [busy, setBusy] = useState(false);
  const send = async (chosen: File | null) => {
    if (!chosen) return;
    setBusy(true);
    try {
      const request = { name: chosen.name };
      setFile(
        await upload<ImportFile>("POST /directory/import", chosen, { request, type: "application/octet-stream" }),
      );
    } catch (error) {
      complain(error);
    }
    setBusy(false);
  };
  const choose = (label: string) => (
    <FileButton onChange={(chosen) => void send(chosen)} accept=".csv,.txt,.tsv,.xlsx">
      {(props) => (
        <Button
          {...props}
          loading={busy}
          variant={file ? "default" : "filled"}
          leftSection={<IconUpload size={16} aria-hidden />}
        >
          {label}
        </Button>
      )}
    </FileButton>
  );
  return (
    <>
      <Steps active={0} />
      <Section
        title={say("upload")}
        text={
          file ? say("file", { name: file.name, rows: file.rows, columns: file.columns.length }) : say("uploadText")
        }
        actions={choose(say(file ? "other" : "choose"))}
      />
      {file && <Mapping key={file.id} file={file} />}
    </>
  );
}
