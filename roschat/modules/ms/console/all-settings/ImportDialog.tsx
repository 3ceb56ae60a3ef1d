/** Import of settings: the file, what it would change and what it may not, then applying it. */

import { call } from "@console/api/client.ts";
import { invalidate } from "@console/api/hooks.ts";
import type { SettingsExport, SettingsImported } from "@console/api/index.ts";
import { ApiError, errorText, reasonText, tell } from "@console/api/index.ts";
import { Alert, Button, Code, FileInput, Group, Modal, ScrollArea, Stack, Table, Text } from "@mantine/core";
import { useState } from "react";
import { Difference } from "../history/Difference.tsx";
import { words } from "./words.ts";

type Sections = SettingsExport["sections"];

export function ImportDialog({ onClose }: { onClose: () => void }) {
  const say = words.use();
  const [sections, setSections] = useState<Sections>();
  const [plan, setPlan] = useState<SettingsImported>();
  const [failure, setFailure] = useState("");
  const [busy, setBusy] = useState(false);
  /** A new input for every choice: the same file, corrected, may be chosen again. */
  const [chosen, setChosen] = useState<{ file: File | null; round: number }>({ file: null, round: 0 });

  const work = async (what: () => Promise<void>) => {
    setBusy(true);
    setFailure("");
    try {
      await what();
    } catch (error) {
      setFailure(error instanceof ApiError ? errorText(error) : say("import.bad"));
    } finally {
      setBusy(false);
    }
  };
  const choose = (file: File | null) => {
    setChosen({ file, round: chosen.round + 1 });
    setPlan(undefined);
    setSections(undefined);
    if (file)
      void work(async () => {
        const read = sectionsOf(JSON.parse(await file.text()));
        setPlan(await call("POST /settings-import", { sections: read }));
        setSections(read);
      });
  };
  const apply = () =>
    work(async () => {
      if (!sections) return;
      const done = await call("POST /settings-import", { sections, apply: true });
      if (!done.applied) return setPlan(done);
      await invalidate(["GET /settings", "GET /settings/{section}", "GET /settings-changes"]);
      tell(say("import.done"));
      onClose();
    });
  const ready = plan && plan.refused.length === 0 && plan.changes.length > 0;
  return (
    <Modal opened onClose={onClose} title={say("import.title")} size="xl">
      <Stack gap="md">
        <FileInput
          key={chosen.round}
          value={chosen.file}
          label={say("import.choose")}
          placeholder={say("import.pick")}
          accept="application/json,.json"
          onChange={choose}
          clearable
          data-autofocus
        />
        {failure && (
          <Alert color="red" variant="light" role="alert">
            {failure}
          </Alert>
        )}
        {plan && plan.refused.length > 0 && (
          <Alert color="red" variant="light" role="alert" title={say("import.refused")}>
            {plan.refused.map((one) => (
              <Text size="sm" key={`${one.section} ${one.key}`}>
                <Code>{[one.section, one.key].filter(Boolean).join(".")}</Code>{" "}
                {one.reason === "unknown" ? say("import.unknown") : reasonText(one.reason)}
              </Text>
            ))}
          </Alert>
        )}
        {plan && plan.refused.length === 0 && plan.changes.length === 0 && <Text>{say("import.same")}</Text>}
        {plan && plan.changes.length > 0 && (
          <>
            <Text fw={600}>{say("import.changes", { count: plan.changes.length })}</Text>
            <ScrollArea.Autosize mah="45vh">
              <Table fz="sm" striped>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{say("parameter")}</Table.Th>
                    <Table.Th>
                      {say("before")} → {say("after")}
                    </Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {plan.changes.map((one) => (
                    <Table.Tr key={`${one.section} ${one.key}`}>
                      <Table.Td style={{ overflowWrap: "anywhere" }}>
                        {one.section}.{one.key}
                      </Table.Td>
                      <Table.Td>
                        <Difference before={one.before} after={one.after} secret={one.secret} />
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </ScrollArea.Autosize>
            {plan.restarts.length > 0 && (
              <Text size="sm">{say("import.restarts", { what: plan.restarts.join(", ") })}</Text>
            )}
          </>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {say("close")}
          </Button>
          <Button onClick={() => void apply()} loading={busy} disabled={!ready}>
            {say("import.apply")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** The sections of an export. Throws when it is none. */
function sectionsOf(read: unknown): Sections {
  const found = read as Partial<SettingsExport> | null;
  if (found?.format !== "roschat-settings-1" || typeof found.sections !== "object") throw new Error("no export");
  return found.sections;
}
