/** What was there before a change and what is there now, field by field; of a change only the fields that differ. */
import { Table, Text } from "@mantine/core";
import { words } from "./words.ts";

type Fields = Record<string, unknown>;

export interface Line {
  field: string;
  before: string;
  after: string;
}

export function Difference({ before, after }: { before: unknown; after: unknown }) {
  const say = words.use();
  const lines = differences(before, after);
  if (lines.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {say("nothing")}
      </Text>
    );
  return (
    <Table fz="sm" withRowBorders verticalSpacing={4} layout="fixed" style={{ overflowWrap: "anywhere" }}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w="30%">{say("field")}</Table.Th>
          <Table.Th>{say("before")}</Table.Th>
          <Table.Th>{say("after")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {lines.map((line) => (
          <Table.Tr key={line.field}>
            <Table.Td>{line.field || "—"}</Table.Td>
            <Table.Td>{line.before && <del>{line.before}</del>}</Table.Td>
            <Table.Td>
              {line.after && <ins style={{ textDecoration: "none", fontWeight: 600 }}>{line.after}</ins>}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** The fields of both, in their order; what is no object counts as one field without a name. */
export function differences(before: unknown, after: unknown): Line[] {
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  const both = before !== null && before !== undefined && after !== null && after !== undefined;
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .map((field) => ({ field, before: shown(old[field]), after: shown(now[field]) }))
    .filter((line) => (both ? line.before !== line.after : line.before || line.after));
}

function fieldsOf(value: unknown): Fields {
  if (value === null || value === undefined) return {};
  return typeof value === "object" && !Array.isArray(value) ? (value as Fields) : { "": value };
}

function shown(value: unknown): string {
  if (value === null || value === undefined || value === "") return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
