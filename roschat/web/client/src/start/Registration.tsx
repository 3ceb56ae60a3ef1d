/** The way to an account: the form, the code from the letter where the server sends one, then in, or a wait. */
import { Button, Stack, Text, Title } from "@mantine/core";
import { codeOf } from "@roschat/shared/failure.ts";
import type { RegisterReply, RegistrationRules } from "@roschat/shared/protocol.ts";
import { useState } from "react";
import { server } from "../state/server.ts";
import { errorText, tell } from "../ui/attempt.ts";
import { useWords } from "../words/index.ts";
import { RegistrationCode } from "./RegistrationCode.tsx";
import { RegistrationForm } from "./RegistrationForm.tsx";
import { type Applicant, type Faults, faultsOf } from "./registration.ts";

const NOBODY: Applicant = { email: "", surname: "", name: "", password: "", again: "" };

interface RegistrationProps {
  rules: RegistrationRules;
  /** Ask for the rules again. */
  onRules: () => Promise<RegistrationRules | undefined>;
  onBack: () => void;
  /** Sign in now, as `login`; `made`: the account is new and the sign-in by itself did not work. */
  onSignIn: (login: string, made: boolean) => void;
}

export function Registration({ rules, onRules, onBack, onSignIn }: RegistrationProps) {
  const say = useWords();
  const [applicant, setApplicant] = useState(NOBODY);
  const [step, setStep] = useState<"form" | "code" | "waiting">("form");
  /** The address is proved, so there is mail to write to it. */
  const [proved, setProved] = useState(false);
  const [error, setError] = useState("");
  const email = applicant.email.trim();

  const fail = (why: string) => setError(why === "access-denied" ? say("register.off") : errorText(why));
  const follow = async (reply: RegisterReply, byCode: boolean) => {
    setError("");
    if (reply.state === "code") return setStep("code");
    setProved(byCode);
    if (reply.state !== "done") return setStep("waiting");
    await server.signIn(email, applicant.password, false).catch(() => onSignIn(email, true));
  };
  /** Answers the state that the server told, or the code of its refusal. */
  const send = async (): Promise<string> => {
    try {
      const { surname, name, password } = applicant;
      const reply = await server.register({ email, surname: surname.trim(), name: name.trim(), password });
      await follow(reply, false);
      return reply.state;
    } catch (failure) {
      const why = codeOf(failure);
      // What is wrong with a form stands at its field.
      if (why === "bad-request") setError("");
      else fail(why);
      return why;
    }
  };
  const submit = async (): Promise<Faults> => {
    if ((await send()) !== "bad-request") return {};
    // The form kept the rules: either they are others now, or it is what the server alone knows.
    const found = faultsOf(applicant, (await onRules())?.domains ?? rules.domains);
    return Object.keys(found).length > 0 ? found : { password: "register.easy" };
  };
  const resend = async () => {
    const told = await send();
    if (told === "code") tell(say("register.resent"));
    if (told === "bad-request") setStep("form");
  };
  const prove = async (code: string) => {
    try {
      await follow(await server.register({ email, code }), true);
    } catch (failure) {
      fail(codeOf(failure));
    }
  };
  const back = () => {
    setError("");
    setStep("form");
  };

  return (
    <>
      <Title order={2} size="h4" ta="center" mb="md" id="register">
        {say(step === "waiting" ? "register.waiting" : "register.title")}
      </Title>
      {step === "form" && (
        <RegistrationForm
          rules={rules}
          applicant={applicant}
          onChange={setApplicant}
          error={error}
          onSubmit={submit}
          onBack={onBack}
        />
      )}
      {step === "code" && (
        <RegistrationCode email={email} error={error} onCode={prove} onResend={resend} onBack={back} />
      )}
      {step === "waiting" && (
        <Stack gap="md" role="status">
          <Text style={{ overflowWrap: "anywhere" }}>{say("register.waitingText", { email })}</Text>
          {proved && <Text>{say("register.waitingLetter")}</Text>}
          <Button size="md" fullWidth autoFocus onClick={() => onSignIn(email, false)}>
            {say("register.toSignIn")}
          </Button>
        </Stack>
      )}
    </>
  );
}
