/** One's own new password, and the dialog that asks for the present one before something important. */
import { ApiError, call } from "@console/api/index.ts";
import type { Field } from "@console/kit/Field.tsx";
import { FormDialog } from "@console/kit/FormDialog.tsx";
import { Text } from "@mantine/core";
import { words } from "./words.ts";

interface Typed {
  oldPassword: string;
  newPassword: string;
  repeat: string;
}

export function PasswordDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const say = words.use();
  const fields: Field<Typed>[] = [
    {
      name: "oldPassword",
      label: say("oldPassword"),
      kind: "password",
      required: true,
      autoComplete: "current-password",
    },
    {
      name: "newPassword",
      label: say("newPassword"),
      kind: "password",
      required: true,
      minLength: 10,
      description: say("passwordHint"),
    },
    { name: "repeat", label: say("repeat"), kind: "password", required: true },
  ];
  return (
    <FormDialog
      title={say("changePassword")}
      close={say("cancel")}
      fields={fields}
      initial={{ oldPassword: "", newPassword: "", repeat: "" }}
      check={(typed): Record<string, string> => (typed.repeat === typed.newPassword ? {} : { repeat: say("differs") })}
      onSave={async ({ oldPassword, newPassword }) => {
        await wrongAt("oldPassword", say("wrongPassword"), () =>
          call("PUT /session/password", { oldPassword, newPassword }),
        );
        onDone();
      }}
      onClose={onClose}
    />
  );
}

interface ProofProps {
  title: string;
  text?: string;
  /** Ask for an address as well, beginning with this one. */
  email?: string;
  save: string;
  onProven: (password: string, email: string) => Promise<void>;
  onClose: () => void;
}

/** Asks for the password; a wrong one is told beside the field. */
export function ProofDialog({ title, text, email, save, onProven, onClose }: ProofProps) {
  const say = words.use();
  const fields: Field<{ password: string; email: string }>[] = [
    { name: "email", label: say("email"), format: "email", required: true, show: () => email !== undefined },
    { name: "password", label: say("password"), kind: "password", required: true, autoComplete: "current-password" },
  ];
  return (
    <FormDialog
      title={title}
      text={<Text size="sm">{text ?? say("confirmPassword")}</Text>}
      close={say("cancel")}
      save={save}
      fields={fields}
      initial={{ password: "", email: email ?? "" }}
      onSave={(typed) => wrongAt("password", say("wrongPassword"), () => onProven(typed.password, typed.email))}
      onClose={onClose}
    />
  );
}

/** A wrong password is told beside its field. */
async function wrongAt(field: string, text: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "bad-login-psw") throw error;
    throw new ApiError(error.code, error.message, error.status, { [field]: text });
  }
}
