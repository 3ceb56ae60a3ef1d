/** The avatar button with the login: pages of one's own account, and signing out. */
import { Avatar, Box, Button, Menu, Text } from "@mantine/core";
import { IconChevronDown, IconLogout } from "@tabler/icons-react";
import { useLocation } from "wouter";
import { ICONS } from "../icons.ts";
import { confirm } from "../kit/Confirm.tsx";
import { accountPages } from "../pages.ts";
import { useSession, useSessionState } from "../session.tsx";
import { words } from "../words/shell.ts";
import { useBoth } from "../words.ts";
import classes from "./Shell.module.css";

export function Account() {
  const say = words.use();
  const both = useBoth();
  const session = useSession();
  const { leave } = useSessionState();
  const [, navigate] = useLocation();
  const signOut = async () => {
    if (await confirm({ title: say("signOut.title"), text: say("signOut.text") })) await leave();
  };
  return (
    <Menu position="bottom-end" width={250}>
      <Menu.Target>
        <Button
          variant="default"
          h={34}
          px={6}
          leftSection={
            <Avatar size={24} radius="xl" color="brand" variant="filled" aria-hidden>
              <Text span size="xs" fw={650}>
                {(session.name || session.login).slice(0, 1).toUpperCase()}
              </Text>
            </Avatar>
          }
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          <Text span size="sm" fw={550} truncate maw={140} className={classes.login}>
            {session.login}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Box px="sm" py={6}>
          <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
            {session.name || session.login}
          </Text>
          <Text size="xs" c="dimmed">
            {session.login} · {say(`role.${session.role}`)}
          </Text>
        </Box>
        <Menu.Divider />
        {accountPages(session.role).map((page) => {
          const Icon = ICONS[page.icon];
          return (
            <Menu.Item key={page.path} leftSection={<Icon size={16} aria-hidden />} onClick={() => navigate(page.path)}>
              {both(page.title)}
            </Menu.Item>
          );
        })}
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void signOut()}>
          {say("signOut.do")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
