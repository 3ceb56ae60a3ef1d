/** What was tried and what came of it, line by line. */
import type { Reply } from "@console/api/index.ts";
import { StatusDot } from "@console/kit/StatusDot.tsx";
import { Table, Text } from "@mantine/core";
import { words } from "./words.ts";

type Probe = Reply<"POST /connection/check">["probes"][number];
type Name = "dns" | "http" | "https" | "certificate" | "websocket";

export function Probes({ probes }: { probes: readonly Probe[] }) {
  const say = words.use();
  return (
    <Table verticalSpacing={4} withRowBorders={false}>
      <Table.Tbody>
        {probes.map((probe) => (
          <Table.Tr key={probe.name}>
            <Table.Td w={1} style={{ whiteSpace: "nowrap", verticalAlign: "top" }}>
              <StatusDot state={stateOf(probe)} label={say(`probe.${probe.name as Name}`)} />
            </Table.Td>
            <Table.Td>
              <Text size="sm">{probe.target}</Text>
              {probe.text && (
                <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
                  {probe.text}
                </Text>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** A certificate that is not trusted keeps nobody from connecting who knows it; it is told as a warning. */
function stateOf(probe: Probe) {
  if (probe.good) return "ok";
  return probe.name === "certificate" ? "degraded" : "failed";
}
