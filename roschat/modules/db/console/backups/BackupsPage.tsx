/** «Резервирование»: archives of the whole server, their schedule, and the way back. */
import { type BackupView, call, complain, invalidate, tell, useApi } from "@console/api/index.ts";
import { Asked } from "@console/kit/Empty.tsx";
import { Page } from "@console/kit/Page.tsx";
import { Button, Stack } from "@mantine/core";
import { IconArchive, IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import { Archives } from "./Archives.tsx";
import { JobDialog, type Work } from "./JobDialog.tsx";
import { Plan } from "./Plan.tsx";
import { RemoveDialog } from "./RemoveDialog.tsx";
import { RestoreDialog } from "./RestoreDialog.tsx";
import { Runs } from "./Runs.tsx";
import { failure } from "./refusal.ts";
import { Schedule } from "./Schedule.tsx";
import { UploadDialog } from "./UploadDialog.tsx";
import { words } from "./words.ts";

type Open = { what: "upload" } | { what: "restore" | "remove" | "prove"; of: BackupView } | { what: "job"; work: Work };

export default function BackupsPage() {
  const say = words.use();
  const backups = useApi("GET /backups", {}, { every: 15_000 });
  const [open, setOpen] = useState<Open>();
  const close = () => {
    setOpen(undefined);
    void invalidate(["GET /backups"]);
  };
  const begin = async (kind: Work["kind"], ask: () => Promise<{ job: number }>) => {
    try {
      setOpen({ what: "job", work: { kind, id: (await ask()).job } });
    } catch (error) {
      complain(failure(error));
    }
  };
  const prove = (of: BackupView) =>
    of.sealed
      ? setOpen({ what: "prove", of })
      : void begin("prove", () => call("POST /backups/{name}/prove", { name: of.name, passphrase: "" }));
  return (
    <Page
      title={say("title")}
      text={say("about")}
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconUpload size={16} aria-hidden />}
            onClick={() => setOpen({ what: "upload" })}
          >
            {say("restoreFile")}
          </Button>
          <Button
            leftSection={<IconArchive size={16} aria-hidden />}
            onClick={() => void begin("make", () => call("POST /backups", {}))}
          >
            {say("make")}
          </Button>
        </>
      }
    >
      <Asked of={backups}>
        {(view) => (
          <Stack gap="md">
            {view.plan && <Plan plan={view.plan} onDone={close} />}
            <Archives
              view={view}
              onProve={prove}
              onRestore={(of) => setOpen({ what: "restore", of })}
              onRemove={(of) => setOpen({ what: "remove", of })}
            />
            <Schedule view={view} />
            <Runs runs={view.runs} />
          </Stack>
        )}
      </Asked>
      {open?.what === "job" && <JobDialog work={open.work} onClose={close} />}
      {open?.what === "upload" && (
        <UploadDialog
          onClose={close}
          onDone={(of) => {
            void invalidate(["GET /backups"]);
            setOpen({ what: "restore", of });
          }}
        />
      )}
      {(open?.what === "restore" || open?.what === "prove") && (
        <RestoreDialog
          of={open.of}
          proveOnly={open.what === "prove"}
          onClose={close}
          onBegun={(id) => setOpen({ what: "job", work: { kind: open.what === "prove" ? "prove" : "restore", id } })}
        />
      )}
      {open?.what === "remove" && (
        <RemoveDialog
          of={open.of}
          onClose={close}
          onDone={() => {
            tell(say("removed"));
            close();
          }}
        />
      )}
    </Page>
  );
}
