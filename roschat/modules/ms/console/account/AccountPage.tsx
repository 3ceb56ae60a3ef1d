/** «Моя учётная запись»: one's own password, second factor and sessions. */
import { call, complain, invalidate, tell, useApi } from "@console/api/index.ts";
import { Asked } from "@console/kit/Empty.tsx";
import { Page, Section } from "@console/kit/Page.tsx";
import { ValueList } from "@console/kit/Values.tsx";
import { Button } from "@mantine/core";
import { useState } from "react";
import { SessionList } from "../users/SessionList.tsx";
import { PasswordDialog } from "./PasswordDialog.tsx";
import { SecondFactor } from "./SecondFactor.tsx";
import { words } from "./words.ts";

export default function AccountPage() {
  const say = words.use();
  const account = useApi("GET /account");
  const sessions = useApi("GET /account/sessions");
  const [changing, setChanging] = useState(false);
  const end = async (session = 0) => {
    try {
      await call("DELETE /account/sessions", { session });
    } catch (error) {
      complain(error);
    }
    await invalidate(["GET /account/sessions"]);
  };
  return (
    <Page title={say("title")}>
      <Asked of={account}>
        {(mine) => (
          <>
            <Section>
              <ValueList
                values={[
                  { label: say("login"), value: mine.login },
                  {
                    label: say("fullName"),
                    value: [mine.surname, mine.name, mine.patronymic].filter(Boolean).join(" "),
                  },
                  { label: say("role"), value: say(mine.role) },
                  { label: say("email"), value: mine.email },
                ]}
              />
            </Section>
            <Section
              title={say("password")}
              text={say("passwordText")}
              actions={
                <Button variant="light" onClick={() => setChanging(true)}>
                  {say("changePassword")}
                </Button>
              }
            />
            <SecondFactor account={mine} />
          </>
        )}
      </Asked>
      <Section
        title={say("sessions")}
        text={say("sessionsText")}
        actions={
          (sessions.data?.length ?? 0) > 1 && (
            <Button variant="default" onClick={() => void end()}>
              {say("endOthers")}
            </Button>
          )
        }
      >
        <Asked of={sessions} height={80}>
          {(open) => <SessionList sessions={open} onEnd={(session) => void end(session)} />}
        </Asked>
      </Section>
      {changing && (
        <PasswordDialog
          onClose={() => setChanging(false)}
          onDone={() => {
            tell(say("passwordDone"));
            void invalidate(["GET /account/sessions"]);
          }}
        />
      )}
    </Page>
  );
}
