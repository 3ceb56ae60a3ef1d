/** «Ещё»: the reader's own things. A list of pages, and the open page beside it. */
import {
  IconArrowLeft,
  IconBell,
  IconDevices,
  IconKeyboard,
  IconLifebuoy,
  IconLock,
  IconLogout,
  IconPalette,
  IconUserCircle,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import channelStyles from "../channel/Channel.module.css";
import listStyles from "../list/ConversationList.module.css";
import { usePeople, usePerson } from "../state/people.ts";
import { go, type MorePage } from "../state/place.ts";
import { Action } from "../ui/Action.tsx";
import { Avatar } from "../ui/Avatar.tsx";
import { useWords } from "../words/index.ts";
import { AppearancePage } from "./AppearancePage.tsx";
import styles from "./More.module.css";
import { NotificationsPage } from "./NotificationsPage.tsx";
import { PasswordPage } from "./PasswordPage.tsx";
import { ProfilePage } from "./ProfilePage.tsx";
import { SessionsPage } from "./SessionsPage.tsx";
import { ShortcutsPage } from "./ShortcutsPage.tsx";
import { SupportPage } from "./SupportPage.tsx";
import { askSignOut } from "./signOut.ts";

const ICON = 21;

const PAGES: { page: MorePage; icon: ReactNode }[] = [
  { page: "profile", icon: <IconUserCircle size={ICON} /> },
  { page: "notifications", icon: <IconBell size={ICON} /> },
  { page: "appearance", icon: <IconPalette size={ICON} /> },
  { page: "sessions", icon: <IconDevices size={ICON} /> },
  { page: "password", icon: <IconLock size={ICON} /> },
  { page: "support", icon: <IconLifebuoy size={ICON} /> },
  { page: "shortcuts", icon: <IconKeyboard size={ICON} /> },
];

export function MoreScreen({ page, narrow }: { page: MorePage | ""; narrow: boolean }) {
  const say = useWords();
  const shown = page || (narrow ? "" : "profile");
  return (
    <>
      {!(narrow && shown) && <Pages open={shown} />}
      {shown && (
        <main className={styles.main}>
          <div className={styles.page}>
            <div className={styles.head}>
              {narrow && (
                <Action
                  label={say("common.back")}
                  icon={<IconArrowLeft size={22} />}
                  onClick={() => go({ at: "more", page: "" })}
                />
              )}
              <h1>{say(`more.${shown}`)}</h1>
            </div>
            <Page page={shown} />
          </div>
        </main>
      )}
    </>
  );
}

function Page({ page }: { page: MorePage }) {
  if (page === "profile") return <ProfilePage />;
  if (page === "notifications") return <NotificationsPage />;
  if (page === "appearance") return <AppearancePage />;
  if (page === "sessions") return <SessionsPage />;
  if (page === "password") return <PasswordPage />;
  if (page === "support") return <SupportPage />;
  return <ShortcutsPage />;
}

function Pages({ open }: { open: MorePage | "" }) {
  const say = useWords();
  const person = usePerson(usePeople((state) => state.me));
  const login = usePeople((state) => state.login);
  return (
    <section className={listStyles.pane} aria-label={say("section.more")}>
      <h2 className="sr-only">{say("section.more")}</h2>
      {person && (
        <div className={styles.me}>
          <Avatar id={person.cid} name={person.name} file={person.avatar} size={54} />
          <span className={listStyles.text}>
            <span className={listStyles.name}>
              <span>{person.name}</span>
            </span>
            <span className={listStyles.preview}>{login}</span>
          </span>
        </div>
      )}
      <nav className={styles.pages} aria-label={say("section.more")}>
        {PAGES.map(({ page, icon }) => (
          <button
            key={page}
            type="button"
            className={channelStyles.fact}
            data-active={open === page || undefined}
            aria-current={open === page ? "page" : undefined}
            onClick={() => go({ at: "more", page })}
          >
            {icon}
            <span>{say(`more.${page}`)}</span>
          </button>
        ))}
        <button type="button" className={channelStyles.fact} onClick={() => void askSignOut()}>
          <IconLogout size={ICON} />
          <span>{say("more.signOut")}</span>
        </button>
      </nav>
    </section>
  );
}
