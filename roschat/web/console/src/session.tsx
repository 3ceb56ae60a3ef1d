/** Who is signed in. The server tells by the cookie; a 401 of any call leads back here. */
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";
import { ApiError, call, whenLost } from "./api/client.ts";
import { complain } from "./api/errors.ts";
import type { SessionView } from "./api/generated.ts";
import { queries } from "./api/hooks.ts";

export type State = "asking" | "nobody" | "away" | SessionView;

interface Known {
  state: State;
  /** Somebody was signed in on this page before. */
  lost: boolean;
  enter: (session: SessionView) => void;
  leave: () => Promise<void>;
  ask: () => Promise<void>;
}

const Context = createContext<Known | null>(null);

export function SessionProvider({ children }: { children: ReactNode }) {
  const [state, setState] = useState<State>("asking");
  const [lost, setLost] = useState(false);
  const enter = useCallback((session: SessionView) => {
    setLost(false);
    setState(session);
  }, []);
  const ask = useCallback(async () => {
    try {
      setState(await call("GET /session"));
    } catch (error) {
      setState(error instanceof ApiError && error.status === 401 ? "nobody" : "away");
    }
  }, []);
  const leave = useCallback(async () => {
    try {
      await call("DELETE /session");
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) return complain(error);
    }
    queries.clear();
    setLost(false);
    setState("nobody");
  }, []);
  useEffect(() => {
    whenLost((code) => {
      if (code === "password-must-change") return void ask();
      setState((now) => {
        if (typeof now === "object") {
          setLost(true);
          queries.clear();
        }
        return "nobody";
      });
    });
    void ask();
  }, [ask]);
  const known = useMemo(() => ({ state, lost, enter, leave, ask }), [state, lost, enter, leave, ask]);
  return <Context value={known}>{children}</Context>;
}

export function useSessionState(): Known {
  const known = useContext(Context);
  if (!known) throw new Error("useSession is used outside of the console");
  return known;
}

/** The signed-in user: login, name, role, factor. */
export function useSession(): SessionView {
  const { state } = useSessionState();
  if (typeof state !== "object") throw new Error("nobody is signed in");
  return state;
}
