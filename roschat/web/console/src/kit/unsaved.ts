/** Nobody loses what they typed: leaving a page with unsaved changes is asked about first. */
import { useCallback, useEffect } from "react";
import { useBrowserLocation } from "wouter/use-browser-location";
import { confirm } from "./Confirm.tsx";
import { words } from "./words.ts";

const dirty = new Set<object>();

/** While `changed` is true, links, the back button and closing of the tab ask first. */
export function useUnsaved(changed: boolean): void {
  useEffect(() => {
    if (!changed) return;
    const mark = {};
    dirty.add(mark);
    return () => void dirty.delete(mark);
  }, [changed]);
}

export async function mayLeave(): Promise<boolean> {
  if (dirty.size === 0) return true;
  return askToDiscard();
}

export function askToDiscard(): Promise<boolean> {
  return confirm({
    title: words.say("unsaved.title"),
    text: words.say("unsaved.text"),
    ok: words.say("unsaved.leave"),
    cancel: words.say("unsaved.stay"),
    danger: true,
  });
}

/** The location of wouter, whose changes ask first. */
export function useGuardedLocation(): ReturnType<typeof useBrowserLocation> {
  const [location, navigate] = useBrowserLocation();
  const guarded = useCallback<typeof navigate>(
    (...to) => {
      if (dirty.size === 0) return navigate(...to);
      void askToDiscard().then((yes) => {
        if (!yes) return;
        dirty.clear();
        navigate(...to);
      });
    },
    [navigate],
  );
  return [location, guarded];
}

/** Ask when the tab is closed, and at the back button. Answers how to stop. */
export function guardWindow(): () => void {
  let here = window.location.href;
  const note = () => {
    here = window.location.href;
  };
  const closing = (event: BeforeUnloadEvent) => {
    if (dirty.size > 0) event.preventDefault();
  };
  const back = (event: PopStateEvent) => {
    if (dirty.size === 0) return note();
    const wanted = window.location.href;
    // The browser has gone already: stay in place, and go again when that is wanted.
    event.stopImmediatePropagation();
    window.history.pushState(null, "", here);
    void askToDiscard().then((yes) => {
      if (!yes) return;
      dirty.clear();
      window.history.pushState(null, "", wanted);
    });
  };
  window.addEventListener("beforeunload", closing);
  window.addEventListener("popstate", back, { capture: true });
  // wouter makes pushState and replaceState tell of themselves.
  window.addEventListener("pushState", note);
  window.addEventListener("replaceState", note);
  return () => {
    window.removeEventListener("beforeunload", closing);
    window.removeEventListener("popstate", back, { capture: true });
    window.removeEventListener("pushState", note);
    window.removeEventListener("replaceState", note);
  };
}
