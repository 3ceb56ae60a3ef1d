/** What an unknown visitor sees: the name of the product and the way in. */
import { ActionIcon, Alert, Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import { LanguageChoice } from "../more/LanguageChoice.tsx";
import { useSession } from "../state/session.ts";
import { useWords } from "../words/index.ts";
import { Registration } from "./Registration.tsx";
import { useRegistrationRules } from "./registration.ts";
import { SignInForm } from "./SignInForm.tsx";
import styles from "./StartScreen.module.css";

export function StartScreen() {
  const say = useWords();
  const [step, setStep] = useState<"start" | "signIn" | "register">("start");
  /** Who has just registered, and whether the account is there already. */
  const [registered, setRegistered] = useState({ login: "", made: false });
  const [rules, askRules] = useRegistrationRules();
  const form = step !== "start";
  const enter = () => setStep("signIn");
  const start = () => {
    setRegistered({ login: "", made: false });
    setStep("start");
  };
  const dismissed = useSession((state) => state.dismissed);
  return (
    <main className={styles.page}>
      <div className={styles.corner}>
        <LanguageChoice compact />
      </div>
      <div className={styles.card}>
        <Stack align="center" gap={6} mb={form ? "lg" : "xl"}>
          <img src="/icon.svg" width={form ? 56 : 84} height={form ? 56 : 84} alt="" />
          <Title order={1} size={form ? "h3" : "h2"} mt="xs">
            {say("app.name")}
          </Title>
          <Text c="dimmed" size="sm" ta="center">
            {say("start.tagline")}
          </Text>
        </Stack>
        {(dismissed || registered.made) && (
          <Alert role="alert" variant="light" color="brand" mb="lg">
            <Text size="sm" c="var(--text)">
              {say(registered.made ? "register.made" : "start.dismissed")}
            </Text>
          </Alert>
        )}
        {step === "signIn" && <SignInForm as={registered.login} onBack={start} />}
        {step === "register" && rules && (
          <Registration
            rules={rules}
            onRules={askRules}
            onBack={start}
            onSignIn={(login, made) => {
              setRegistered({ login, made });
              enter();
            }}
          />
        )}
        {!form && (
          <Stack component="footer" align="center" gap="xs">
            <Group justify="center" gap="xs" wrap="nowrap">
              <Button variant="subtle" px="sm" onClick={enter} className={styles.enter}>
                {say("start.enter")}
              </Button>
              <ActionIcon size={42} radius="xl" onClick={enter} aria-label={say("start.openForm")}>
                <IconPencil size={20} />
              </ActionIcon>
            </Group>
            {rules?.on && (
              <Button variant="subtle" px="sm" onClick={() => setStep("register")} className={styles.enter}>
                {say("start.register")}
              </Button>
            )}
          </Stack>
        )}
      </div>
    </main>
  );
}
