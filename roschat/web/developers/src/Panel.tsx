/** The shell: title, left menu, and what the menu leads to. */
import { ActionIcon, AppShell, Burger, Group, NavLink, Text, Title, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconLogout, IconRobot } from "@tabler/icons-react";
import { api, type Developer } from "./api.ts";
import { Bots } from "./Bots.tsx";
import { Choices } from "./Choices.tsx";
import { complain } from "./failures.ts";
import logo from "./logo.svg";
import { useWords } from "./words/index.ts";

export function Panel({ developer, onGone }: { developer: Developer; onGone: () => void }) {
  const say = useWords();
  const [opened, { toggle, close }] = useDisclosure();
  const leave = () => api.signOut().then(onGone, complain);
  return (
    <AppShell
      header={{ height: 60 }}
      navbar={{ width: 200, breakpoint: "sm", collapsed: { mobile: !opened } }}
      padding="md"
    >
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={say("menu")} />
            <img src={logo} width={32} height={32} alt="" />
            <Title order={1} size="h4" visibleFrom="sm">
              {say("title")}
            </Title>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Text size="sm" c="dimmed" visibleFrom="sm" data-testid="developer">
              {developer.name || developer.login}
            </Text>
            <Choices />
            <Tooltip label={say("signOut")}>
              <ActionIcon variant="default" size={34} onClick={() => void leave()} aria-label={say("signOut")}>
                <IconLogout size={18} aria-hidden />
              </ActionIcon>
            </Tooltip>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={say("menu")}>
        <NavLink
          component="button"
          active
          aria-current="page"
          onClick={close}
          label={say("bots")}
          leftSection={<IconRobot size={18} aria-hidden />}
        />
      </AppShell.Navbar>
      <AppShell.Main>
        <Title order={1} size="h4" hiddenFrom="sm" mb="sm">
          {say("title")}
        </Title>
        <Bots onGone={onGone} />
      </AppShell.Main>
    </AppShell>
  );
}
