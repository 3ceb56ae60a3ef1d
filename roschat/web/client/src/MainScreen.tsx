/** Three panes on a wide screen, one at a time on a narrow one. */
import { useMediaQuery } from "@mantine/hooks";
import { IconMessages } from "@tabler/icons-react";
import { useEffect } from "react";
import { ChannelScreen } from "./channel/ChannelScreen.tsx";
import { ChatScreen } from "./chat/ChatScreen.tsx";
import { ContactsScreen } from "./contacts/ContactsScreen.tsx";
import { ConversationList } from "./list/ConversationList.tsx";
import styles from "./MainScreen.module.css";
import { MoreScreen } from "./more/MoreScreen.tsx";
import { Switcher } from "./search/Switcher.tsx";
import { useShortcuts } from "./shortcuts.ts";
import { keyOf } from "./state/peer.ts";
import { type Place, sectionOf, usePlace } from "./state/place.ts";
import { tellPresence } from "./state/presence.ts";
import { Toolbar } from "./Toolbar.tsx";
import { EmptyState } from "./ui/EmptyState.tsx";
import { NetworkBanner } from "./ui/NetworkBanner.tsx";
import { useWords } from "./words/index.ts";

export const NARROW = "(max-width: 759px)";
export const useNarrow = () => useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false }) ?? false;

export function MainScreen() {
  const place = usePlace();
  const narrow = useNarrow();
  useShortcuts();
  useEffect(() => tellPresence(), []);
  const deep = place.at === "chat" || place.at === "channel";
  return (
    <div className={styles.screen} data-narrow={narrow || undefined} data-deep={(narrow && deep) || undefined}>
      {!(narrow && deep) && <Toolbar section={sectionOf(place)} narrow={narrow} />}
      <div className={styles.work}>
        <NetworkBanner />
        <div className={styles.panes}>
          <Panes place={place} narrow={narrow} />
        </div>
      </div>
      <Switcher />
    </div>
  );
}

function Panes({ place, narrow }: { place: Place; narrow: boolean }) {
  if (place.at === "contacts") return <ContactsScreen cid={place.cid} narrow={narrow} />;
  if (place.at === "more") return <MoreScreen page={place.page} narrow={narrow} />;
  return (
    <>
      <ConversationList hidden={narrow && place.at !== "chats"} />
      {!(narrow && place.at === "chats") && <OpenPane place={place} narrow={narrow} />}
    </>
  );
}

function OpenPane({ place, narrow }: { place: Place; narrow: boolean }) {
  const say = useWords();
  if (place.at === "chat")
    return <ChatScreen key={keyOf(place.peer)} peer={place.peer} target={place.message} narrow={narrow} />;
  if (place.at === "channel")
    return <ChannelScreen key={place.chId} chId={place.chId} target={place.publication} narrow={narrow} />;
  return (
    <main className={styles.nothing}>
      <h1 className="sr-only">{say("section.chats")}</h1>
      <EmptyState
        icon={<IconMessages size={64} stroke={1.2} />}
        title={say("main.nothingTitle")}
        text={say("main.nothingText")}
      />
    </main>
  );
}
