/** Ctrl+K: go to any page by a part of its name in either language. */
import { ActionIcon, Button, Group, Kbd, Modal, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useState } from "react";
import { useLocation } from "wouter";
import { ICONS } from "../icons.ts";
import type { Page } from "../page.ts";
import { pagesFor } from "../pages.ts";
import { useSession } from "../session.tsx";
import { words } from "../words/shell.ts";
import { useBoth } from "../words.ts";

export function GoTo() {
  const say = words.use();
  const [opened, setOpened] = useState(false);
  useHotkeys([["mod+K", () => setOpened(true)]], []);
  return (
    <>
      <Button
        variant="default"
        h={34}
        visibleFrom="sm"
        fw={450}
        c="dimmed"
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={<Kbd size="xs">Ctrl K</Kbd>}
        onClick={() => setOpened(true)}
      >
        {say("go.title")}
      </Button>
      <ActionIcon
        hiddenFrom="sm"
        variant="default"
        size={34}
        aria-label={say("go.open")}
        onClick={() => setOpened(true)}
      >
        <IconSearch size={18} aria-hidden />
      </ActionIcon>
      {opened && <Dialog onClose={() => setOpened(false)} />}
    </>
  );
}

function Dialog({ onClose }: { onClose: () => void }) {
  const say = words.use();
  const both = useBoth();
  const { role } = useSession();
  const [, navigate] = useLocation();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const groupOf = (page: Page) =>
    page.group && page.group !== "account" ? say(`group.${page.group}`) : say("account");
  const wanted = text.trim().toLowerCase();
  const found = pagesFor(role)
    .filter((page) => `${page.title.ru} ${page.title.en} ${groupOf(page)}`.toLowerCase().includes(wanted))
    .slice(0, 12);
  const chosen = Math.min(at, found.length - 1);
  const go = (page: Page | undefined) => {
    if (!page) return;
    onClose();
    navigate(page.path);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter") go(found[chosen]);
    else if (event.key === "ArrowDown") setAt(Math.min(chosen + 1, found.length - 1));
    else if (event.key === "ArrowUp") setAt(Math.max(chosen - 1, 0));
    else return;
    event.preventDefault();
  };
  return (
    <Modal opened centered={false} onClose={onClose} title={say("go.title")} padding="sm">
      <TextInput
        data-autofocus
        role="combobox"
        aria-expanded
        aria-controls="go-to"
        aria-activedescendant={found[chosen] ? `go-to-${chosen}` : undefined}
        aria-label={say("go.title")}
        placeholder={say("go.title")}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKey}
        mb={6}
      />
      <div role="listbox" id="go-to" aria-label={say("go.title")}>
        {found.map((page, index) => {
          const Icon = ICONS[page.icon];
          return (
            <UnstyledButton
              key={page.path}
              id={`go-to-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              w="100%"
              px="sm"
              py={8}
              onClick={() => go(page)}
              onMouseMove={() => setAt(index)}
              style={{
                borderRadius: 8,
                ...(index === chosen ? { background: "var(--mantine-color-default-hover)" } : {}),
              }}
            >
              <Group gap="sm" wrap="nowrap">
                <Icon size={18} stroke={1.7} aria-hidden />
                <Text size="sm" flex={1}>
                  {both(page.title)}
                </Text>
                <Text size="xs" c="dimmed">
                  {groupOf(page)}
                </Text>
              </Group>
            </UnstyledButton>
          );
        })}
      </div>
      {found.length === 0 && (
        <Text size="sm" c="dimmed" p="sm">
          {say("go.none")}
        </Text>
      )}
    </Modal>
  );
}
