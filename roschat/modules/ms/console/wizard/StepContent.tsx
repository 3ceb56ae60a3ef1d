/** What a step says, and the way to where it is done. A page that is not installed is not offered. */
import { tell, useSave, type WizardStep } from "@console/api/index.ts";
import { type Field, FormDialog, SettingsForm } from "@console/kit/index.ts";
import { PAGES, pageAt } from "@console/pages.ts";
import { useSessionState } from "@console/session.tsx";
import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";
import { words } from "./words.ts";

export function StepContent({ step }: { step: WizardStep }) {
  const say = words.use();
  const done = step.state === "done";
  switch (step.name) {
    case "password":
      return <Text size="sm">{say(done ? "password.done" : "password.text")}</Text>;
    case "administrator":
      return <FirstAdministrator done={done} />;
    case "address":
      return (
        <>
          <Text size="sm">{say("address.text")}</Text>
          <SettingsForm section="connection" title={say("address.card")} keys={["address"]} />
          <To path="/settings/web-server" text={say("address.open")} />
        </>
      );
    case "certificate":
      return (
        <>
          <Text size="sm">{say(done ? "certificate.done" : "certificate.text")}</Text>
          <To path="/settings/web-server" text={say("certificate.open")} />
        </>
      );
    case "mail":
      return (
        <>
          <Text size="sm">{say("mail.text")}</Text>
          <To path="/settings/mail" text={say("mail.open")} />
        </>
      );
    case "people":
      return (
        <>
          <Text size="sm">{say("people.text")}</Text>
          <Group gap="sm">
            <To path="/directory" text={say("people.open")} />
            <To path="/directory/mass-add" text={say("people.mass")} />
            <To path="/directory/import" text={say("people.import")} />
          </Group>
        </>
      );
    case "test":
      return (
        <>
          <Text size="sm">{say("test.text")}</Text>
          <Group gap="sm">
            <Button
              component="a"
              href={`https://${location.hostname}/`}
              target="_blank"
              rel="noreferrer"
              variant="light"
            >
              {say("test.client")}
            </Button>
            <To path="/monitor" text={say("test.monitor")} />
          </Group>
        </>
      );
  }
}

function To({ path, text }: { path: string; text: string }) {
  const there = pageAt(path, PAGES);
  if (!there) return null;
  return (
    <div>
      <Button component={Link} href={path} variant="light">
        {text}
      </Button>
    </div>
  );
}

const EMPTY = { surname: "", name: "", patronymic: "", login: "", password: "" };

function FirstAdministrator({ done }: { done: boolean }) {
  const say = words.use();
  const { leave } = useSessionState();
  const [adding, setAdding] = useState(false);
  const add = useSave("POST /users", { invalidates: ["GET /wizard", "GET /users"] });
  const fields: Field<typeof EMPTY>[] = [
    { name: "surname", label: say("surname"), required: true },
    { name: "name", label: say("name") },
    { name: "patronymic", label: say("patronymic") },
    { name: "login", label: say("login"), required: true },
    { name: "password", label: say("passwordField"), kind: "password", required: true, minLength: 10 },
  ];
  return (
    <>
      <Text size="sm">{say(done ? "administrator.done" : "administrator.text")}</Text>
      <Group gap="sm">
        {done ? (
          <Button variant="light" onClick={() => void leave()}>
            {say("administrator.signOut")}
          </Button>
        ) : (
          <Button onClick={() => setAdding(true)}>{say("administrator.create")}</Button>
        )}
      </Group>
      {adding && (
        <FormDialog
          title={say("administrator.create")}
          fields={fields}
          initial={EMPTY}
          onSave={async (values) => {
            await add.mutateAsync({ ...values, role: "admin" });
            tell(say("administrator.done"));
          }}
          onClose={() => setAdding(false)}
        />
      )}
    </>
  );
}
