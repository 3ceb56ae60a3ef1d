/** «Геозоны»: the places on a map and in a table, with their beacons. */
import { call, invalidate, useApi } from "@console/api/index.ts";
import { confirm } from "@console/kit/Confirm.tsx";
import { DataTable } from "@console/kit/DataTable.tsx";
import { Asked, Empty } from "@console/kit/Empty.tsx";
import { Page, Section } from "@console/kit/Page.tsx";
import { ActionIcon, Button, Group, Tooltip } from "@mantine/core";
import { IconAntennaBars5, IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { Beacons } from "./Beacons.tsx";
import { words } from "./words.ts";
import { ZoneDialog } from "./ZoneDialog.tsx";
import { type Zone, ZoneMap } from "./ZoneMap.tsx";

export default function GeozonesPage() {
  const say = words.use();
  const zones = useApi("GET /geozones");
  const [edited, setEdited] = useState<Zone | "new">();
  const [opened, setOpened] = useState<number>();
  const add = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEdited("new")}>
      {say("add")}
    </Button>
  );
  const remove = async (zone: Zone) => {
    if (!(await confirm({ text: say("removeZone", { name: zone.name }), ok: say("remove"), danger: true }))) return;
    await call("DELETE /geozones/{id}", { id: zone.id });
    await invalidate(["GET /geozones"]);
  };
  const shown = zones.data?.find((zone) => zone.id === opened);
  return (
    <Page title={say("title")} text={say("about")} actions={zones.data?.length ? add : undefined}>
      <Asked of={zones}>
        {(all) =>
          all.length === 0 ? (
            <Section>
              <Empty title={say("none")} text={say("noneText")} icon="pin" action={add} />
            </Section>
          ) : (
            <>
              <ZoneMap zones={all} />
              <DataTable
                label={say("title")}
                rows={all}
                rowKey={(zone) => zone.id}
                onOpen={(zone) => setOpened(zone.id === opened ? undefined : zone.id)}
                columns={[
                  { key: "name", title: say("name"), sort: (zone) => zone.name, fixed: true },
                  { key: "latitude", title: say("latitude"), align: "right" },
                  { key: "longitude", title: say("longitude"), align: "right" },
                  { key: "radius", title: say("radius"), align: "right", sort: (zone) => zone.radius },
                  {
                    key: "beacons",
                    title: say("beacons"),
                    render: (zone) => say("beaconCount", { count: zone.beacons?.length ?? 0 }),
                  },
                ]}
                actions={(zone) => (
                  <Group gap={2} wrap="nowrap" justify="flex-end">
                    <Action
                      label={`${say("open")} ${zone.name}`}
                      title={say("open")}
                      onClick={() => setOpened(zone.id)}
                    >
                      <IconAntennaBars5 size={16} aria-hidden />
                    </Action>
                    <Action label={`${say("edit")} ${zone.name}`} title={say("edit")} onClick={() => setEdited(zone)}>
                      <IconPencil size={16} aria-hidden />
                    </Action>
                    <Action
                      label={`${say("remove")} ${zone.name}`}
                      title={say("remove")}
                      color="red"
                      onClick={() => void remove(zone)}
                    >
                      <IconTrash size={16} aria-hidden />
                    </Action>
                  </Group>
                )}
              />
              {shown && <Beacons zone={shown} />}
            </>
          )
        }
      </Asked>
      {edited && (
        <ZoneDialog
          zone={edited === "new" ? undefined : edited}
          zones={zones.data ?? []}
          onClose={() => setEdited(undefined)}
        />
      )}
    </Page>
  );
}

interface ActionProps {
  label: string;
  title: string;
  color?: string;
  onClick: () => void;
  children: ReactNode;
}

function Action({ label, title, color = "gray", onClick, children }: ActionProps) {
  return (
    <Tooltip label={title}>
      <ActionIcon variant="subtle" color={color} aria-label={label} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
