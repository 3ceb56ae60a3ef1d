/** The directory, or a part of it, as a table. */
import { PREFIX, send } from "@console/api/client.ts";
import { complain, type MassSelection, saveAs, tell } from "@console/api/index.ts";
import { Section } from "@console/kit/Page.tsx";
import { useLanguage } from "@console/words.ts";
import { Button, MultiSelect, Select, SimpleGrid, Stack } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { FIELDS } from "../mass/change.ts";
import { SelectionForm, selectionOf } from "../mass/SelectionForm.tsx";
import { words as shared } from "../mass/words.ts";
import { words } from "./words.ts";

const COLUMNS = [...FIELDS.filter((one) => one !== "custom"), "login", "active", "cid"] as const;

export function ExportSection() {
  const say = words.use();
  const mass = shared.use();
  const language = useLanguage();
  const [selection, setSelection] = useState<MassSelection>({});
  const [columns, setColumns] = useState<string[]>([]);
  const [format, setFormat] = useState("xlsx");
  const [encoding, setEncoding] = useState("utf-8");
  const [delimiter, setDelimiter] = useState(";");
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      const order = { selection: selectionOf(selection), columns, format, encoding, delimiter, language };
      const headers = { "content-type": "application/json" };
      const answer = await send(`${PREFIX}/directory/export`, { method: "POST", headers, body: JSON.stringify(order) });
      saveAs(await answer.blob(), `contacts.${format}`);
      tell(say("exported"));
    } catch (error) {
      complain(error);
    }
    setBusy(false);
  };
  return (
    <Section
      title={say("export")}
      text={say("exportText")}
      actions={
        <Button
          variant="default"
          loading={busy}
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => void save()}
        >
          {say("save")}
        </Button>
      }
    >
      <Stack gap="md">
        <SelectionForm selection={selection} onChange={setSelection} />
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
          <MultiSelect
            label={say("columns")}
            placeholder={columns.length === 0 ? say("columnsAll") : ""}
            data={[
              ...COLUMNS.map((value) => ({ value: value as string, label: mass(`what.${value}`) })),
              { value: "services", label: say("services") },
            ]}
            value={columns}
            onChange={setColumns}
          />
          <Select
            label={say("format")}
            data={[
              { value: "xlsx", label: "XLSX" },
              { value: "csv", label: "CSV" },
            ]}
            value={format}
            allowDeselect={false}
            onChange={(value) => value && setFormat(value)}
          />
          {format === "csv" && (
            <>
              <Select
                label={say("encoding")}
                data={["utf-8", "windows-1251"]}
                value={encoding}
                allowDeselect={false}
                onChange={(value) => value && setEncoding(value)}
              />
              <Select
                label={say("delimiter")}
                data={[
                  { value: ";", label: ";" },
                  { value: ",", label: "," },
                  { value: "\t", label: say("tab") },
                ]}
                value={delimiter}
                allowDeselect={false}
                onChange={(value) => value && setDelimiter(value)}
              />
            </>
          )}
        </SimpleGrid>
      </Stack>
    </Section>
  );
}
