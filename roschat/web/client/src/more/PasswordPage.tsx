import { Button, PasswordInput, Stack, Text } from "@mantine/core";
import { codeOf } from "@roschat/shared/failure.ts";
import { type FormEvent, useState } from "react";
import { server } from "../state/server.ts";
import { errorText, tell } from "../ui/attempt.ts";
import { useWords } from "../words/index.ts";

const SHORTEST = 8;

export function PasswordPage() {
  const say = useWords();
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const [again, setAgain] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const short = fresh !== "" && fresh.length < SHORTEST;
  const differ = again !== "" && again !== fresh;
  const eye = { "aria-label": say("signIn.showPassword"), tabIndex: 0 };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError("");
    try {
      await server.call("change-password", { oldPassword: old, newPassword: fresh });
      setOld("");
      setFresh("");
      setAgain("");
      tell(say("password.done"));
    } catch (failure) {
      const code = codeOf(failure);
      setError(code === "bad-login-psw" || code === "access-denied" ? say("password.wrong") : errorText(code));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack maw={380}>
        <Text size="sm" c="dimmed">
          {say("password.text")}
        </Text>
        <PasswordInput
          label={say("password.old")}
          autoComplete="current-password"
          visibilityToggleButtonProps={eye}
          error={error || undefined}
          value={old}
          onChange={(event) => setOld(event.currentTarget.value)}
        />
        <PasswordInput
          label={say("password.new")}
          autoComplete="new-password"
          visibilityToggleButtonProps={eye}
          error={short ? say("password.short", { count: SHORTEST }) : undefined}
          value={fresh}
          onChange={(event) => setFresh(event.currentTarget.value)}
        />
        <PasswordInput
          label={say("password.again")}
          autoComplete="new-password"
          visibilityToggleButtonProps={eye}
          error={differ ? say("password.differ") : undefined}
          value={again}
          onChange={(event) => setAgain(event.currentTarget.value)}
        />
        <Button
          type="submit"
          loading={busy}
          disabled={!old || fresh.length < SHORTEST || fresh !== again}
          style={{ alignSelf: "flex-start" }}
        >
          {say("common.save")}
        </Button>
      </Stack>
    </form>
  );
}
