/** A new announcement: text with a preview, to whom, when; how many will get it stands there before it is sent. */
import { call, invalidate, useApi } from "@console/api/index.ts";
import { ContactPicker, confirm, FormDialog, type Picked } from "@console/kit/index.ts";
import { Paper, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Filters } from "../directory/Filters.tsx";
import { complete, type Filter } from "../directory/filter.ts";
import { words } from "./words.ts";

type Audience = "all" | "chosen" | "filter";
interface Typed {
  text: string;
  audience: Audience;
  people: readonly Picked[];
  filter: Filter;
  later: boolean;
  due: string;
}

const LONGEST = 4000;
const START: Typed = { text: "", audience: "all", people: [], filter: {}, later: false, due: "" };

const asked = (typed: Typed) => ({
  audience: typed.audience,
  ...(typed.audience === "chosen" ? { cids: typed.people.map((one) => one.cid) } : {}),
  ...(typed.audience === "filter" ? { filter: { ...complete(typed.filter) } as Record<string, unknown> } : {}),
});
const seconds = (local: string) => Math.floor(new Date(local).getTime() / 1000);

export function AnnouncementDialog({ onClose }: { onClose: () => void }) {
  const say = words.use();
  return (
    <FormDialog<Typed>
      title={say("add")}
      size="lg"
      save={say("send")}
      close={say("cancel")}
      fields={[
        { name: "text", label: say("text"), kind: "lines", required: true, maxLength: LONGEST },
        {
          name: "audience",
          label: say("audience"),
          kind: "select",
          required: true,
          choices: (["all", "chosen", "filter"] as const).map((value) => ({ value, label: say(value) })),
        },
        {
          name: "people",
          label: say("people"),
          show: (typed) => typed.audience === "chosen",
          render: (input) => (
            <ContactPicker
              several
              account
              label={input.label}
              value={input.value as readonly Picked[]}
              onChange={input.onChange}
              error={input.error}
            />
          ),
        },
        {
          name: "filter",
          label: say("filter"),
          show: (typed) => typed.audience === "filter",
          render: (input) => <Filters filter={input.value as Filter} onChange={input.onChange} />,
        },
        { name: "later", label: say("later"), kind: "switch" },
        {
          name: "due",
          label: say("due"),
          required: true,
          show: (typed) => typed.later,
          render: (input) => (
            <TextInput
              type="datetime-local"
              label={input.label}
              value={String(input.value)}
              error={input.error}
              withAsterisk
              onChange={(event) => input.onChange(event.currentTarget.value)}
            />
          ),
        },
      ]}
      initial={START}
      check={(typed) => ({
        ...(typed.audience === "chosen" && typed.people.length === 0 ? { people: "empty" } : {}),
        ...(typed.later && typed.due && !(seconds(typed.due) > Date.now() / 1000) ? { due: say("past") } : {}),
      })}
      onClose={onClose}
      onSave={async (typed) => {
        const { total } = await call("POST /announcements/audience", asked(typed));
        const ok = typed.later ? say("plan") : say("send");
        if (!(await confirm({ text: say("sendQuestion", { count: total }), ok }))) return false;
        const due = typed.later ? { due: seconds(typed.due) } : {};
        await call("POST /announcements", { text: typed.text, ...asked(typed), ...due });
        await invalidate(["GET /announcements"]);
        return true;
      }}
    >
      {(form) => (
        <>
          {form.values.text.trim() && (
            <Paper withBorder p="sm" radius="md" aria-label={say("preview")} role="figure">
              <Text size="xs" c="dimmed" mb={4}>
                {say("preview")} · РОСЧАТ
              </Text>
              <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
                {form.values.text.trim()}
              </Text>
            </Paper>
          )}
          <Reach typed={form.values} />
        </>
      )}
    </FormDialog>
  );
}

function Reach({ typed }: { typed: Typed }) {
  const say = words.use();
  const [wanted] = useDebouncedValue(asked(typed), 300);
  const ready = wanted.audience !== "chosen" || typed.people.length > 0;
  const found = useApi("POST /announcements/audience", wanted, { enabled: ready });
  if (!ready || !found.data) return null;
  const { total, first } = found.data;
  const more = total - first.length;
  return (
    <Text size="sm" aria-live="polite" {...(total === 0 ? { c: "red" } : {})} data-reach={total}>
      {total === 0 ? say("nobody") : say("reach", { count: total })}
      {total > 0 && `: ${first.map((one) => one.name).join(", ")}`}
      {more > 0 && ` ${say("more", { count: more })}`}
    </Text>
  );
}
