/** «Учетная запись»: login and password, block, letter, and ending of all sessions. */

import type { ContactCard } from "@console/api/generated.ts";
import { call, invalidate, tell, useApi } from "@console/api/index.ts";
import { confirm } from "@console/kit/Confirm.tsx";
import { Empty } from "@console/kit/Empty.tsx";
import { Section } from "@console/kit/Page.tsx";
import { StatusDot } from "@console/kit/StatusDot.tsx";
import { ValueList } from "@console/kit/Values.tsx";
import { useSession } from "@console/session.tsx";
import { Alert, Button, Code, CopyButton, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { AccountDialog, type Asks } from "./AccountDialog.tsx";
import { attempt } from "./attempt.ts";
import { words } from "./words.ts";

export function AccountTab({ card }: { card: ContactCard }) {
  const say = words.use();
  const [asks, setAsks] = useState<Asks>();
  // Known on this page until it is left: so that a letter can be sent, and the password be written down.
  const [password, setPassword] = useState("");
  const dialog = asks && (
    <AccountDialog card={card} asks={asks} onClose={() => setAsks(undefined)} onPassword={setPassword} />
  );
  if (!card.login)
    return (
      <Section>
        <Empty
          title={say("noAccount")}
          text={say("noAccountText")}
          icon="key"
          action={<Button onClick={() => setAsks("both")}>{say("createAccount")}</Button>}
        />
        {dialog}
      </Section>
    );
  return (
    <Stack gap="md">
      {password && <Shown login={card.login} password={password} />}
      <Section
        title={say("account")}
        actions={
          <>
            <Button variant="light" size="xs" onClick={() => setAsks("login")}>
              {say("changeLogin")}
            </Button>
            <Button variant="light" size="xs" onClick={() => setAsks("password")}>
              {say("changePassword")}
            </Button>
          </>
        }
      >
        <ValueList
          values={[
            { label: say("field.login"), value: card.login },
            {
              label: say("status"),
              value: card.blocked ? (
                <StatusDot state="failed" label={say("badge.blocked")} />
              ) : card.active === false ? (
                <StatusDot state="off" label={say("badge.inactive")} />
              ) : (
                <StatusDot state="ok" label={say("status.ok")} />
              ),
            },
          ]}
        />
        <Work card={card} password={password} />
      </Section>
      {dialog}
    </Stack>
  );
}

function Shown({ login, password }: { login: string; password: string }) {
  const say = words.use();
  return (
    <Alert color="brand" variant="light" title={say("shownOnce")}>
      <Group gap="sm">
        <Code fz="sm" data-password>
          {login} · {password}
        </Code>
        <CopyButton value={`${login} ${password}`}>
          {({ copied, copy }) => (
            <Button size="compact-xs" variant="default" onClick={copy}>
              {say(copied ? "copied" : "copy")}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Alert>
  );
}

function Work({ card, password }: { card: ContactCard; password: string }) {
  const say = words.use();
  const { cid, login = "" } = card;
  const mayMail = /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(login);
  const changed = () => invalidate(["GET /contacts/{cid}", "POST /contacts/find", "GET /contacts/{cid}/connections"]);
  const block = async (blocked: boolean) => {
    if (blocked && !(await confirm({ text: say("blockText"), danger: true }))) return;
    await call("PUT /contacts/{cid}/account/blocked", { cid, blocked });
    await changed();
  };
  const remove = async () => {
    const question = { text: say("removeAccountText", { login }), ok: say("remove"), danger: true };
    if (!(await confirm(question))) return;
    await call("DELETE /contacts/{cid}/account", { cid });
    await changed();
  };
  const signOut = async () => {
    if (!(await confirm({ text: say("signOutAllText") }))) return;
    await call("DELETE /contacts/{cid}/connections", { cid });
    await changed();
    tell(say("signedOut"));
  };
  return (
    <Stack gap={6} mt="md">
      <Group gap="xs">
        <LetterButton card={card} password={password} off={!mayMail} />
        <Button variant="default" size="xs" onClick={() => attempt(signOut())}>
          {say("signOutAll")}
        </Button>
        <Button variant="default" size="xs" onClick={() => attempt(block(!card.blocked))}>
          {say(card.blocked ? "unblock" : "block")}
        </Button>
        <Button variant="default" size="xs" onClick={() => attempt(remove())}>
          {say("removeAccount")}
        </Button>
      </Group>
      {!mayMail && (
        <Text size="xs" c="dimmed">
          {say("letterNeedsEmail")}
        </Text>
      )}
    </Stack>
  );
}

function LetterButton({ card, password, off }: { card: ContactCard; password: string; off: boolean }) {
  const say = words.use();
  const { role } = useSession();
  const mail = useApi("GET /mail", {}, { enabled: !off && role !== "security" });
  const login = card.login ?? "";
  const send = async () => {
    if (mail.data && !mail.data.on) {
      await confirm({ title: say("sendLetterTitle"), text: say("mailOff"), ok: say("close") });
      return;
    }
    const text = say(password ? "sendKnown" : "sendNew", { login });
    if (!(await confirm({ title: say("sendLetterTitle"), text, ok: say("sendLetter") }))) return;
    const { to } = await call("POST /contacts/{cid}/account/letter", { cid: card.cid, password });
    await invalidate(["GET /contacts/{cid}"]);
    tell(say("sent", { to }));
  };
  return (
    <Button variant="default" size="xs" disabled={off} onClick={() => attempt(send())}>
      {say("sendLetter")}
    </Button>
  );
}
