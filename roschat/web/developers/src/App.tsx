/** The page: sign-in or the panel, by what the cookie says. */
import { Center, Loader, MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { codeOf } from "@roschat/shared/failure.ts";
import { useEffect, useState } from "react";
import { api, type Developer } from "./api.ts";
import { complain } from "./failures.ts";
import { Panel } from "./Panel.tsx";
import { SignIn } from "./SignIn.tsx";
import { theme } from "./theme.ts";
import { speech, useWords } from "./words/index.ts";

export function App() {
  const say = useWords();
  const language = speech.useLanguage();
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = say("title");
  }, [language, say]);
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <Notifications position="top-center" limit={3} />
      <Screen />
    </MantineProvider>
  );
}

function Screen() {
  const say = useWords();
  const [developer, setDeveloper] = useState<Developer | "asking" | "nobody">("asking");
  const find = () =>
    api.me().then(setDeveloper, (error) => {
      if (codeOf(error) !== "not-authorized") complain(error);
      setDeveloper("nobody");
    });
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, when the page opens
  useEffect(() => void find(), []);
  if (developer === "asking")
    return (
      <Center h="100vh" component="main">
        <Loader aria-label={say("loading")} />
      </Center>
    );
  if (developer === "nobody") return <SignIn onDone={() => void find()} />;
  return <Panel developer={developer} onGone={() => setDeveloper("nobody")} />;
}
