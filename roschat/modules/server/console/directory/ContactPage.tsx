/** The page of a contact: who it is, when last seen, and the tabs. Other modules bring tabs of their own (tab.ts). */

import type { ContactCard } from "@console/api/generated.ts";
import { call, invalidate, tell, useApi } from "@console/api/index.ts";
import { confirm } from "@console/kit/Confirm.tsx";
import { Asked, Loading } from "@console/kit/Empty.tsx";
import { Page } from "@console/kit/Page.tsx";
import { useSession } from "@console/session.tsx";
import { useBoth } from "@console/words.ts";
import { Anchor, Badge, Button, Group, Menu, Tabs, Text } from "@mantine/core";
import { IconArrowLeft, IconChevronDown } from "@tabler/icons-react";
import { type ComponentType, lazy, Suspense } from "react";
import { Link, useLocation } from "wouter";
import { AccountTab } from "./AccountTab.tsx";
import { Avatar } from "./Avatar.tsx";
import { attempt } from "./attempt.ts";
import { CardTab } from "./CardTab.tsx";
import { ConnectionsTab } from "./ConnectionsTab.tsx";
import { ServicesTab } from "./ServicesTab.tsx";
import { seenText } from "./seen.ts";
import type { ContactTab, ContactTabProps } from "./tab.ts";
import { words } from "./words.ts";

const brought = import.meta.glob<{ default: ContactTab }>("../../../../modules/*/console/**/contact-tab.ts", {
  eager: true,
});
const OTHERS = Object.values(brought).map(({ default: tab }) => ({ ...tab, Shown: lazy(tab.load) }));

interface Shown {
  id: string;
  order: number;
  title: string;
  Content: ComponentType<{ card: ContactCard }>;
}

const withCid = (Part: ComponentType<ContactTabProps>) =>
  function OfOtherModule({ card }: { card: ContactCard }) {
    return <Part cid={card.cid} />;
  };
const OTHER_CONTENTS = new Map(OTHERS.map((tab) => [tab.id, withCid(tab.Shown)]));
const Roschat = ({ card }: { card: ContactCard }) => <ServicesTab card={card} group="roschat" />;
const Pbx = ({ card }: { card: ContactCard }) => <ServicesTab card={card} group="pbx" />;

export function ContactPage({ cid, tab }: { cid: number; tab: string }) {
  const say = words.use();
  const found = useApi("GET /contacts/{cid}", { cid }, { every: 15_000, fresh: true });
  if (!found.data)
    return (
      <Page title={say("title")} back={<Back />}>
        <Asked of={found}>{() => null}</Asked>
      </Page>
    );
  return <Contact card={found.data} tab={tab} />;
}

function Back() {
  const say = words.use();
  return (
    <Anchor component={Link} href="/directory" size="sm" mb={4} display="inline-flex" style={{ gap: 4 }}>
      <IconArrowLeft size={16} aria-hidden />
      {say("back")}
    </Anchor>
  );
}

function Contact({ card, tab }: { card: ContactCard; tab: string }) {
  const say = words.use();
  const both = useBoth();
  const { role } = useSession();
  const [, navigate] = useLocation();
  const own: Shown[] = [
    { id: "card", order: 10, title: say("card"), Content: CardTab },
    { id: "account", order: 20, title: say("account"), Content: AccountTab },
    { id: "services", order: 40, title: say("services"), Content: Roschat },
    { id: "pbx", order: 50, title: say("pbx"), Content: Pbx },
    { id: "connections", order: 60, title: say("connections"), Content: ConnectionsTab },
  ];
  const others = OTHERS.filter((one) => one.roles.includes(role)).flatMap(({ id, order, title }) => {
    const Content = OTHER_CONTENTS.get(id);
    return Content ? [{ id, order, title: both(title), Content }] : [];
  });
  const tabs = [...own, ...others].sort((one, other) => one.order - other.order);
  const shown = tabs.some((one) => one.id === tab) ? tab : "card";
  return (
    <Page title={nameOf(card)} back={<Back />} actions={<Actions card={card} />}>
      <Group gap="md" wrap="nowrap">
        <Avatar card={card} />
        <div>
          <Text size="sm" data-seen>
            {seenText(card, say)}
          </Text>
          <Group gap={6} mt={4}>
            {card.active === false && <Badge color="gray.7">{say("badge.inactive")}</Badge>}
            {card.blocked && <Badge color="red.9">{say("badge.blocked")}</Badge>}
          </Group>
        </div>
      </Group>
      <Tabs
        value={shown}
        onChange={(id) => navigate(`/directory/${card.cid}${id === "card" || !id ? "" : `/${id}`}`)}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          {tabs.map(({ id, title }) => (
            <Tabs.Tab key={id} value={id}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map(({ id, Content }) => (
          <Tabs.Panel key={id} value={id}>
            <Suspense fallback={<Loading />}>
              <Content card={card} />
            </Suspense>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  );
}

export function nameOf(card: Pick<ContactCard, "fields" | "cid">): string {
  const value = (type: string) => card.fields.find((field) => field.type === type)?.value;
  return [value("surname"), value("name"), value("patronymic")].filter(Boolean).join(" ") || String(card.cid);
}

function Actions({ card }: { card: ContactCard }) {
  const say = words.use();
  const [, navigate] = useLocation();
  const name = nameOf(card);
  const activate = async (active: boolean) => {
    if (!active && !(await confirm({ text: say("deactivateText", { name }), danger: true }))) return;
    await call("PUT /contacts/{cid}/active", { cid: card.cid, active });
    await invalidate(["GET /contacts/{cid}", "POST /contacts/find", "GET /contacts/{cid}/connections"]);
    tell(say("saved"));
  };
  const remove = async () => {
    const question = { text: say("deleteText"), ok: say("remove"), danger: true, typed: name.replace(/\s+/g, " ") };
    if (!(await confirm(question))) return;
    await call("DELETE /contacts/{cid}", { cid: card.cid });
    navigate("/directory");
    await invalidate(["POST /contacts/find", "GET /contacts/values"]);
    tell(say("deleted"));
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>
          {say("actions")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {card.active === false ? (
          <Menu.Item onClick={() => attempt(activate(true))}>{say("activate")}</Menu.Item>
        ) : (
          <Menu.Item onClick={() => attempt(activate(false))}>{say("deactivate")}</Menu.Item>
        )}
        <Menu.Item
          c="light-dark(var(--mantine-color-red-9), var(--mantine-color-red-3))"
          onClick={() => attempt(remove())}
        >
          {say("deleteContact")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
