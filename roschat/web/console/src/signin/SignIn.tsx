/** Sign-in: login and password; then a code when the account wants a second factor. */
import { Alert, Button, Checkbox, PasswordInput, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { ApiError, call } from "../api/client.ts";
import { errorText } from "../api/errors.ts";
import { useSessionState } from "../session.tsx";
import { words } from "../words/shell.ts";
import { Card } from "./Card.tsx";

export function SignIn() {
  const say = words.use();
  const { enter, lost } = useSessionState();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [remember, setRemember] = useState(false);
  const [code, setCode] = useState("");
  /** Which second factor is asked for. */
  const [factor, setFactor] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError("");
    try {
      enter(await call("POST /session", { login: login.trim(), password, remember, ...(code ? { code } : {}) }));
    } catch (failure) {
      refused(failure);
    } finally {
      setBusy(false);
    }
  };
  const refused = (failure: unknown) => {
    const known = failure instanceof ApiError ? failure : undefined;
    if (known?.code === "second-factor") {
      setFactor(known.fields.factor || "totp");
      setCode("");
      if (known.fields.code === "bad-value") setError(say("code.bad"));
      return;
    }
    setError(known?.code === "access-denied" ? say("signIn.outside") : errorText(failure));
    setPassword("");
    setCode("");
    setFactor("");
  };
  const wrong = error && (
    <Alert color="red" variant="light" role="alert">
      {error}
    </Alert>
  );

  if (factor)
    return (
      <Card title={say("code.title")} text={say(factor === "mail" ? "code.mail" : "code.totp")}>
        <form onSubmit={(event) => void submit(event)}>
          <Stack gap="md">
            {wrong}
            <TextInput
              key="code"
              label={say("code.label")}
              name="code"
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={12}
              autoFocus
              required
              withAsterisk={false}
              value={code}
              onChange={(event) => setCode(event.currentTarget.value.replace(/\s/g, ""))}
            />
            <Button type="submit" loading={busy} fullWidth>
              {say("code.enter")}
            </Button>
            <Button
              variant="subtle"
              fullWidth
              onClick={() => {
                setFactor("");
                setPassword("");
                setError("");
              }}
            >
              {say("code.back")}
            </Button>
          </Stack>
        </form>
      </Card>
    );
  return (
    <Card title={say("signIn.title")}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="md">
          {lost && !error && (
            <Alert color="brand" variant="light">
              {say("signIn.again")}
            </Alert>
          )}
          {wrong}
          <TextInput
            key="login"
            label={say("signIn.login")}
            name="login"
            autoComplete="username"
            autoFocus
            required
            withAsterisk={false}
            value={login}
            onChange={(event) => setLogin(event.currentTarget.value)}
          />
          <PasswordInput
            label={say("signIn.password")}
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            // The form has one button (console-facts, section 1); the eye is reached with the keyboard all the same.
            visibilityToggleButtonProps={{ "aria-label": say("signIn.showPassword"), tabIndex: 0 }}
          />
          <Checkbox
            label={say("signIn.remember")}
            checked={remember}
            onChange={(event) => setRemember(event.currentTarget.checked)}
          />
          <Button type="submit" loading={busy} fullWidth>
            {say("signIn.enter")}
          </Button>
        </Stack>
      </form>
    </Card>
  );
}
