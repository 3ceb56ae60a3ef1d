import { Anchor, Button, Checkbox, Modal, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { codeOf } from "@roschat/shared/failure.ts";
import { type FormEvent, useState } from "react";
import { server } from "../state/server.ts";
import { errorText } from "../ui/attempt.ts";
import { useWords } from "../words/index.ts";

export function SignInForm({ onBack }: { onBack: () => void }) {
  const say = useWords();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [stay, setStay] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await server.signIn(login.trim(), password, stay);
    } catch (failure) {
      setError(errorText(codeOf(failure)));
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
          autoFocus
          value={login}
          onChange={(event) => setLogin(event.currentTarget.value)}
        />
        <PasswordInput
          label={say("signIn.password")}
          autoComplete="current-password"
          name="password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ "aria-label": say("signIn.showPassword"), tabIndex: 0 }}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
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
