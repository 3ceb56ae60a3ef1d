/** What an unknown visitor sees: the name of the product and the way in. */
import { ActionIcon, Alert, Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import { LanguageChoice } from "../more/LanguageChoice.tsx";
import { useSession } from "../state/session.ts";
import { useWords } from "../words/index.ts";
import { SignInForm } from "./SignInForm.tsx";
import styles from "./StartScreen.module.css";

export function StartScreen() {
  const say = useWords();
  const [form, setForm] = useState(false);
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
        {dismissed && (
          <Alert role="alert" variant="light" color="brand" mb="lg">
            <Text size="sm" c="var(--text)">
              {say("start.dismissed")}
            </Text>
          </Alert>
        )}
        {form && <SignInForm onBack={() => setForm(false)} />}
        {!form && (
          <Group component="footer" justify="center" gap="xs" wrap="nowrap">
            <Button variant="subtle" onClick={() => setForm(true)} className={styles.enter}>
              {say("start.enter")}
            </Button>
            <ActionIcon size={42} radius="xl" onClick={() => setForm(true)} aria-label={say("start.openForm")}>
              <IconPencil size={20} />
            </ActionIcon>
          </Group>
        )}
      </div>
    </main>
  );
}
