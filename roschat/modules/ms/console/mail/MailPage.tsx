/** «Почта»: the connection to the mail server, its check, a test letter, the queue. */
import { call } from "@console/api/index.ts";
import { CheckDialog, Page, SettingsForm } from "@console/kit/index.ts";
import { Button } from "@mantine/core";
import { useState } from "react";
import { Queue } from "./Queue.tsx";
import { TestLetter } from "./TestLetter.tsx";
import { told } from "./told.tsx";
import { words } from "./words.ts";

const KEYS = [
  "on",
  "host",
  "security",
  "port",
  "verify_certificate",
  "sign_in",
  "username",
  "password",
  "sender",
  "address",
  "language",
  "keep_trying",
];
const NEEDED = ["host", "address"] as const;
const SIGNED = ["username", "password"] as const;

export default function MailPage() {
  const say = words.use();
  const [checking, setChecking] = useState(false);
  const [writing, setWriting] = useState(false);
  return (
    <Page title={say("title")} text={say("about")}>
      <SettingsForm
        section="mail"
        title={say("connection")}
        keys={KEYS}
        choices={{ language: { ru: { ru: "Русский", en: "Russian" }, en: { ru: "Английский", en: "English" } } }}
        show={{
          username: (values) => values.sign_in !== false,
          password: (values) => values.sign_in !== false,
          verify_certificate: (values) => values.security !== "no",
        }}
        check={(values) => {
          if (values.on !== true) return {};
          const needed = values.sign_in === false ? NEEDED : [...NEEDED, ...SIGNED];
          return Object.fromEntries(needed.filter((key) => !values[key]).map((key) => [key, "empty"]));
        }}
        actions={
          <>
            <Button size="xs" variant="light" onClick={() => setChecking(true)}>
              {say("check")}
            </Button>
            <Button size="xs" variant="default" onClick={() => setWriting(true)}>
              {say("testLetter")}
            </Button>
          </>
        }
      />
      <Queue />
      {checking && (
        <CheckDialog
          run={async () => told(await call("POST /mail/test", {}), say("checkRight"))}
          onClose={() => setChecking(false)}
        />
      )}
      {writing && <TestLetter onClose={() => setWriting(false)} />}
    </Page>
  );
}
