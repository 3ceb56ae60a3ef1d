/**
 * Questions before something happens: `if (await confirm({ text, ok: "Удалить", danger: true })) …`.
 *
 * A dangerous one may ask for the name to be typed. `ConfirmHost` stands once in the shell and shows them.
 */
import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { type ReactNode, useState, useSyncExternalStore } from "react";
import { words } from "./words.ts";

export interface Question {
  /** «Подтвердите свои действия» when left out. */
  title?: string;
  text: ReactNode;
  /** The button that agrees; «Продолжить» when left out. */
  ok?: string;
  cancel?: string;
  danger?: boolean;
  /** What must be typed before the button works. */
  typed?: string;
}

interface Asked extends Question {
  number: number;
  answer: (yes: boolean) => void;
}

let asked: Asked | undefined;
let count = 0;
const listeners = new Set<() => void>();
const tellAll = () => {
  for (const listener of listeners) listener();
};

export function confirm(question: Question): Promise<boolean> {
  asked?.answer(false);
  return new Promise((resolve) => {
    count += 1;
    asked = {
      ...question,
      number: count,
      answer: (yes) => {
        asked = undefined;
        tellAll();
        resolve(yes);
      },
    };
    tellAll();
  });
}

export function ConfirmHost() {
  const now = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => asked,
  );
  return now ? <Dialog key={now.number} {...now} /> : null;
}

function Dialog({ title, text, ok, cancel, danger = false, typed, answer }: Asked) {
  const say = words.use();
  const [entered, setEntered] = useState("");
  const ready = !typed || entered.trim() === typed;
  return (
    <Modal
      opened
      centered
      zIndex={300}
      onClose={() => answer(false)}
      title={title ?? say("confirm.title")}
      closeButtonProps={{ "aria-label": say("dismiss") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          if (ready) answer(true);
        }}
      >
        <Stack gap="md">
          <Text size="sm" component="div">
            {text}
          </Text>
          {typed && (
            <TextInput
              label={say("confirm.typed", { name: typed })}
              value={entered}
              autoComplete="off"
              data-autofocus
              onChange={(event) => setEntered(event.currentTarget.value)}
            />
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={() => answer(false)}>
              {cancel ?? say("cancel")}
            </Button>
            <Button
              type="submit"
              color={danger ? "red.9" : "brand"}
              disabled={!ready}
              {...(typed ? {} : { "data-autofocus": true })}
            >
              {ok ?? say("continue")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
