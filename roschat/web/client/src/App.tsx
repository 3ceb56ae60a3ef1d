/** The page: sign-in or the program, by the state of the connection. */
import { Center, Loader, MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { useEffect } from "react";
import { MainScreen } from "./MainScreen.tsx";
import { StartScreen } from "./start/StartScreen.tsx";
import { useChannels } from "./state/channels.ts";
import { useChats } from "./state/chats.ts";
import { drawFavicon, unreadTotal, useLive } from "./state/notices.ts";
import { useSession } from "./state/session.ts";
import { theme } from "./theme.ts";
import { BotNoticeHost } from "./ui/BotNotice.tsx";
import { ConfirmHost } from "./ui/ConfirmHost.tsx";
import { speech, useWords } from "./words/index.ts";

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <Notifications position="top-center" limit={3} />
      <ConfirmHost />
      <BotNoticeHost />
      <LiveRegion />
      <TabTitle />
      <Screen />
    </MantineProvider>
  );
}

function Screen() {
  const say = useWords();
  const phase = useSession((state) => state.phase);
  const ready = useSession((state) => state.ready);
  if (ready) return <MainScreen />;
  if (phase === "signed-out") return <StartScreen />;
  return (
    <Center h="100%" component="main">
      <h1 className="sr-only">{say("app.name")}</h1>
      <Loader aria-label={say("app.loading")} />
    </Center>
  );
}

function LiveRegion() {
  const text = useLive((state) => state.text);
  return (
    <div className="sr-only" aria-live="polite" role="status">
      {text}
    </div>
  );
}

function TabTitle() {
  const say = useWords();
  const chats = useChats((state) => state.byKey);
  const channels = useChannels((state) => state.byId);
  const language = speech.useLanguage();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the title follows the counts and the language
  useEffect(() => {
    const count = unreadTotal();
    document.title = count ? `(${count}) ${say("app.name")}` : say("app.name");
    drawFavicon(count > 0);
  }, [chats, channels, language]);
  return null;
}
