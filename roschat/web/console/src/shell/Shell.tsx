/** The frame of a signed-in console: left menu, toolbar, tabs of the section, and the page of the address. */
import { ActionIcon, AppShell, Button, Group } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconMenu2, IconX } from "@tabler/icons-react";
import { Component, type ReactNode, Suspense, useEffect, useState } from "react";
import { Link, Redirect, useLocation } from "wouter";
import { Empty } from "../kit/Empty.tsx";
import { Page as Frame } from "../kit/Page.tsx";
import { LoadingSettings } from "../Loading.tsx";
import type { Page } from "../page.ts";
import { componentOf, homeOf, pageAt, pagesFor } from "../pages.ts";
import { useSession } from "../session.tsx";
import { words } from "../words/shell.ts";
import { Account } from "./Account.tsx";
import { Choices } from "./Choices.tsx";
import { GoTo } from "./GoTo.tsx";
import { Menu, Tabs } from "./Menu.tsx";
import { Problems } from "./Problems.tsx";
import classes from "./Shell.module.css";

export function Shell() {
  const say = words.use();
  const { role } = useSession();
  const [location] = useLocation();
  const [opened, { toggle, close }] = useDisclosure(false);
  const page = pageAt(location, pagesFor(role));
  return (
    <AppShell
      layout="alt"
      header={{ height: 54 }}
      navbar={{ width: 244, breakpoint: "sm", collapsed: { mobile: !opened } }}
      padding={0}
    >
      <a href="#content" className={classes.skip}>
        {say("skip")}
      </a>
      <AppShell.Header className={classes.header}>
        <Group h="100%" px={{ base: "xs", sm: "md" }} gap="xs" wrap="nowrap" justify="space-between">
          <ActionIcon
            hiddenFrom="sm"
            variant="default"
            size={34}
            onClick={toggle}
            aria-label={say("menu.open")}
            aria-expanded={opened}
          >
            <IconMenu2 size={18} aria-hidden />
          </ActionIcon>
          <GoTo />
          <Group gap="xs" wrap="nowrap" ml="auto">
            <Problems />
            <Choices />
            <Account />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.menu} component="div">
        <ActionIcon
          hiddenFrom="sm"
          variant="subtle"
          color="gray.4"
          size={34}
          pos="absolute"
          top={14}
          right={10}
          onClick={close}
          aria-label={say("menu.close")}
        >
          <IconX size={18} aria-hidden />
        </ActionIcon>
        <Menu page={page} onGone={close} />
      </AppShell.Navbar>
      <AppShell.Main className={classes.main} id="content" tabIndex={-1}>
        <Tabs page={page} />
        <div className={classes.content}>
          <Content key={page?.path ?? "none"} />
        </div>
      </AppShell.Main>
    </AppShell>
  );
}

function Content() {
  const say = words.use();
  const { role } = useSession();
  const [location] = useLocation();
  useEffect(() => {
    window.scrollTo(0, 0);
  }, []);
  const home = homeOf(role);
  const page = pageAt(location, pagesFor(role));
  if (location === "/" && home) return <Begin home={home} />;
  if (!home)
    return (
      <Frame title={say("console")}>
        <Empty title={say("empty.title")} icon="lock" />
      </Frame>
    );
  if (!page)
    return (
      <Frame title={say("nothing.title")}>
        <Empty
          title={say("nothing.title")}
          text={say("nothing.text")}
          icon="lock"
          action={
            <Button component={Link} href={home.path} variant="light">
              {say("nothing.home")}
            </Button>
          }
        />
      </Frame>
    );
  const Shown = componentOf(page);
  return (
    <Broken>
      <Suspense fallback={<LoadingSettings height="60vh" />}>
        <Shown />
      </Suspense>
    </Broken>
  );
}

/** Where the console begins: at a page that greets, else at the first one of the menu. */
function Begin({ home }: { home: Page }) {
  const { role } = useSession();
  const [to, setTo] = useState("");
  useEffect(() => {
    let gone = false;
    const greeting = pagesFor(role).filter((page) => page.greets);
    const answers = greeting.map((page) => page.greets?.().catch(() => false));
    void Promise.all(answers).then((wanted) => {
      if (!gone) setTo((greeting.find((_, at) => wanted[at]) ?? home).path);
    });
    return () => {
      gone = true;
    };
  }, [role, home]);
  return to ? <Redirect to={to} replace /> : <LoadingSettings height="60vh" />;
}

/** A page that throws leaves the menu in place: its code is gone after an update, or it has a defect. */
class Broken extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    return this.state.broken ? <Sorry /> : this.props.children;
  }
}

function Sorry() {
  const say = words.use();
  return (
    <Empty
      title={say("broken.title")}
      text={say("broken.text")}
      icon="help"
      action={
        <Button variant="light" onClick={() => window.location.reload()}>
          {say("broken.reload")}
        </Button>
      }
    />
  );
}
