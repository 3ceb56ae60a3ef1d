/** The opened row: what the bot says, its commands, its token, and what can be done with it. */
import { ActionIcon, Badge, Box, Button, Code, Group, List, Stack, Text, Tooltip } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { api, type Bot } from "./api.ts";
import { complain, tell } from "./failures.ts";
import { Question } from "./Question.tsx";
import { useWords } from "./words/index.ts";

interface BotDetailsProps {
  bot: Bot;
  token: string;
  onEdit: () => void;
  onChanged: (bot: Bot) => void;
  onDeleted: () => void;
}

export function BotDetails({ bot, token, onEdit, onChanged, onDeleted }: BotDetailsProps) {
  const say = useWords();
  const [asked, setAsked] = useState<"renew" | "delete">();
  const online = bot.online ?? 0;

  const renew = async () => onChanged(await api.renew(bot.cid));
  const remove = async () => {
    await api.remove(bot.cid);
    tell(say("done.deleted"));
    onDeleted();
  };
  const answer = (yes: boolean) => {
    setAsked(undefined);
    if (yes) (asked === "renew" ? renew() : remove()).catch(complain);
  };

  return (
    <Stack gap="md">
      <Badge color="green.9" variant={online ? "filled" : "default"} tt="none" data-testid="online">
        {online ? say("online.yes", { count: online }) : say("online.no")}
      </Badge>
      <Stack gap="md" hiddenFrom="sm">
        <Fact name={say("column.title")}>{bot.title}</Fact>
        <Fact name={say("column.description")}>{bot.description || say("details.nothing")}</Fact>
      </Stack>
      <Fact name={say("details.greeting")}>{bot.greeting || say("details.nothing")}</Fact>
      <Fact name={say("details.commands")}>
        {bot.commands?.length ? (
          <List size="sm" listStyleType="none">
            {bot.commands.map((line) => (
              <List.Item key={line}>{line}</List.Item>
            ))}
          </List>
        ) : (
          say("details.nothing")
        )}
      </Fact>
      <Fact name={say("details.token")}>
        {token ? (
          <Stack gap={4}>
            <Token name="token" text={token} />
            <Text size="sm">{say("details.tokenOnce")}</Text>
            <Text size="sm">{say("details.telegramToken")}</Text>
            <Token name="telegram-token" text={`${bot.cid}:${token}`} />
          </Stack>
        ) : (
          <Text size="sm" c="dimmed">
            {say("details.tokenHidden")}
          </Text>
        )}
      </Fact>
      <Group gap="sm">
        <Button variant="default" onClick={() => setAsked("renew")}>
          {say("details.newToken")}
        </Button>
        <Button
          variant="outline"
          color="red"
          c="light-dark(var(--mantine-color-red-9), var(--mantine-color-red-4))"
          onClick={() => setAsked("delete")}
        >
          {say("details.delete")}
        </Button>
        <Button onClick={onEdit}>{say("details.edit")}</Button>
      </Group>
      {asked && (
        <Question
          title={say(`ask.${asked}`)}
          text={say(`ask.${asked}Text`, { title: bot.title })}
          ok={say(`ask.${asked}Ok`)}
          danger={asked === "delete"}
          onAnswer={answer}
        />
      )}
    </Stack>
  );
}

function Token({ name, text }: { name: string; text: string }) {
  const say = useWords();
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <Code data-testid={name} style={{ overflowWrap: "anywhere" }}>
        {text}
      </Code>
      <Tooltip label={say("details.copy")}>
        <ActionIcon
          variant="default"
          onClick={() => void copy(text, say("details.copied"))}
          aria-label={say("details.copy")}
        >
          <IconCopy size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Box>
      <Text size="sm" fw={600}>
        {name}
      </Text>
      <Box fz="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {children}
      </Box>
    </Box>
  );
}

async function copy(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    tell(done);
  } catch (error) {
    complain(error);
  }
}
