/** The sections of the program: a rail on the left, a bar at the bottom of a phone. */
import { IconAddressBook, IconDots, IconMessageCircle } from "@tabler/icons-react";
import { useChannels } from "./state/channels.ts";
import { useChats } from "./state/chats.ts";
import { unreadTotal } from "./state/notices.ts";
import { usePeople, usePerson } from "./state/people.ts";
import { go, type Section } from "./state/place.ts";
import styles from "./Toolbar.module.css";
import { Avatar } from "./ui/Avatar.tsx";
import { useWords } from "./words/index.ts";

export function Toolbar({ section, narrow }: { section: Section; narrow: boolean }) {
  const say = useWords();
  const me = usePerson(usePeople((state) => state.me));
  useChats((state) => state.byKey);
  useChannels((state) => state.byId);
  const unread = unreadTotal();
  const items = [
    {
      id: "contacts" as const,
      label: say("section.contacts"),
      icon: <IconAddressBook size={24} stroke={1.7} />,
      open: () => go({ at: "contacts", cid: 0 }),
    },
    {
      id: "chats" as const,
      label: say("section.chats"),
      icon: <IconMessageCircle size={24} stroke={1.7} />,
      open: () => go({ at: "chats" }),
    },
    {
      id: "more" as const,
      label: say("section.more"),
      icon: <IconDots size={24} stroke={1.7} />,
      open: () => go({ at: "more", page: "" }),
    },
  ];
  return (
    <nav className={styles.bar} data-narrow={narrow || undefined} aria-label={say("section.label")}>
      {!narrow && me && (
        <button
          type="button"
          className={styles.me}
          onClick={() => go({ at: "more", page: "profile" })}
          aria-label={say("more.profile")}
        >
          <Avatar id={me.cid} name={me.name} file={me.avatar} size={38} />
        </button>
      )}
      {items.map((item) => (
        <button
          key={item.id}
          type="button"
          className={styles.item}
          aria-current={section === item.id ? "page" : undefined}
          onClick={item.open}
        >
          <span className={styles.icon}>
            {item.icon}
            {item.id === "chats" && unread > 0 && <span className={styles.badge}>{unread > 99 ? "99+" : unread}</span>}
          </span>
          <span className={styles.label}>{item.label}</span>
        </button>
      ))}
    </nav>
  );
}
