/** The figures of now as tiles. */
import type { Now } from "@console/api/index.ts";
import { useFormats } from "@console/kit/formats.ts";
import { Section } from "@console/kit/Page.tsx";
import { Box, Progress, SimpleGrid, Text } from "@mantine/core";
import { words } from "./words.ts";

const KINDS = ["clients_web", "clients_mobile", "clients_computer"] as const;
const QUEUES = ["queue_messages", "queue_index", "outbox"] as const;

interface Tile {
  title: string;
  value: string;
  more: string;
  share?: number;
}

export function Figures({ now }: { now: Now }) {
  const say = words.use();
  const tiles = useTiles(now.figures);
  return (
    <Section title={say("now")}>
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="md">
        {tiles.map((tile) => (
          <Box key={tile.title} data-figure={tile.title} miw={0}>
            <Text size="xs" c="dimmed">
              {tile.title}
            </Text>
            <Text fz={22} fw={650} lh={1.3}>
              {tile.value}
            </Text>
            {tile.share !== undefined && (
              <Progress
                value={tile.share * 100}
                size={5}
                my={4}
                color={tile.share > 0.9 ? "red" : tile.share > 0.75 ? "orange" : "teal"}
                aria-label={`${tile.title}: ${tile.value}`}
              />
            )}
            <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
              {tile.more}
            </Text>
          </Box>
        ))}
      </SimpleGrid>
    </Section>
  );
}

function useTiles(figures: Readonly<Record<string, number>>): Tile[] {
  const say = words.use();
  const formats = useFormats();
  const part = (name: string, total: string) => {
    const all = figures[total] ?? 0;
    return all ? (figures[name] ?? 0) / all : 0;
  };
  const filled = (name: "memory" | "disk"): Tile => ({
    title: say(name),
    value: formats.percent(part(`${name}_used`, `${name}_total`)),
    share: part(`${name}_used`, `${name}_total`),
    more: say("of", {
      used: formats.bytes(figures[`${name}_used`] ?? 0),
      total: formats.bytes(figures[`${name}_total`] ?? 0),
    }),
  });
  const known = (names: readonly ((typeof KINDS)[number] | (typeof QUEUES)[number])[]) =>
    names
      .filter((name) => figures[name] !== undefined)
      .map((name) => `${say(name)}: ${formats.number(figures[name] ?? 0)}`)
      .join(", ");
  const waiting = QUEUES.reduce((sum, name) => sum + (figures[name] ?? 0), 0);
  const tiles: (Tile | false)[] = [
    figures.people !== undefined && {
      title: say("people"),
      value: formats.number(figures.people),
      more: known(KINDS),
    },
    figures.messages !== undefined && { title: say("messages"), value: formats.number(figures.messages), more: "" },
    figures.calls !== undefined && { title: say("calls"), value: formats.number(figures.calls), more: "" },
    figures.cpu !== undefined && {
      title: say("cpu"),
      value: formats.percent(figures.cpu / 100),
      share: figures.cpu / 100,
      more: `${say("process_cpu")}: ${formats.percent((figures.process_cpu ?? 0) / 100)}`,
    },
    filled("memory"),
    filled("disk"),
    figures.database_size !== undefined && {
      title: say("database"),
      value: formats.bytes(figures.database_size),
      more: say("connections", { count: figures.database_connections ?? 0 }),
    },
    { title: say("queues"), value: formats.number(waiting), more: known(QUEUES) },
    {
      title: say("delay"),
      value: `${formats.number(Math.round((figures.loop_delay ?? 0) * 1000))} ms`,
      more: "",
    },
  ];
  return tiles.filter((tile): tile is Tile => tile !== false);
}
