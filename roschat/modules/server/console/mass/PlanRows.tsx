/** The rows of a plan: who, what changes from what to what, what is wrong, how it ended. */
import { type MassDifference, type MassFault, type MassPlanView, type MassRow, useApi } from "@console/api/index.ts";
import { DataTable } from "@console/kit/DataTable.tsx";
import { Empty } from "@console/kit/Empty.tsx";
import { SearchBox } from "@console/kit/SearchBox.tsx";
import { useTable } from "@console/kit/table.ts";
import { Badge, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";
import { wordOf, words } from "./words.ts";

type Only = "" | "changes" | "errors" | "warnings" | "done" | "skipped" | "kept";

/** Darker than Mantine's own texts of these colours, which are too pale on white. */
const ERROR = "light-dark(var(--mantine-color-red-9), var(--mantine-color-red-4))";
const WARNING = "light-dark(#9c3a06, var(--mantine-color-orange-4))";

const FILTERS: Record<string, readonly Only[]> = {
  ready: ["", "changes", "errors", "warnings"],
  applied: ["", "done", "skipped", "errors"],
  undone: ["", "done", "kept"],
};

export function PlanRows({ plan, only: first = "" }: { plan: MassPlanView; only?: Only }) {
  const say = words.use();
  const table = useTable("mass-rows", { size: 25 });
  const [only, setOnly] = useState<Only>(first);
  const [text, setText] = useState("");
  const { page, size } = table.query;
  const rows = useApi("GET /directory/mass/{plan}/rows", { plan: plan.id, only, text, page, size: size || 1000 });
  const later = plan.state !== "ready";
  return (
    <DataTable
      label={say("rows")}
      table={table}
      plain
      sizes={[25, 100, 500]}
      rows={rows.data?.rows}
      total={rows.data?.total ?? 0}
      error={rows.error}
      onRetry={() => void rows.refetch()}
      busy={rows.isPlaceholderData}
      rowKey={(row) => row.position}
      empty={<Empty title={say("noRows")} />}
      tools={
        <>
          <SegmentedControl
            size="xs"
            aria-label={say("changes")}
            value={only || "all"}
            data={(FILTERS[plan.state] ?? FILTERS.ready ?? []).map((value) => ({
              value: value || "all",
              label: say(`only.${value || "all"}`),
            }))}
            onChange={(value) => {
              setOnly((value === "all" ? "" : value) as Only);
              table.change({ page: 1 });
            }}
          />
          <SearchBox
            value={text}
            onSearch={(value) => {
              setText(value);
              table.change({ page: 1 });
            }}
          />
        </>
      }
      columns={[
        { key: "position", title: say("position"), narrow: true, fixed: true },
        { key: "name", title: say("contact"), fixed: true, render: (row) => <Who row={row} later={later} /> },
        { key: "differences", title: say("changes"), fixed: true, render: (row) => <Differences row={row} /> },
        { key: "faults", title: say("faults"), fixed: true, render: (row) => <Faults faults={row.faults ?? []} /> },
        ...(later
          ? [{ key: "state", title: say("result"), fixed: true, render: (row: MassRow) => <Result row={row} /> }]
          : []),
      ]}
    />
  );
}

function Who({ row, later }: { row: MassRow; later: boolean }) {
  const say = words.use();
  const there = row.action !== "add" || (later && row.state === "done");
  return (
    <>
      {there && row.cid ? <Link href={`/directory/${row.cid}`}>{row.name || row.cid}</Link> : row.name || "—"}
      {row.action === "add" && (
        <Badge size="xs" variant="light" ml={6}>
          {say("new")}
        </Badge>
      )}
    </>
  );
}

function Differences({ row }: { row: MassRow }) {
  const say = words.use();
  const differences = row.differences ?? [];
  if (differences.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {wordOf(say, `fault.${row.outcome}`, say("unchanged"))}
      </Text>
    );
  return (
    <Group gap="2px 14px">
      {differences.map((one) => (
        <Difference key={`${one.what} ${one.name ?? ""}`} one={one} fresh={row.action === "add"} />
      ))}
    </Group>
  );
}

function Difference({ one, fresh }: { one: MassDifference; fresh: boolean }) {
  const say = words.use();
  const shown = (value: string) => {
    if (one.what === "active") return say(value === "yes" ? "yes" : "no");
    if (one.what === "password") return wordOf(say, `password.${value}`, value);
    return value === "+" ? say("granted") : value;
  };
  return (
    <Text size="sm" style={{ overflowWrap: "anywhere" }}>
      <Text span c="dimmed" size="sm">
        {labelOf(say, one.what, one.name)}:{" "}
      </Text>
      {one.before && (
        <>
          <Text span size="sm" td="line-through" c="dimmed">
            {shown(one.before)}
          </Text>{" "}
          →{" "}
        </>
      )}
      {one.after ? <b>{shown(one.after)}</b> : !fresh && <i>{say("empty")}</i>}
    </Text>
  );
}

function Faults({ faults }: { faults: readonly MassFault[] }) {
  const say = words.use();
  return (
    <Stack gap={2}>
      {faults.map((one) => (
        <Text
          key={`${one.what} ${one.name ?? ""} ${one.reason} ${one.value ?? ""}`}
          size="sm"
          c={one.warning ? WARNING : ERROR}
          title={one.text}
        >
          {labelOf(say, one.what, one.name)}:{" "}
          {wordOf(say, `fault.${one.reason}`, one.text || one.reason, { value: one.value ?? "" })}
        </Text>
      ))}
    </Stack>
  );
}

function Result({ row }: { row: MassRow }) {
  const say = words.use();
  const told = wordOf(say, `row.${row.state}`, row.state);
  const why = row.outcome ? wordOf(say, `fault.${row.outcome}`, row.outcome, { value: "" }) : "";
  return (
    <Text size="sm" data-row-state={row.state}>
      {[told, why].filter(Boolean).join(": ")}
    </Text>
  );
}

function labelOf(say: ReturnType<typeof words.use>, what: string, name = ""): string {
  if (what === "custom") return name;
  if (what === "service" && name) return wordOf(say, `service.${name}`, name);
  return wordOf(say, `what.${what}`, what);
}
