/** Before anything else opens: a password of one's own in place of the first one. */
import { Alert, Button, Stack } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { call } from "../api/client.ts";
import type { Field } from "../kit/Field.tsx";
import { FormFields } from "../kit/FormDialog.tsx";
import { useForm } from "../kit/form.ts";
import { useSession, useSessionState } from "../session.tsx";
import { words } from "../words/shell.ts";
import { Card } from "./Card.tsx";

const EMPTY = { oldPassword: "", newPassword: "", repeat: "" };

export function FirstPassword() {
  const say = words.use();
  const { enter, leave } = useSessionState();
  const session = useSession();
  const [leaving, setLeaving] = useState(false);
  const fields: Field<typeof EMPTY>[] = [
    {
      name: "oldPassword",
      label: say("password.old"),
      kind: "password",
      required: true,
      autoComplete: "current-password",
    },
    { name: "newPassword", label: say("password.new"), kind: "password", required: true, autoComplete: "new-password" },
    { name: "repeat", label: say("password.repeat"), kind: "password", required: true, autoComplete: "new-password" },
  ];
  const form = useForm({
    fields,
    initial: EMPTY,
    check: ({ newPassword, repeat }) => ({
      repeat: repeat && newPassword !== repeat ? say("password.differs") : "",
    }),
    onSave: async ({ oldPassword, newPassword }) => {
      enter(await call("PUT /session/password", { oldPassword, newPassword }));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void form.save();
  };
  return (
    <Card title={say("password.title")} text={say("password.text")}>
      <form onSubmit={submit} noValidate>
        <input type="text" name="username" autoComplete="username" value={session.login} readOnly hidden />
        <Stack gap="md">
          <FormFields form={form} />
          {form.failure && (
            <Alert color="red" variant="light" role="alert">
              {form.failure}
            </Alert>
          )}
          <Button type="submit" loading={form.busy} fullWidth>
            {say("password.save")}
          </Button>
          <Button
            variant="subtle"
            fullWidth
            loading={leaving}
            onClick={() => {
              setLeaving(true);
              void leave().finally(() => setLeaving(false));
            }}
          >
            {say("signOut.do")}
          </Button>
        </Stack>
      </form>
    </Card>
  );
}
