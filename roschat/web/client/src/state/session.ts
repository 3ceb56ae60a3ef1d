/** The state of the connection as screens see it. */
import type { Phase } from "@roschat/shared/connection.ts";
import { create } from "zustand";

export const useSession = create<{ phase: Phase; ready: boolean; dismissed: boolean }>(() => ({
  phase: "signed-out",
  ready: false,
  dismissed: false,
}));
