/** «Боты»: all bots at a glance, and an administrator's power over them. */
import type { BotRow } from "@console/api/generated.ts";
import { call, invalidate, useApi } from "@console/api/index.ts";
import {
  confirm,
  DataTable,
  Empty,
  FormDialog,
  Page,
  SearchBox,
  StatusDot,
  useFormats,
  useTable,
} from "@console/kit/index.ts";
import { useSession } from "@console/session.tsx";
import { ActionIcon, Group, Text, Tooltip } from "@mantine/core";
import { IconArrowsExchange, IconKey, IconPlayerPlay, IconPlayerStop, IconTrash } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { TokenDialog } from "./TokenDialog.tsx";
import { words } from "./words.ts";

const EVERY = 5000;
const READ = ["GET /bots", "GET /developers"] as const;

export default function BotsPage() {
  const say = words.use();
  const formats = useFormats();
  const changes = useSession().role === "admin";
  const [text, setText] = useState("");
  const [given, setGiven] = useState<BotRow>();
  const [token, setToken] = useState("");
  const found = useApi("GET /bots", { text }, { every: EVERY });
  const table = useTable("bots", { sort: "title" });
  const disable = async (bot: BotRow) => {
    if (!bot.disabled && !(await confirm({ text: say("disableText", { name: bot.title }) }))) return;
    await call("PUT /bots/{cid}/disabled", { cid: bot.cid, disabled: !bot.disabled });
    await invalidate(READ);
  };
  const renew = async (bot: BotRow) => {
    if (!(await confirm({ text: say("tokenText", { name: bot.title }), danger: true, ok: say("token") }))) return;
    setToken((await call("POST /bots/{cid}/token", { cid: bot.cid })).token ?? "");
  };
  const remove = async (bot: BotRow) => {
    const text = say("removeText", { name: bot.title });
    if (!(await confirm({ text, ok: say("remove"), danger: true }))) return;
    await call("DELETE /bots/{cid}", { cid: bot.cid });
    await invalidate(READ);
  };
  const state = (bot: BotRow) => (bot.disabled ? "disabled" : bot.online > 0 ? "on" : "away");
  return (
    <Page title={say("title")} text={say("about")}>
      <DataTable
        label={say("title")}
        table={table}
        rows={found.data}
        error={found.error}
        rowKey={(bot) => bot.cid}
        tools={<SearchBox value={text} onSearch={setText} label={say("find")} />}
        columns={[
          { key: "title", title: say("shown"), fixed: true, sort: (bot) => bot.title },
          { key: "name", title: say("name"), sort: (bot) => bot.name },
          {
            key: "login",
            title: say("owner"),
            sort: (bot) => bot.login,
            render: (bot) => bot.login || say("administrator"),
          },
          {
            key: "state",
            title: say("state"),
            render: (bot) => (
              <StatusDot state={bot.disabled ? "failed" : bot.online > 0 ? "ok" : "off"} label={say(state(bot))} />
            ),
          },
          { key: "online", title: say("online"), align: "right", sort: (bot) => bot.online },
          {
            key: "seen",
            title: say("seen"),
            sort: (bot) => bot.seen,
            render: (bot) => (bot.seen ? formats.dateTime(bot.seen) : say("never")),
          },
        ]}
        actions={(bot) =>
          changes && (
            <Group gap={2} wrap="nowrap" justify="flex-end">
              <Action title={say("give")} of={bot} onClick={() => setGiven(bot)}>
                <IconArrowsExchange size={16} aria-hidden />
              </Action>
              <Action title={say("token")} of={bot} onClick={() => void renew(bot)}>
                <IconKey size={16} aria-hidden />
              </Action>
              <Action title={say(bot.disabled ? "enable" : "disable")} of={bot} onClick={() => void disable(bot)}>
                {bot.disabled ? <IconPlayerPlay size={16} aria-hidden /> : <IconPlayerStop size={16} aria-hidden />}
              </Action>
              <Action title={say("remove")} of={bot} color="red" onClick={() => void remove(bot)}>
                <IconTrash size={16} aria-hidden />
              </Action>
            </Group>
          )
        }
        empty={<Empty title={say("none")} text={say("noneText")} icon="robot" />}
      />
      {given && <OwnerDialog bot={given} onClose={() => setGiven(undefined)} />}
      {token && <TokenDialog token={token} onClose={() => setToken("")} />}
    </Page>
  );
}

interface ActionProps {
  title: string;
  of: BotRow;
  color?: string;
  onClick: () => void;
  children: ReactNode;
}

function Action({ title, of, color = "gray", onClick, children }: ActionProps) {
  return (
    <Tooltip label={title}>
      <ActionIcon variant="subtle" color={color} aria-label={`${title} ${of.name}`} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

function OwnerDialog({ bot, onClose }: { bot: BotRow; onClose: () => void }) {
  const say = words.use();
  const developers = useApi("GET /developers", {});
  return (
    <FormDialog
      title={say("giveTitle")}
      text={
        <Text size="sm" fw={500}>
          {bot.title}
        </Text>
      }
      fields={[
        {
          name: "developer",
          label: say("owner"),
          kind: "select",
          required: true,
          choices: [
            { value: "0", label: say("administrator") },
            ...(developers.data ?? []).map((one) => ({ value: String(one.id), label: one.login })),
          ],
        },
      ]}
      initial={{ developer: String(bot.developer) }}
      onClose={onClose}
      onSave={async ({ developer }) => {
        await call("PUT /bots/{cid}/developer", { cid: bot.cid, developer: Number(developer) });
        await invalidate(READ);
      }}
    />
  );
}
