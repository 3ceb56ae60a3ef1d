/** «Технический журнал»: lines by level, part, request, text and time; what comes is followed; all of it taken away. */
import { call, complain, download, type LogLine } from "@console/api/index.ts";
import { Empty, Failure, Loading } from "@console/kit/Empty.tsx";
import { useFormats } from "@console/kit/formats.ts";
import { Page, Section } from "@console/kit/Page.tsx";
import { SearchBox } from "@console/kit/SearchBox.tsx";
import { Button, Center, Group, NativeSelect, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconAdjustments, IconDownload } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Levels } from "./Levels.tsx";
import { Lines } from "./Lines.tsx";
import { LEVELS, type Level, words } from "./words.ts";

const PAGE = 200;
const EVERY = 2_000;
/** Lines that are kept on the page while it follows. */
const MOST = 2_000;

interface Filter {
  level: Level;
  module: string;
  request: string;
  text: string;
  since: string;
  until: string;
}

export default function LogsPage() {
  const say = words.use();
  const formats = useFormats();
  const [filter, setFilter] = useState<Filter>({
    level: "info",
    module: "",
    request: new URLSearchParams(location.search).get("request") ?? "",
    text: "",
    since: "",
    until: "",
  });
  const [levels, setLevels] = useState(false);
  const [follow, setFollow] = useState(false);
  const [settled] = useDebouncedValue(filter, 300);
  const request = asked(settled);
  const found = useInfiniteQuery({
    queryKey: ["GET /logs", request],
    queryFn: ({ pageParam }) => call("GET /logs", { ...request, older: pageParam, count: PAGE }),
    initialPageParam: "",
    getNextPageParam: (page) => page.older || undefined,
    refetchOnWindowFocus: false,
  });
  const first = found.data?.pages[0];
  const fresh = useFollowed(follow, first?.newer ?? "", request);
  const change = (part: Partial<Filter>) => setFilter((now) => ({ ...now, ...part }));
  const lines = found.data && [...fresh, ...found.data.pages.flatMap((page) => page.lines)];
  const searched = found.data?.pages.at(-1)?.searched ?? "";
  const save = async () => {
    try {
      await download("GET /logs/download", request);
    } catch (error) {
      complain(error);
    }
  };
  return (
    <Page
      title={say("title")}
      text={say("about")}
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconAdjustments size={16} aria-hidden />}
            onClick={() => setLevels(true)}
          >
            {say("levels")}
          </Button>
          <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={() => void save()}>
            {say("download")}
          </Button>
        </>
      }
    >
      <Levels opened={levels} onClose={() => setLevels(false)} />
      <Group gap="sm" align="flex-end">
        <NativeSelect
          label={say("level")}
          value={filter.level}
          data={LEVELS.map((one) => ({ value: one, label: say(`level.${one}`) }))}
          onChange={(event) => change({ level: event.currentTarget.value as Level })}
        />
        <TextInput
          label={say("module")}
          value={filter.module}
          placeholder="roschat.modules.server"
          w={210}
          onChange={(event) => change({ module: event.currentTarget.value.trim() })}
        />
        <TextInput
          label={say("request")}
          value={filter.request}
          w={170}
          onChange={(event) => change({ request: event.currentTarget.value.trim() })}
        />
        <Moment label={say("since")} value={filter.since} onChange={(since) => change({ since })} />
        <Moment label={say("until")} value={filter.until} onChange={(until) => change({ until })} />
        <SearchBox label={say("text")} value={filter.text} onSearch={(text) => change({ text })} width={210} />
        <Switch
          label={say("follow")}
          checked={follow}
          mb={8}
          onChange={(event) => setFollow(event.currentTarget.checked)}
        />
      </Group>
      <Section flush>
        {!lines && (found.error ? <Failure error={found.error} onRetry={() => void found.refetch()} /> : <Loading />)}
        {lines?.length === 0 && <Empty icon="list" title={say("none")} text={say("noneText")} />}
        {lines && lines.length > 0 && (
          <Lines lines={lines} onRequest={(number) => change({ request: number, level: "debug" })} />
        )}
      </Section>
      {found.hasNextPage && (
        <Center>
          <Stack gap={4} align="center">
            {searched && (
              <Text size="xs" c="dimmed">
                {say("searched", { time: formats.dateTime(Date.parse(searched) / 1000) })}
              </Text>
            )}
            <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
              {say("older")}
            </Button>
          </Stack>
        </Center>
      )}
    </Page>
  );
}

/** The lines that came after a place, the newest first, while `on`. */
function useFollowed(on: boolean, from: string, request: ReturnType<typeof asked>): readonly LogLine[] {
  const [came, setCame] = useState<{ key: string; place: string; lines: readonly LogLine[] }>();
  const key = `${from} ${JSON.stringify(request)}`;
  const mine = came?.key === key ? came : undefined;
  const place = mine?.place ?? from;
  useEffect(() => {
    if (!on || !place) return;
    let over = false;
    const look = async () => {
      try {
        const page = await call("GET /logs", { ...request, newer: place, count: PAGE });
        if (over) return;
        const before = mine?.lines ?? [];
        setCame({ key, place: page.newer, lines: [...page.lines, ...before].slice(0, MOST) });
      } catch {
        // The server may be restarting; the next look comes anyway.
        if (!over) timer = setTimeout(() => void look(), EVERY);
      }
    };
    let timer = setTimeout(() => void look(), EVERY);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [on, place, key, mine, request]);
  return mine?.lines ?? [];
}

function asked({ level, module, request, text, since, until }: Filter) {
  const seconds = (value: string) => (value ? new Date(value).getTime() / 1000 || 0 : 0);
  return { level, module, request, text, since: seconds(since), until: seconds(until) };
}

function Moment({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <TextInput
      type="datetime-local"
      label={label}
      value={value}
      max="2099-12-31T23:59"
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
