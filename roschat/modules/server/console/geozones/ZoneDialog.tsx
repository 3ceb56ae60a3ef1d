/** «Добавление геозоны» and «Редактирование геозоны»: four fields, and a map that takes coordinates by a click. */
import { call, invalidate } from "@console/api/index.ts";
import type { Field } from "@console/kit/Field.tsx";
import { FormDialog } from "@console/kit/FormDialog.tsx";
import { Text } from "@mantine/core";
import { words } from "./words.ts";
import { type Circle, type Zone, ZoneMap } from "./ZoneMap.tsx";

interface Typed {
  name: string;
  latitude: string;
  longitude: string;
  radius: string;
}

interface Props {
  /** Absent: a new one. */
  zone?: Zone | undefined;
  zones: readonly Zone[];
  onClose: () => void;
}

export function ZoneDialog({ zone, zones, onClose }: Props) {
  const say = words.use();
  const fields: Field<Typed>[] = [
    { name: "name", label: say("name"), required: true, maxLength: 100 },
    { name: "latitude", label: say("latitude"), required: true },
    { name: "longitude", label: say("longitude"), required: true },
    { name: "radius", label: say("radius"), required: true },
  ];
  const initial: Typed = {
    name: zone?.name ?? "",
    latitude: zone ? String(zone.latitude) : "",
    longitude: zone ? String(zone.longitude) : "",
    radius: zone ? String(zone.radius) : "100",
  };
  const save = async (typed: Typed) => {
    if (zone) await call("PUT /geozones/{id}", { id: zone.id, ...typed });
    else await call("POST /geozones", typed);
    await invalidate(["GET /geozones"]);
  };
  return (
    <FormDialog
      title={say(zone ? "editing" : "adding")}
      close={say("cancel")}
      fields={fields}
      initial={initial}
      onSave={save}
      onClose={onClose}
      columns={2}
      size="lg"
    >
      {(form) => (
        <>
          <Text size="xs" c="dimmed">
            {say("mapHint")}
          </Text>
          <ZoneMap
            zones={zones.filter((other) => other.id !== zone?.id)}
            draft={circle(form.values)}
            height={260}
            onPick={(latitude, longitude) => {
              form.set("latitude", latitude.toFixed(6));
              form.set("longitude", longitude.toFixed(6));
            }}
          />
        </>
      )}
    </FormDialog>
  );
}

/** What is typed as a circle, when it is one. */
function circle({ latitude, longitude, radius }: Typed): Circle | undefined {
  const typed = [latitude, longitude, radius];
  const [lat = Number.NaN, lon = Number.NaN, metres = Number.NaN] = typed.map((text) =>
    text.trim() ? Number(text.replace(",", ".")) : Number.NaN,
  );
  if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180)) return undefined;
  return { latitude: lat, longitude: lon, radius: metres >= 0 && metres <= 1000 ? metres : 0 };
}
