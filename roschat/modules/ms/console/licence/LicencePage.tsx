/** «Лицензирование и обслуживание»: where the licence comes from, what it allows, what is used of it. */
import { call, complain, type LicenceView, queries, tell, useApi } from "@console/api/index.ts";
import { CheckDialog } from "@console/kit/CheckDialog.tsx";
import { confirm } from "@console/kit/Confirm.tsx";
import { Asked } from "@console/kit/Empty.tsx";
import { useFormats } from "@console/kit/formats.ts";
import { Page } from "@console/kit/Page.tsx";
import { Values } from "@console/kit/Values.tsx";
import { Button, Stack } from "@mantine/core";
import { IconKey, IconRefresh, IconTrash, IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import { ActivationDialog } from "./ActivationDialog.tsx";
import { Allowed } from "./Allowed.tsx";
import { FileDialog } from "./FileDialog.tsx";
import { Problems } from "./Problems.tsx";
import { refusal } from "./refusal.ts";
import { SECTION, ServerDialog } from "./ServerDialog.tsx";
import { words } from "./words.ts";

export default function LicencePage() {
  const say = words.use();
  const licence = useApi("GET /licence", {}, { every: 60_000 });
  const [open, setOpen] = useState<"update" | "file" | "key">();
  const close = () => setOpen(undefined);
  const took = (view: LicenceView) => queries.setQueryData(["GET /licence", {}], view);

  const remove = async () => {
    if (!(await confirm({ text: say("removeText"), ok: say("remove"), danger: true }))) return;
    try {
      took(await call("DELETE /licence"));
      tell(say("removed"));
    } catch (error) {
      complain(error);
    }
  };
  return (
    <Page title={say("title")} text={say("about")}>
      <Asked of={licence}>
        {(view) => (
          <Stack gap="md">
            <Problems view={view} />
            <Server view={view} onUpdate={() => setOpen("update")} />
            <Allowed
              view={view}
              actions={
                <>
                  <Button
                    variant="light"
                    size="xs"
                    leftSection={<IconUpload size={14} aria-hidden />}
                    onClick={() => setOpen("file")}
                  >
                    {say("load")}
                  </Button>
                  <Button
                    variant="default"
                    size="xs"
                    leftSection={<IconKey size={14} aria-hidden />}
                    onClick={() => setOpen("key")}
                  >
                    {say("activation")}
                  </Button>
                  {view.number !== "community" && (
                    <Button
                      variant="default"
                      size="xs"
                      leftSection={<IconTrash size={14} aria-hidden />}
                      onClick={() => void remove()}
                    >
                      {say("remove")}
                    </Button>
                  )}
                </>
              }
            />
          </Stack>
        )}
      </Asked>
      {open === "update" && (
        <CheckDialog
          title={say("licence")}
          onClose={close}
          run={async () => {
            try {
              took(await call("POST /licence/update"));
              return { ok: true, text: say("updated") };
            } catch (error) {
              void licence.refetch();
              return { ok: false, ...refusal(error, say("failed")) };
            }
          }}
        />
      )}
      {open === "file" && <FileDialog onClose={close} onDone={took} />}
      {open === "key" && <ActivationDialog onClose={close} />}
    </Page>
  );
}

function Server({ view, onUpdate }: { view: LicenceView; onUpdate: () => void }) {
  const say = words.use();
  const formats = useFormats();
  const settings = useApi("GET /settings/{section}", { section: SECTION });
  const [editing, setEditing] = useState(false);
  return (
    <Asked of={settings} height={120}>
      {({ values }) => (
        <Values
          title={say("server")}
          values={[
            { label: say("address"), value: String(values.address ?? "") },
            { label: say("login"), value: String(values.login ?? "") },
            { label: say("port"), value: String(values.port ?? "") },
            { label: say("contacted"), value: view.contacted ? formats.dateTime(view.contacted) : say("never") },
          ]}
          onEdit={() => setEditing(true)}
          actions={
            <Button variant="light" size="xs" leftSection={<IconRefresh size={14} aria-hidden />} onClick={onUpdate}>
              {say("update")}
            </Button>
          }
        >
          {editing && <ServerDialog values={values} onClose={() => setEditing(false)} />}
        </Values>
      )}
    </Asked>
  );
}
