/** What was done to many contacts at once, newest first; a row opens the operation. */
import { useApi } from "@console/api/index.ts";
import { DataTable } from "@console/kit/DataTable.tsx";
import { Empty } from "@console/kit/Empty.tsx";
import { useFormats } from "@console/kit/formats.ts";
import { Section } from "@console/kit/Page.tsx";
import { useTable } from "@console/kit/table.ts";
import { useLocation } from "wouter";
import { words } from "./words.ts";

export const HOMES: Record<string, string> = {
  add: "/directory/mass-add",
  edit: "/directory/mass-edit",
  import: "/directory/import",
};

export function History() {
  const say = words.use();
  const formats = useFormats();
  const [, go] = useLocation();
  const table = useTable("mass-history", { size: 10 });
  const { page, size } = table.query;
  const plans = useApi("GET /directory/mass", { page, size: size || 200 });
  return (
    <Section title={say("history")} text={say("historyText")} flush>
      <DataTable
        label={say("history")}
        table={table}
        plain
        sizes={[10, 25, 100]}
        rows={plans.data?.plans}
        total={plans.data?.total ?? 0}
        error={plans.error}
        onRetry={() => void plans.refetch()}
        rowKey={(plan) => plan.id}
        onOpen={(plan) => go(`${HOMES[plan.kind] ?? HOMES.add}/${plan.id}`)}
        empty={<Empty title={say("noHistory")} icon="history" />}
        columns={[
          { key: "id", title: say("position"), narrow: true, fixed: true },
          { key: "title", title: say("title"), fixed: true, render: (plan) => plan.title || "—" },
          { key: "kind", title: say("kind"), render: (plan) => say(`kind.${plan.kind}` as "kind.add") },
          { key: "state", title: say("state"), render: (plan) => say(`state.${plan.state}` as "state.ready") },
          { key: "total", title: say("total"), align: "right", render: (plan) => formats.number(plan.total ?? 0) },
          { key: "done", title: say("done"), align: "right", render: (plan) => formats.number(plan.done ?? 0) },
          { key: "who", title: say("who") },
          { key: "created", title: say("created"), render: (plan) => formats.dateTime(plan.created) },
        ]}
      />
    </Section>
  );
}
