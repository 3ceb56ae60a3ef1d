/** The developer's bots: search, table, and the dialogs that change them. */
import { Button, Center, Group, Loader, Stack, Text, TextInput, Title } from "@mantine/core";
import { codeOf } from "@roschat/shared/failure.ts";
import { IconPlus, IconRobot, IconSearch } from "@tabler/icons-react";
import { useCallback, useEffect, useState } from "react";
import { api, type Bot } from "./api.ts";
import { BotDialog } from "./BotDialog.tsx";
import { BotTable } from "./BotTable.tsx";
import { complain } from "./failures.ts";
import { found } from "./search.ts";
import { useWords } from "./words/index.ts";

/** Milliseconds between looks at who is connected. */
const LOOK_EVERY = 5000;

export function Bots({ onGone }: { onGone: () => void }) {
  const say = useWords();
  const [bots, setBots] = useState<Bot[]>();
  const [sought, setSought] = useState("");
  const [open, setOpen] = useState<number>();
  const [edited, setEdited] = useState<Bot | "new">();
  // Tokens made since the page was opened: the server cannot tell them again.
  const [tokens, setTokens] = useState<Record<number, string>>({});

  const load = useCallback(async () => {
    try {
      setBots(await api.bots());
    } catch (error) {
      if (codeOf(error) === "not-authorized") onGone();
      else throw error;
    }
  }, [onGone]);

  useEffect(() => {
    load().catch(complain);
    const timer = setInterval(() => {
      // A look that fails is silent: the next one may succeed.
      if (!document.hidden) load().catch(() => undefined);
    }, LOOK_EVERY);
    return () => clearInterval(timer);
  }, [load]);

  const changed = (bot: Bot) => {
    if (bot.token) setTokens((known) => ({ ...known, [bot.cid]: bot.token ?? "" }));
    setOpen(bot.cid);
    setEdited(undefined);
    load().catch(complain);
  };

  if (!bots)
    return (
      <Center mt="xl">
        <Loader aria-label={say("loading")} />
      </Center>
    );
  const shown = found(bots, sought);
  return (
    <Stack gap="md">
      <Title order={2} size="h5">
        {say("bots")}
      </Title>
      <Group justify="space-between" gap="sm">
        <TextInput
          type="search"
          aria-label={say("search")}
          placeholder={say("search")}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={sought}
          onChange={(event) => setSought(event.currentTarget.value)}
          flex="1 1 160px"
          maw={360}
        />
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEdited("new")}>
          {say("add")}
        </Button>
      </Group>
      {shown.length > 0 ? (
        <BotTable
          bots={shown}
          tokens={tokens}
          open={open}
          onOpen={setOpen}
          onEdit={setEdited}
          onChanged={changed}
          onDeleted={() => load().catch(complain)}
        />
      ) : (
        <Stack align="center" gap={6} p="xl">
          <IconRobot size={44} color="var(--mantine-color-dimmed)" aria-hidden />
          <Text fw={600}>{say(bots.length ? "empty.notFound" : "empty.none")}</Text>
          {!bots.length && (
            <Text size="sm" c="dimmed" ta="center" maw={360}>
              {say("empty.noneText")}
            </Text>
          )}
        </Stack>
      )}
      {edited && (
        <BotDialog
          key={edited === "new" ? "new" : edited.cid}
          bot={edited === "new" ? undefined : edited}
          onClose={() => setEdited(undefined)}
          onDone={changed}
        />
      )}
    </Stack>
  );
}
