/** A new account, another login, or another password, typed twice or made up. */

import type { ContactCard } from "@console/api/generated.ts";
import { call, invalidate } from "@console/api/index.ts";
import type { Field } from "@console/kit/Field.tsx";
import { FormDialog } from "@console/kit/FormDialog.tsx";
import type { Reasons } from "@console/kit/form.ts";
import { Button } from "@mantine/core";
import { words } from "./words.ts";

export type Asks = "both" | "login" | "password";

interface Typed {
  login: string;
  password: string;
  repeat: string;
}

interface AccountDialogProps {
  card: ContactCard;
  asks: Asks;
  onClose: () => void;
  onPassword: (password: string) => void;
}

export function AccountDialog({ card, asks, onClose, onPassword }: AccountDialogProps) {
  const say = words.use();
  const login: Field<Typed> = { name: "login", label: say("field.login"), required: true, maxLength: 128 };
  const passwords: Field<Typed>[] = [
    {
      name: "password",
      label: say("password"),
      kind: "password",
      required: true,
      minLength: 8,
      maxLength: 256,
      description: say("passwordHint"),
    },
    { name: "repeat", label: say("repeat"), kind: "password", required: true },
  ];
  const fields = [...(asks === "password" ? [] : [login]), ...(asks === "login" ? [] : passwords)];
  const titles = { both: "createAccount", login: "changeLogin", password: "changePassword" } as const;
  return (
    <FormDialog<Typed>
      title={say(titles[asks])}
      close={say("close")}
      fields={fields}
      initial={{ login: asks === "password" ? "" : (card.login ?? suggestion(card)), password: "", repeat: "" }}
      check={({ password, repeat }): Reasons => {
        const differ = password !== "" && repeat !== "" && password !== repeat;
        return differ ? { repeat: say("differ") } : {};
      }}
      onClose={onClose}
      onSave={async (typed) => {
        await call("PUT /contacts/{cid}/account", {
          cid: card.cid,
          ...(asks === "password" ? {} : { login: typed.login }),
          ...(asks === "login" ? {} : { password: typed.password }),
        });
        if (asks !== "login") onPassword(typed.password);
        await invalidate(["GET /contacts/{cid}", "POST /contacts/find", "GET /contacts/{cid}/services"]);
      }}
    >
      {(form) =>
        asks !== "login" && (
          <Button
            variant="subtle"
            size="xs"
            w="fit-content"
            onClick={() => {
              const made = madeUp();
              form.setValues((now) => ({ ...now, password: made, repeat: made }));
              form.setReasons({});
            }}
          >
            {say("generate")}
          </Button>
        )
      }
    </FormDialog>
  );
}

/** The e-mail of the card: a letter can be sent to such a login. */
function suggestion(card: ContactCard): string {
  return card.fields.find((field) => field.type === "email")?.value ?? "";
}

const ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";

/** 12 characters in three groups, none of which looks like another: 60 bits. */
function madeUp(): string {
  const numbers = crypto.getRandomValues(new Uint8Array(12));
  const letters = [...numbers].map((one) => ALPHABET[one % ALPHABET.length]).join("");
  return [letters.slice(0, 4), letters.slice(4, 8), letters.slice(8)].join("-");
}
