import { Anchor, Button, Checkbox, Modal, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { codeOf } from "@roschat/shared/failure.ts";
import { type FormEvent, useState } from "react";
import { server } from "../state/server.ts";
import { errorText } from "../ui/attempt.ts";
import { useWords } from "../words/index.ts";

interface SignInFormProps {
  /** The login that stands in the form at first. */
  as: string;
  onBack: () => void;
}

export function SignInForm({ as, onBack }: SignInFormProps) {
  const say = useWords();
  const [login, setLogin] = useState(as);
  const [password, setPassword] = useState("");
  const [stay, setStay] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  /** The server has mailed a code for this new device. */
  const [asked, setAsked] = useState(false);
  const [code, setCode] = useState("");

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await server.signIn(login.trim(), password, stay, code.trim());
    } catch (failure) {
      const why = codeOf(failure);
      setCode("");
      if (why === "need-code") return setAsked(true);
      setError(errorText(why));
      if (why === "bad-code") return;
      setAsked(false);
      setPassword("");
    } finally {
      setBusy(false);
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="md">
        <TextInput
          label={say("signIn.login")}
          placeholder={say("signIn.loginExample")}
          autoComplete="username"
          name="login"
          required
          withAsterisk={false}
          data-autofocus
          autoFocus={!as}
          value={login}
          onChange={(event) => setLogin(event.currentTarget.value)}
        />
        <PasswordInput
          label={say("signIn.password")}
          autoComplete="current-password"
          name="password"
          required
          withAsterisk={false}
          autoFocus={Boolean(as)}
          visibilityToggleButtonProps={{ "aria-label": say("signIn.showPassword"), tabIndex: 0 }}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {asked && (
          <TextInput
            label={say("signIn.code")}
            description={say("signIn.codeText")}
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
        )}
        <Checkbox
          label={say("signIn.stay")}
          checked={stay}
          onChange={(event) => setStay(event.currentTarget.checked)}
        />
        <Button type="submit" loading={busy} size="md" fullWidth>
          {say("signIn.submit")}
        </Button>
        <Anchor component="button" type="button" size="sm" ta="center" c="dimmed" onClick={onBack}>
          {say("common.back")}
        </Anchor>
      </Stack>
      <Modal
        opened={error !== ""}
        onClose={() => setError("")}
        withCloseButton={false}
        size="xs"
        title={say("signIn.failed")}
      >
        <Text>{error}</Text>
        <Button mt="lg" fullWidth onClick={() => setError("")} data-autofocus>
          {say("common.ok")}
        </Button>
      </Modal>
    </form>
  );
}
