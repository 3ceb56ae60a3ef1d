/** Every section as a generated form, with a search over all of them, export and import. */

import { call } from "@console/api/client.ts";
import type { SettingOption, SettingsSection } from "@console/api/index.ts";
import { complain, saveAs, tell, useApi } from "@console/api/index.ts";
import { Asked, Empty, Page, SearchBox, SettingsForm } from "@console/kit/index.ts";
import { sectionTitle } from "@console/kit/settings.ts";
import { useSession } from "@console/session.tsx";
import { useLanguage } from "@console/words.ts";
import { Button, Group, Switch } from "@mantine/core";
import { IconDownload, IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import { ImportDialog } from "./ImportDialog.tsx";
import { words } from "./words.ts";

export default function AllSettingsPage() {
  const say = words.use();
  const language = useLanguage();
  const { role } = useSession();
  const asked = useApi("GET /settings");
  const [text, setText] = useState("");
  const [changed, setChanged] = useState(false);
  const [importing, setImporting] = useState(false);
  const actions = (
    <>
      <Button variant="default" leftSection={<IconUpload size={16} aria-hidden />} onClick={() => setImporting(true)}>
        {say("import")}
      </Button>
      <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={() => void save()}>
        {say("export")}
      </Button>
    </>
  );
  return (
    <Page title={say("title")} text={say("text")} actions={role === "admin" ? actions : undefined}>
      <Group gap="md">
        <SearchBox value={text} onSearch={setText} label={say("search")} width={360} delay={120} />
        <Switch
          label={say("changed")}
          checked={changed}
          onChange={(event) => setChanged(event.currentTarget.checked)}
        />
      </Group>
      <Asked of={asked}>
        {(sections) => {
          const shown = sections
            .map((section) => ({ section, keys: matching(section, text, changed) }))
            .filter(({ keys }) => keys.length > 0)
            .sort((one, other) =>
              sectionTitle(one.section, language).localeCompare(sectionTitle(other.section, language), language),
            );
          if (shown.length === 0) return <Empty title={say("nothing")} text={say("nothingText")} icon="adjustments" />;
          return shown.map(({ section, keys }) => (
            <SettingsForm key={section.name} section={section.name} keys={keys} text={section.name} />
          ));
        }}
      </Asked>
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </Page>
  );
}

/** The keys of a section that a search finds: all of them when the section's own name fits. */
function matching(section: SettingsSection, text: string, changed: boolean): string[] {
  const wanted = text.trim().toLowerCase();
  const whole = `${section.name} ${section.title} ${section.titleRu}`.toLowerCase().includes(wanted);
  const fits = (option: SettingOption) =>
    whole ||
    [section.name, option.key, option.title, option.titleRu, option.description, option.descriptionRu]
      .join(" ")
      .toLowerCase()
      .includes(wanted);
  const differs = (option: SettingOption) =>
    !changed || JSON.stringify(section.values[option.key]) !== JSON.stringify(option.default ?? null);
  return section.options.filter((option) => fits(option) && differs(option)).map((option) => option.key);
}

async function save(): Promise<void> {
  try {
    const made = await call("GET /settings-export");
    const day = new Date(made.made * 1000).toISOString().slice(0, 10);
    saveAs(`${JSON.stringify(made, null, 2)}\n`, `roschat-settings-${day}.json`, "application/json");
    tell(words.say(made.secrets.length > 0 ? "export.secrets" : "export.done", { what: made.secrets.join(", ") }));
  } catch (error) {
    complain(error);
  }
}
