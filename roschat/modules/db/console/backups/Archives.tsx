/** The list of archives with what can be done with each. */
import { addressOfStream, type BackupsView, type BackupView } from "@console/api/index.ts";
import { DataTable } from "@console/kit/DataTable.tsx";
import { Empty } from "@console/kit/Empty.tsx";
import { useFormats } from "@console/kit/formats.ts";
import { Section } from "@console/kit/Page.tsx";
import { StatusDot } from "@console/kit/StatusDot.tsx";
import { ActionIcon, Badge, Group, Text, Tooltip } from "@mantine/core";
import { IconArrowBackUp, IconDownload, IconShieldCheck, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { words } from "./words.ts";

interface ArchivesProps {
  view: BackupsView;
  onProve: (of: BackupView) => void;
  onRestore: (of: BackupView) => void;
  onRemove: (of: BackupView) => void;
}

export function Archives({ view, onProve, onRestore, onRemove }: ArchivesProps) {
  const say = words.use();
  const formats = useFormats();
  return (
    <Section title={say("list")} text={`${view.folder} · ${say("free", { size: formats.bytes(view.free) })}`} flush>
      <DataTable
        label={say("list")}
        rows={view.backups}
        rowKey={(backup) => backup.name}
        plain
        empty={<Empty icon="archive" title={say("none")} text={say("noneText")} />}
        columns={[
          {
            key: "name",
            title: say("name"),
            sort: (backup) => backup.name,
            render: (backup) => (
              <Group gap={6}>
                <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                  {backup.name}
                </Text>
                {backup.sealed && (
                  <Badge variant="light" tt="none">
                    {say("sealed")}
                  </Badge>
                )}
              </Group>
            ),
          },
          {
            key: "made",
            title: say("made"),
            sort: (backup) => backup.made,
            render: (backup) => (
              <Tooltip label={formats.dateTime(backup.made)}>
                <span>{formats.ago(backup.made)}</span>
              </Tooltip>
            ),
          },
          {
            key: "size",
            title: say("size"),
            align: "right",
            sort: (backup) => backup.size,
            render: (backup) => formats.bytes(backup.size),
          },
          {
            key: "content",
            title: say("content"),
            render: (backup) => (backup.tables ? say("contentShown", { rows: backup.rows, files: backup.files }) : "—"),
          },
          { key: "origin", title: say("origin"), render: (backup) => say(`origin.${backup.origin}` as "origin.hand") },
          { key: "proof", title: say("proven"), render: (backup) => <Proof of={backup} /> },
        ]}
        actions={(backup) => (
          <Group gap={2} wrap="nowrap" justify="flex-end">
            <Act label={`${say("prove")} ${backup.name}`} title={say("prove")} onClick={() => onProve(backup)}>
              <IconShieldCheck size={16} aria-hidden />
            </Act>
            <Act label={`${say("restore")} ${backup.name}`} title={say("restore")} onClick={() => onRestore(backup)}>
              <IconArrowBackUp size={16} aria-hidden />
            </Act>
            <Tooltip label={say("download")}>
              <ActionIcon
                component="a"
                variant="subtle"
                href={addressOfStream("GET /backups/{name}/archive", { name: backup.name })}
                download={backup.name}
                aria-label={`${say("download")} ${backup.name}`}
              >
                <IconDownload size={16} aria-hidden />
              </ActionIcon>
            </Tooltip>
            <Act label={`${say("remove")} ${backup.name}`} title={say("remove")} onClick={() => onRemove(backup)}>
              <IconTrash size={16} aria-hidden />
            </Act>
          </Group>
        )}
      />
    </Section>
  );
}

function Proof({ of: { proof } }: { of: BackupView }) {
  const say = words.use();
  const formats = useFormats();
  if (!proof) return <StatusDot state="unknown" label={say("proven.no")} />;
  const time = formats.date(proof.time);
  if (proof.ok) return <StatusDot state="ok" label={say("proven.ok", { time })} />;
  return (
    <Tooltip label={proof.text} multiline maw={420}>
      <span>
        <StatusDot state="failed" label={say("proven.bad", { time })} />
      </span>
    </Tooltip>
  );
}

function Act(props: { label: string; title: string; onClick: () => void; children: ReactNode }) {
  return (
    <Tooltip label={props.title}>
      <ActionIcon variant="subtle" aria-label={props.label} onClick={props.onClick}>
        {props.children}
      </ActionIcon>
    </Tooltip>
  );
}
