/** «Параметры бота»: makes a bot, or changes one. */
import { Button, FileButton, Group, Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { codeOf } from "@roschat/shared/failure.ts";
import { type FormEvent, useState } from "react";
import { api, type Bot, type BotForm } from "./api.ts";
import { BotIcon } from "./BotIcon.tsx";
import { complain, errorText, tell } from "./failures.ts";
import { type Complaints, check, linesOf } from "./rules.ts";
import { useWords } from "./words/index.ts";

interface BotDialogProps {
  bot: Bot | undefined;
  onClose: () => void;
  onDone: (bot: Bot) => void;
}

export function BotDialog({ bot, onClose, onDone }: BotDialogProps) {
  const say = useWords();
  const [form, setForm] = useState<BotForm>({
    name: bot?.name ?? "",
    title: bot?.title ?? "",
    description: bot?.description ?? "",
    greeting: bot?.greeting ?? "",
    commands: bot?.commands ?? [],
    icon: bot?.icon ?? "",
  });
  const [commands, setCommands] = useState(form.commands.join("\n"));
  const [complaints, setComplaints] = useState<Complaints>({});
  const [busy, setBusy] = useState(false);
  const put = (change: Partial<BotForm>) => {
    setForm((now) => ({ ...now, ...change }));
    forget(...(Object.keys(change) as (keyof BotForm)[]));
  };
  const forget = (...fields: (keyof BotForm)[]) =>
    setComplaints((now) =>
      Object.fromEntries(Object.entries(now).filter(([field]) => !fields.includes(field as never))),
    );

  const pick = async (file: File | null) => {
    if (file) await api.icon(file).then((icon) => put({ icon }), complain);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const whole = { ...form, commands: linesOf(commands) };
    const wrong = check(whole);
    setComplaints(wrong);
    if (Object.keys(wrong).length) return;
    setBusy(true);
    try {
      const done = bot ? await api.change(bot.cid, whole) : await api.add(whole);
      tell(say(bot ? "done.saved" : "done.added"));
      onDone(done);
    } catch (error) {
      if (codeOf(error) === "name-taken") setComplaints({ name: errorText(error) });
      else complain(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal
      opened
      onClose={onClose}
      title={say("dialog.title")}
      size="lg"
      closeButtonProps={{ "aria-label": say("dialog.close") }}
    >
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md">
          <Group gap="md">
            <BotIcon bot={{ icon: form.icon }} size={64} />
            <Stack gap={4}>
              <Group gap="xs">
                <FileButton onChange={(file) => void pick(file)} accept="image/png,image/jpeg,image/webp,image/gif">
                  {(props) => (
                    <Button
                      {...props}
                      variant="light"
                      size="xs"
                      aria-label={`${say("dialog.icon")}: ${say("dialog.chooseIcon")}`}
                    >
                      {say("dialog.chooseIcon")}
                    </Button>
                  )}
                </FileButton>
                {form.icon && (
                  <Button variant="subtle" size="xs" onClick={() => put({ icon: "" })}>
                    {say("dialog.removeIcon")}
                  </Button>
                )}
              </Group>
              <Text size="xs" c="dimmed">
                {say("dialog.iconNote")}
              </Text>
            </Stack>
          </Group>
          <TextInput
            label={say("dialog.botTitle")}
            description={say("dialog.titleNote")}
            required
            data-autofocus
            value={form.title}
            error={complaints.title}
            onChange={(event) => put({ title: event.currentTarget.value })}
          />
          <TextInput
            label={say("dialog.name")}
            description={say("dialog.nameNote")}
            required
            spellCheck={false}
            autoComplete="off"
            value={form.name}
            error={complaints.name}
            onChange={(event) => put({ name: event.currentTarget.value })}
          />
          <Textarea
            label={say("dialog.description")}
            autosize
            minRows={2}
            maxRows={6}
            value={form.description}
            error={complaints.description}
            onChange={(event) => put({ description: event.currentTarget.value })}
          />
          <Textarea
            label={say("dialog.greeting")}
            description={say("dialog.greetingNote")}
            autosize
            minRows={2}
            maxRows={6}
            value={form.greeting}
            error={complaints.greeting}
            onChange={(event) => put({ greeting: event.currentTarget.value })}
          />
          <Textarea
            label={say("dialog.commands")}
            description={say("dialog.commandsNote")}
            placeholder={say("dialog.commandExample")}
            autosize
            minRows={3}
            maxRows={10}
            value={commands}
            error={complaints.commands}
            onChange={(event) => {
              setCommands(event.currentTarget.value);
              forget("commands");
            }}
          />
          <Text size="sm" c="dimmed">
            {say("dialog.required")}
          </Text>
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {say("dialog.close")}
            </Button>
            <Button type="submit" loading={busy}>
              {say(bot ? "dialog.save" : "dialog.add")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
