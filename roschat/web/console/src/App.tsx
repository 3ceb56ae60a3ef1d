/** The console: sign-in, the forced change of the first password, or the pages. */
import { Center, MantineProvider } from "@mantine/core";
import { DatesProvider } from "@mantine/dates";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import "dayjs/locale/ru";
import { useEffect, useMemo } from "react";
import { Router } from "wouter";
import { queries } from "./api/hooks.ts";
import { ConfirmHost } from "./kit/Confirm.tsx";
import { Failure } from "./kit/Empty.tsx";
import { guardWindow, useGuardedLocation } from "./kit/unsaved.ts";
import { LoadingSettings } from "./Loading.tsx";
import { SessionProvider, useSessionState } from "./session.tsx";
import { Shell } from "./shell/Shell.tsx";
import { FirstPassword } from "./signin/FirstPassword.tsx";
import { SignIn } from "./signin/SignIn.tsx";
import { themeFor } from "./theme.ts";
import { useLanguage } from "./words.ts";

export function App() {
  const language = useLanguage();
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  useEffect(guardWindow, []);
  const theme = useMemo(() => themeFor(language), [language]);
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <DatesProvider settings={{ locale: language, firstDayOfWeek: 1 }}>
        <QueryClientProvider client={queries}>
          <Notifications position="top-center" limit={3} zIndex={400} />
          <Router hook={useGuardedLocation}>
            <SessionProvider>
              <Screen />
              <ConfirmHost />
            </SessionProvider>
          </Router>
        </QueryClientProvider>
      </DatesProvider>
    </MantineProvider>
  );
}

function Screen() {
  const { state, ask } = useSessionState();
  if (state === "asking") return <LoadingSettings />;
  if (state === "away")
    return (
      <Center mih="100vh" component="main">
        <Failure error={undefined} onRetry={() => void ask()} />
      </Center>
    );
  if (state === "nobody") return <SignIn />;
  if (state.mustChangePassword) return <FirstPassword />;
  return <Shell />;
}
