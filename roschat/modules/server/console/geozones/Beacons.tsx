/** The beacons of one geozone. */
import { call, invalidate } from "@console/api/index.ts";
import { confirm } from "@console/kit/Confirm.tsx";
import { DataTable } from "@console/kit/DataTable.tsx";
import { Empty } from "@console/kit/Empty.tsx";
import type { Field } from "@console/kit/Field.tsx";
import { FormDialog } from "@console/kit/FormDialog.tsx";
import { Section } from "@console/kit/Page.tsx";
import { ActionIcon, Button, Text, Tooltip } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { words } from "./words.ts";
import type { Zone } from "./ZoneMap.tsx";

type Beacon = NonNullable<Zone["beacons"]>[number];

interface Typed {
  uuid: string;
  minor: string;
  major: string;
}

export function Beacons({ zone }: { zone: Zone }) {
  const say = words.use();
  const [adding, setAdding] = useState(false);
  const fields: Field<Typed>[] = [
    { name: "uuid", label: say("uuid"), required: true, placeholder: "f7826da6-4fa2-4e98-8024-bc5b71e0893e" },
    { name: "minor", label: say("minor"), required: true },
    { name: "major", label: say("major"), required: true },
  ];
  const remove = async (beacon: Beacon) => {
    if (!(await confirm({ text: say("removeBeacon", { uuid: beacon.uuid }), ok: say("remove"), danger: true }))) return;
    await call("DELETE /geozones/{zone}/beacons/{id}", { zone: zone.id, id: beacon.id });
    await invalidate(["GET /geozones"]);
  };
  return (
    <Section
      title={`Beacons · ${zone.name}`}
      actions={
        <Button
          variant="light"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => setAdding(true)}
        >
          {say("add")}
        </Button>
      }
    >
      <DataTable
        label={say("beacons")}
        rows={zone.beacons ?? []}
        rowKey={(beacon) => beacon.id}
        plain
        columns={[
          { key: "uuid", title: say("uuid"), render: (beacon) => <Text ff="monospace">{beacon.uuid}</Text> },
          { key: "minor", title: say("minor"), align: "right" },
          { key: "major", title: say("major"), align: "right" },
        ]}
        actions={(beacon) => (
          <Tooltip label={say("remove")}>
            <ActionIcon
              variant="subtle"
              color="red"
              aria-label={`${say("remove")} ${beacon.uuid}`}
              onClick={() => void remove(beacon)}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )}
        empty={<Empty title={say("noBeacons")} icon="antenna" />}
      />
      {adding && (
        <FormDialog
          title={say("addingBeacon")}
          close={say("cancel")}
          fields={fields}
          initial={{ uuid: "", minor: "", major: "" }}
          onClose={() => setAdding(false)}
          onSave={async (typed) => {
            await call("POST /geozones/{zone}/beacons", { zone: zone.id, ...typed });
            await invalidate(["GET /geozones"]);
          }}
        />
      )}
    </Section>
  );
}
