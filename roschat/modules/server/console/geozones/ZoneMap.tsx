/**
 * The map: circles of the geozones over the coastlines and borders of the world, drawn from data that come with the
 * program. Nothing is fetched from elsewhere, so it works without internet.
 */
import type { Reply } from "@console/api/index.ts";
import type { FeatureCollection } from "geojson";
import L from "leaflet";
import "leaflet/dist/leaflet.css";
import { useEffect, useRef } from "react";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import classes from "./map.module.css";
import { words } from "./words.ts";

export type Zone = Reply<"GET /geozones">[number];
export type Circle = Pick<Zone, "latitude" | "longitude" | "radius">;

interface Props {
  zones: readonly Zone[];
  /** A circle that is being edited, drawn in another colour. */
  draft?: Circle | undefined;
  /** Called with the coordinates of a click. */
  onPick?: (latitude: number, longitude: number) => void;
  height?: number;
}

const CLOSEST = 16;
/** A circle of fewer pixels cannot be seen; a dot of this radius marks it. */
const DOT = 5;
const BLUE = "#2f6fed";
const ORANGE = "#e8590c";
/** With more places than this their names would hide each other; they are shown under the pointer then. */
const NAMED = 30;

export function ZoneMap({ zones, draft, onPick, height = 360 }: Props) {
  const say = words.use();
  const box = useRef<HTMLElement>(null);
  const map = useRef<L.Map>(null);
  const circles = useRef<L.LayerGroup>(null);
  const pick = useRef(onPick);
  pick.current = onPick;

  useEffect(() => {
    if (!box.current) return;
    const still = globalThis.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const made = L.map(box.current, {
      attributionControl: false,
      zoomControl: false,
      minZoom: 1,
      maxZoom: CLOSEST + 2,
      zoomAnimation: !still,
      fadeAnimation: !still,
    });
    made.setView([55.75, 37.62], 3);
    L.control.scale({ imperial: false }).addTo(made);
    made.on("click", ({ latlng }) => pick.current?.(latlng.lat, latlng.wrap().lng));
    circles.current = L.layerGroup().addTo(made);
    map.current = made;
    let gone = false;
    void lands().then((shapes) => {
      if (!gone)
        L.geoJSON(shapes, { interactive: false, style: { className: "zone-land" } })
          .addTo(made)
          .bringToBack();
    });
    return () => {
      gone = true;
      made.remove();
      map.current = null;
    };
  }, []);

  useEffect(() => {
    const control = L.control.zoom({ zoomInTitle: say("zoomIn"), zoomOutTitle: say("zoomOut") });
    if (map.current) control.addTo(map.current);
    return () => void control.remove();
  }, [say]);

  useEffect(() => {
    const group = circles.current;
    if (!group) return;
    group.clearLayers();
    for (const zone of zones) draw(group, zone, BLUE, zone.name, zones.length <= NAMED);
    if (draft) draw(group, draft, ORANGE);
  }, [zones, draft]);

  // Look at everything when places come or go, at the draft when it is another place; not while it is being typed.
  const seen = draft ? `${draft.latitude} ${draft.longitude}` : zones.map((zone) => zone.id).join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: `seen` says when
  useEffect(() => {
    const bounds = (draft ? [draft] : zones).map(around);
    const [first, ...rest] = bounds;
    if (!first) return;
    const whole = rest.reduce((sum, one) => sum.extend(one), first);
    map.current?.fitBounds(whole, { maxZoom: CLOSEST, animate: false, padding: [40, 40] });
  }, [seen]);

  return <section ref={box} aria-label={say("map")} className={classes.map} style={{ height }} />;
}

function draw(group: L.LayerGroup, zone: Circle, color: string, name = "", always = false): void {
  const at: L.LatLngTuple = [zone.latitude, zone.longitude];
  L.circle(at, { radius: zone.radius, color, weight: 2, fillOpacity: 0.2 }).addTo(group);
  const dot = L.circleMarker(at, { radius: DOT, color, weight: 2, fillOpacity: 0.9 }).addTo(group);
  if (name) dot.bindTooltip(name, { permanent: always, direction: "top", offset: [0, -DOT] });
}

function around({ latitude, longitude, radius }: Circle): L.LatLngBounds {
  return L.latLng(latitude, longitude).toBounds(Math.max(radius, 150) * 4);
}

let loaded: Promise<FeatureCollection> | undefined;

/** Countries of Natural Earth at 1:50 million (public domain), loaded once. */
function lands(): Promise<FeatureCollection> {
  loaded ??= import("world-atlas/countries-50m.json").then((module) => {
    const topology = module.default as unknown as Topology<{ countries: GeometryCollection }>;
    return feature(topology, topology.objects.countries);
  });
  return loaded;
}
