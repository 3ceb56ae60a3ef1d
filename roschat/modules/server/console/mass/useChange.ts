/** The state of a form that ends in a plan: what is asked, what the server found wrong, the way to the plan. */
import { ApiError, call, errorText, type MassStarted } from "@console/api/index.ts";
import { useState } from "react";
import { useLocation } from "wouter";
import type { ChangeDraft } from "./change.ts";

export function useChange(initial: () => ChangeDraft, home: string) {
  const [draft, setDraft] = useState(initial);
  const [reasons, setReasons] = useState<Readonly<Record<string, string>>>({});
  const [failure, setFailure] = useState("");
  const [busy, setBusy] = useState(false);
  const [, go] = useLocation();

  const put = (part: Partial<ChangeDraft>) => {
    setDraft((now) => ({ ...now, ...part }));
    setReasons({});
  };
  /** Begin a plan and go there; what is refused is told beside its field. */
  const begin = async (work: () => Promise<MassStarted>) => {
    setBusy(true);
    setFailure("");
    setReasons({});
    try {
      go(`${home}/${(await work()).plan}`);
    } catch (error) {
      setReasons(error instanceof ApiError ? error.fields : {});
      setFailure(errorText(error));
    }
    setBusy(false);
  };
  return { draft, put, reasons, failure, busy, begin };
}

export const previewChange = (request: Parameters<typeof call<"POST /directory/mass/preview">>[1]) =>
  call("POST /directory/mass/preview", request as never);
