/** One chart. The picture is for the eye; its sentence and its table say the same to everybody. */
import { useFormats } from "@console/kit/formats.ts";
import { ActionIcon, Box, Group, ScrollArea, Table, Text, useComputedColorScheme } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { IconChartLine, IconTable } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { words } from "./words.ts";

export interface ChartLine {
  title: string;
  values: readonly (number | null)[];
}

interface ChartProps {
  title: string;
  /** Unix seconds. */
  times: readonly number[];
  step: number;
  lines: readonly ChartLine[];
  format: (value: number) => string;
}

const HEIGHT = 170;
const COLORS = {
  light: ["#1268b3", "#b35a00", "#5f3dc4"],
  dark: ["#6db3f2", "#ffb066", "#b197fc"],
} as const;
const INK = { light: { text: "#495057", grid: "#e9ecef" }, dark: { text: "#c1c2c5", grid: "#3b3d42" } } as const;

export function Chart(props: ChartProps) {
  const say = words.use();
  const [asTable, setAsTable] = useState(false);
  const toggle = say(asTable ? "showChart" : "showTable");
  const Icon = asTable ? IconChartLine : IconTable;
  return (
    <Box component="figure" m={0} miw={0} data-chart={props.title}>
      <Group justify="space-between" wrap="nowrap" mb={4}>
        <Text component="figcaption" size="sm" fw={600}>
          {props.title}
        </Text>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`${toggle}: ${props.title}`}
          title={toggle}
          aria-pressed={asTable}
          onClick={() => setAsTable(!asTable)}
        >
          <Icon size={16} aria-hidden />
        </ActionIcon>
      </Group>
      {asTable ? <Numbers {...props} /> : <Picture {...props} />}
    </Box>
  );
}

function Picture({ title, times, lines, format }: ChartProps) {
  const say = words.use();
  const formats = useFormats();
  const scheme = useComputedColorScheme("light");
  const place = useRef<HTMLDivElement>(null);
  const { ref, width } = useElementSize();
  const summary = lines.map((line) => say("summary", { ...ends(line, format), title: line.title })).join(". ");
  useEffect(() => {
    const into = place.current;
    if (!into || width < 50) return;
    const ink = INK[scheme];
    const axis = { stroke: ink.text, grid: { stroke: ink.grid, width: 1 }, ticks: { stroke: ink.grid, width: 1 } };
    const short = (seconds: number, range: number) =>
      range > 2 * 86_400 ? formats.date(seconds) : formats.time(seconds).slice(0, 5);
    const plot = new uPlot(
      {
        width,
        height: HEIGHT,
        legend: { show: false },
        cursor: { drag: { x: false, y: false } },
        scales: { y: { range: (_, low, high) => [Math.min(0, low ?? 0), high ? high * 1.1 : 1] } },
        axes: [
          {
            ...axis,
            space: 70,
            values: (_, splits) => splits.map((at) => short(at, (times.at(-1) ?? 0) - (times[0] ?? 0))),
          },
          { ...axis, size: 72, values: (_, splits) => splits.map((value) => format(value)) },
        ],
        series: [
          {},
          ...lines.map((line, at) => ({
            label: line.title,
            stroke: COLORS[scheme][at % COLORS.light.length] ?? "gray",
            width: 2,
            spanGaps: false,
            points: { show: line.values.filter((value) => value !== null).length < 3 },
          })),
        ],
      },
      [[...times], ...lines.map((line) => [...line.values])],
      into,
    );
    return () => plot.destroy();
  }, [times, lines, format, formats, scheme, width]);
  return (
    <Box ref={ref}>
      <div ref={place} role="img" aria-label={`${title}. ${summary}`} style={{ height: HEIGHT }} />
      <Group gap="xs 16px" mt={4}>
        {lines.map((line, at) => (
          <Group key={line.title} gap={6} wrap="nowrap">
            <Box w={12} h={3} bg={COLORS[scheme][at % COLORS.light.length] ?? "gray"} aria-hidden />
            <Text size="xs" c="dimmed">
              {line.title}: {ends(line, format).last}
            </Text>
          </Group>
        ))}
      </Group>
    </Box>
  );
}

/** The same as rows: those with a value, the newest first. */
function Numbers({ title, times, lines, format }: ChartProps) {
  const say = words.use();
  const formats = useFormats();
  const rows = times
    .map((time, at) => ({ time, at }))
    .filter(({ at }) => lines.some((line) => line.values[at] !== null))
    .reverse();
  return (
    <ScrollArea h={HEIGHT + 24} viewportProps={{ tabIndex: 0, role: "region", "aria-label": title }}>
      <Table stickyHeader verticalSpacing={2}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{say("time")}</Table.Th>
            {lines.map((line) => (
              <Table.Th key={line.title}>{line.title}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ time, at }) => (
            <Table.Tr key={time}>
              <Table.Td>{formats.dateTime(time)}</Table.Td>
              {lines.map((line) => (
                <Table.Td key={line.title}>{shown(line.values[at], format)}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}

const shown = (value: number | null | undefined, format: (value: number) => string) =>
  value === null || value === undefined ? "—" : format(value);

function ends(line: ChartLine, format: (value: number) => string) {
  const known = line.values.filter((value): value is number => value !== null);
  return {
    last: shown(known.at(-1), format),
    min: shown(known.length ? Math.min(...known) : null, format),
    max: shown(known.length ? Math.max(...known) : null, format),
  };
}
