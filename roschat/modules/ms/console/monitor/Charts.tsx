/** Figures over time: one request for all charts, each with a table for those who do not see it. */
import { type Series, useApi } from "@console/api/index.ts";
import { Asked, Empty } from "@console/kit/Empty.tsx";
import { useFormats } from "@console/kit/formats.ts";
import { Section } from "@console/kit/Page.tsx";
import { SegmentedControl, SimpleGrid } from "@mantine/core";
import { useState } from "react";
import { Chart, type ChartLine } from "./Chart.tsx";
import { type Word, words } from "./words.ts";

const SPANS = ["hour", "day", "week", "month", "year"] as const;
type Span = (typeof SPANS)[number];

interface Wanted {
  title: Word;
  /** Names of figures, with the word of each. */
  lines: readonly [string, Word][];
  as: "number" | "percent" | "bytes" | "milliseconds";
}

const CHARTS: readonly Wanted[] = [
  { title: "people", lines: [["people", "people"]], as: "number" },
  { title: "messages", lines: [["messages", "messages"]], as: "number" },
  { title: "calls", lines: [["calls", "calls"]], as: "number" },
  {
    title: "cpu",
    lines: [
      ["cpu", "cpu_all"],
      ["process_cpu", "process_cpu"],
    ],
    as: "percent",
  },
  {
    title: "memory",
    lines: [
      ["memory_used", "cpu_all"],
      ["process_memory", "process_memory"],
    ],
    as: "bytes",
  },
  { title: "database", lines: [["database_size", "database"]], as: "bytes" },
  { title: "disk", lines: [["disk_used", "disk"]], as: "bytes" },
  {
    title: "queues",
    lines: [
      ["queue_messages", "queue_messages"],
      ["queue_index", "queue_index"],
      ["outbox", "outbox"],
    ],
    as: "number",
  },
  { title: "delay", lines: [["loop_delay", "delay"]], as: "milliseconds" },
];
const NAMES = CHARTS.flatMap((chart) => chart.lines.map(([name]) => name));

export function Charts() {
  const say = words.use();
  const [span, setSpan] = useState<Span>("hour");
  const series = useApi("GET /monitor/series", { span, names: NAMES }, { every: span === "hour" ? 10_000 : 60_000 });
  return (
    <Section
      title={say("charts")}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={say("span")}
          value={span}
          onChange={(value) => setSpan(value as Span)}
          data={SPANS.map((one) => ({ value: one, label: say(`span.${one}`) }))}
        />
      }
    >
      <Asked of={series}>{(found) => <Drawn series={found} />}</Asked>
    </Section>
  );
}

function Drawn({ series }: { series: Series }) {
  const say = words.use();
  const formats = useFormats();
  const shown = {
    number: formats.number,
    percent: (value: number) => formats.percent(value / 100),
    bytes: formats.bytes,
    milliseconds: (value: number) => `${formats.number(Math.round(value * 1000))} ms`,
  };
  const charts = CHARTS.map((chart) => ({
    ...chart,
    lines: chart.lines.flatMap(([name, word]): ChartLine[] => {
      const line = series.lines.find((one) => one.name === name);
      return line ? [{ title: say(word), values: line.values }] : [];
    }),
  })).filter((chart) => chart.lines.length > 0);
  if (charts.length === 0) return <Empty title={say("noData")} icon="chart" />;
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      {charts.map((chart) => (
        <Chart
          key={chart.title}
          title={say(chart.title)}
          times={series.times}
          step={series.step}
          lines={chart.lines}
          format={shown[chart.as]}
        />
      ))}
    </SimpleGrid>
  );
}
