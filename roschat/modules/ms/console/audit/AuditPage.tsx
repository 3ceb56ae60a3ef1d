/** «Журнал изменений»: entries by who, action, object and time; the difference of each; a file of all that is found. */
import { type AuditEntry, call, complain, download, useApi } from "@console/api/index.ts";
import { Empty, Failure, Loading } from "@console/kit/Empty.tsx";
import { useFormats } from "@console/kit/formats.ts";
import { Page, Section } from "@console/kit/Page.tsx";
import { SearchBox } from "@console/kit/SearchBox.tsx";
import { Box, Button, Center, Collapse, Group, Select, Text, TextInput, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight, IconDownload } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { Difference } from "./Difference.tsx";
import { words } from "./words.ts";

const DAY = 86_400;

interface Filter {
  who: string;
  action: string;
  text: string;
  since: string;
  until: string;
}

const NO_FILTER: Filter = { who: "", action: "", text: "", since: "", until: "" };

export default function AuditPage() {
  const say = words.use();
  const [filter, setFilter] = useState(NO_FILTER);
  const names = useApi("GET /audit/names");
  const request = asked(filter);
  const found = useInfiniteQuery({
    queryKey: ["GET /audit", request],
    queryFn: ({ pageParam }) => call("GET /audit", { ...request, before: pageParam }),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next || undefined,
  });
  const change = (part: Partial<Filter>) => setFilter((now) => ({ ...now, ...part }));
  const save = async (format: string) => {
    try {
      await download("GET /audit/export", { ...request, format });
    } catch (error) {
      complain(error);
    }
  };
  const entries = found.data?.pages.flatMap((page) => page.entries);
  return (
    <Page
      title={say("title")}
      text={say("about")}
      actions={["csv", "json"].map((format) => (
        <Button
          key={format}
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => void save(format)}
        >
          {say(format as "csv" | "json")}
        </Button>
      ))}
    >
      <Group gap="sm" align="flex-end">
        <Choice label={say("who")} all={say("everybody")} of={names.data?.who} onChange={(who) => change({ who })} />
        <Choice
          label={say("action")}
          all={say("everything")}
          of={names.data?.actions}
          onChange={(action) => change({ action })}
        />
        <Day label={say("since")} value={filter.since} onChange={(since) => change({ since })} />
        <Day label={say("until")} value={filter.until} onChange={(until) => change({ until })} />
        <SearchBox label={say("subject")} value={filter.text} onSearch={(text) => change({ text })} />
      </Group>
      <Section flush>
        {!entries && (found.error ? <Failure error={found.error} onRetry={() => void found.refetch()} /> : <Loading />)}
        {entries?.length === 0 && <Empty icon="history" title={say("none")} text={say("noneText")} />}
        {entries && entries.length > 0 && (
          <Box component="ul" m={0} p={0} style={{ listStyle: "none" }} aria-label={say("title")}>
            {entries.map((entry) => (
              <Entry key={entry.id} entry={entry} />
            ))}
          </Box>
        )}
      </Section>
      {found.hasNextPage && (
        <Center>
          <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {say("more")}
          </Button>
        </Center>
      )}
    </Page>
  );
}

/** What the server is asked; days are those of this place, the last one whole. */
function asked({ who, action, text, since, until }: Filter) {
  const day = (value: string) => (value ? new Date(`${value}T00:00:00`).getTime() / 1000 : 0);
  return { who, action, text, since: day(since), until: until ? day(until) + DAY : 0 };
}

interface ChoiceProps {
  label: string;
  all: string;
  of: readonly string[] | undefined;
  onChange: (value: string) => void;
}

function Choice({ label, all, of = [], onChange }: ChoiceProps) {
  return (
    <Select
      label={label}
      placeholder={all}
      data={[...of]}
      searchable
      clearable
      clearButtonProps={{ "aria-label": all }}
      w={200}
      onChange={(value) => onChange(value ?? "")}
    />
  );
}

function Day({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <TextInput
      type="date"
      label={label}
      value={value}
      max="2099-12-31"
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const say = words.use();
  const formats = useFormats();
  const [open, setOpen] = useState(false);
  const inside = useId();
  const Icon = open ? IconChevronDown : IconChevronRight;
  return (
    <Box component="li" style={{ borderTop: "1px solid var(--mantine-color-default-border)" }}>
      <UnstyledButton
        w="100%"
        px="md"
        py={8}
        aria-expanded={open}
        aria-controls={inside}
        onClick={() => setOpen(!open)}
        data-entry={entry.id}
      >
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <Icon size={16} style={{ flex: "none", marginTop: 3 }} aria-hidden />
          <Group gap="2px 16px" flex={1} miw={0}>
            <Text size="sm" c="dimmed" w={150}>
              {formats.dateTime(entry.time)}
            </Text>
            <Text size="sm" fw={600} w={150} style={{ overflowWrap: "anywhere" }}>
              {entry.who === "system" ? say("system") : entry.who}
            </Text>
            <Text size="sm" w={210}>
              {entry.action}
            </Text>
            <Text size="sm" flex="1 1 160px" style={{ overflowWrap: "anywhere" }}>
              {entry.subject}
            </Text>
            <Text size="sm" c="dimmed">
              {entry.address}
            </Text>
          </Group>
        </Group>
      </UnstyledButton>
      <Collapse expanded={open}>
        <Box id={inside} px="md" pb="sm" pl={40}>
          {open && <Difference before={entry.before} after={entry.after} />}
        </Box>
      </Collapse>
    </Box>
  );
}
