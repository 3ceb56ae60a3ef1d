import {
  Alert,
  Box,
  Button,
  Center,
  Checkbox,
  Group,
  Paper,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { type FormEvent, useState } from "react";
import { api } from "./api.ts";
import { Choices } from "./Choices.tsx";
import { errorText } from "./failures.ts";
import logo from "./logo.svg";
import { useWords } from "./words/index.ts";

export function SignIn({ onDone }: { onDone: () => void }) {
  const say = useWords();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [remember, setRemember] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError("");
    try {
      await api.signIn(login, password, remember);
      onDone();
    } catch (failure) {
      setError(errorText(failure));
      setPassword("");
    } finally {
      setBusy(false);
    }
  };

  return (
    <Box component="main" mih="100vh" p="md">
      <Group justify="flex-end">
        <Choices />
      </Group>
      <Center mt={{ base: "md", sm: 64 }}>
        <Stack w="100%" maw={380} gap="lg">
          <Group gap="sm" justify="center" wrap="nowrap">
            <img src={logo} width={44} height={44} alt="" />
            <Title order={1} size="h3">
              {say("title")}
            </Title>
          </Group>
          <Paper withBorder p="lg" radius="lg">
            <form onSubmit={(event) => void submit(event)} aria-labelledby="sign-in">
              <Stack gap="md">
                <Title order={2} size="h4" id="sign-in">
                  {say("signIn.title")}
                </Title>
                {error && (
                  <Alert color="red" variant="outline" role="alert">
                    {error}
                  </Alert>
                )}
                <TextInput
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
          </Paper>
          <Text size="sm" c="dimmed" ta="center">
            {say("signIn.hint")}
          </Text>
        </Stack>
      </Center>
    </Box>
  );
}
