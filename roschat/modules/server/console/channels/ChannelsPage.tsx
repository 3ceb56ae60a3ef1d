/** «Каналы»: public channels and the verified mark (R-ADM-004, console-facts §12). */
import type { ChannelRow } from "@console/api/generated.ts";
import { useApi, useSave } from "@console/api/index.ts";
import { confirm, DataTable, Empty, Page, SearchBox, useFormats, useTable } from "@console/kit/index.ts";
import { useSession } from "@console/session.tsx";
import { Button, Group, Select, Text } from "@mantine/core";
import { IconRosetteDiscountCheckFilled } from "@tabler/icons-react";
import { useState } from "react";
import { words } from "./words.ts";

const EVERY = 10_000;

export default function ChannelsPage() {
  const say = words.use();
  const formats = useFormats();
  const { role } = useSession();
  const table = useTable("administration.channels", { sort: "name" });
  const [text, setText] = useState("");
  const [verified, setVerified] = useState("");
  const { page, size, sort, descending } = table.query;
  const found = useApi(
    "GET /channels",
    { text, verified, sort: sort || "name", descending, page, size: size || 1000 },
    { every: EVERY },
  );
  const save = useSave("PUT /channels/{chId}/verified", { invalidates: ["GET /channels"] });
  const mark = async (channel: ChannelRow) => {
    const question = say(channel.verified ? "unverifyText" : "verifyText", { name: channel.name });
    if (await confirm({ text: question })) save.mutate({ chId: channel.chId, verified: !channel.verified });
  };
  return (
    <Page title={say("title")} text={say("about")}>
      <DataTable
        label={say("title")}
        table={table}
        rows={found.data?.channels}
        total={found.data?.total}
        error={found.error}
        rowKey={(channel) => channel.chId}
        tools={
          <>
            <SearchBox
              value={text}
              label={say("find")}
              onSearch={(sought) => {
                setText(sought);
                table.change({ page: 1 });
              }}
            />
            <Select
              aria-label={say("filter")}
              size="sm"
              w={190}
              allowDeselect={false}
              value={verified}
              onChange={(value) => {
                setVerified(value ?? "");
                table.change({ page: 1 });
              }}
              data={(["", "yes", "no"] as const).map((value) => ({ value, label: say(`filter.${value}`) }))}
            />
          </>
        }
        columns={[
          {
            key: "name",
            title: say("name"),
            sort: true,
            fixed: true,
            render: (channel) => (
              <Group gap={6} wrap="nowrap">
                <Text size="sm" fw={500}>
                  {channel.name}
                </Text>
                {channel.verified && (
                  <IconRosetteDiscountCheckFilled
                    size={16}
                    color="var(--mantine-color-blue-6)"
                    role="img"
                    aria-label={say("verified")}
                  />
                )}
              </Group>
            ),
          },
          {
            key: "description",
            title: say("description"),
            render: (channel) => (
              <Text size="sm" lineClamp={2}>
                {channel.description}
              </Text>
            ),
          },
          { key: "subscribers", title: say("subscribers"), sort: true, align: "right" },
          { key: "admins", title: say("admins"), align: "right", hidden: true },
          { key: "publications", title: say("publications"), align: "right" },
          {
            key: "created",
            title: say("created"),
            sort: true,
            hidden: true,
            render: (channel) => formats.date(channel.created),
          },
          { key: "last", title: say("last"), sort: true, render: (channel) => formats.dateTime(channel.lastTime) },
        ]}
        actions={(channel) =>
          role === "admin" && (
            <Button
              size="compact-xs"
              variant={channel.verified ? "default" : "light"}
              aria-label={`${say(channel.verified ? "unverify" : "verify")}: ${channel.name}`}
              onClick={() => void mark(channel)}
            >
              {say(channel.verified ? "unverify" : "verify")}
            </Button>
          )
        }
        empty={<Empty title={say("none")} text={say("noneText")} icon="megaphone" />}
      />
    </Page>
  );
}
