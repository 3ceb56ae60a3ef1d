/** The code from the letter proves that the address is the applicant's own. */
import { Alert, Anchor, Button, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useWords } from "../words/index.ts";

/** Seconds between two letters, as the server keeps them too. */
const PAUSE = 60;

interface RegistrationCodeProps {
  email: string;
  error: string;
  onCode: (code: string) => Promise<void>;
  onResend: () => Promise<void>;
  onBack: () => void;
}

export function RegistrationCode({ email, error, onCode, onResend, onBack }: RegistrationCodeProps) {
  const say = useWords();
  const field = useRef<HTMLInputElement>(null);
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [left, restart] = useCountdown(PAUSE);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    await onCode(code.trim());
    setBusy(false);
    setCode("");
    field.current?.focus();
  };
  const resend = async () => {
    restart();
    await onResend();
    field.current?.focus();
  };

  return (
    <form aria-labelledby="register" onSubmit={(event) => void submit(event)}>
      <Stack gap="md">
        {error && (
          <Alert role="alert" variant="light" color="red">
            {error}
          </Alert>
        )}
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {say("register.codeText", { email })}
        </Text>
        <TextInput
          ref={field}
          label={say("signIn.code")}
          autoComplete="one-time-code"
          inputMode="numeric"
          name="code"
          maxLength={12}
          required
          withAsterisk={false}
          autoFocus
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Button type="submit" loading={busy} disabled={!code.trim()} size="md" fullWidth>
          {say("register.confirm")}
        </Button>
        {left > 0 ? (
          <Text size="sm" ta="center" c="dimmed">
            {say("register.resendIn", { count: left })}
          </Text>
        ) : (
          <Button variant="subtle" size="sm" onClick={() => void resend()}>
            {say("register.resend")}
          </Button>
        )}
        <Anchor component="button" type="button" size="sm" ta="center" c="dimmed" onClick={onBack}>
          {say("common.back")}
        </Anchor>
      </Stack>
    </form>
  );
}

/** Seconds left, and how to begin again. A sleeping page counts right, too: the end is a time of the clock. */
function useCountdown(seconds: number): [number, () => void] {
  const [end, setEnd] = useState(() => Date.now() + seconds * 1000);
  const [now, setNow] = useState(Date.now);
  const left = Math.max(0, Math.ceil((end - now) / 1000));
  const running = left > 0;
  useEffect(() => {
    if (!running) return;
    const tick = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(tick);
  }, [running]);
  const restart = () => {
    setNow(Date.now());
    setEnd(Date.now() + seconds * 1000);
  };
  return [left, restart];
}
