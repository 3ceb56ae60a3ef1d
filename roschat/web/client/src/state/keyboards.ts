/** Chat keyboards that bots show under the composer, and pressing any button of a bot. */
import type { Button, KeyboardView } from "@roschat/shared/protocol.ts";
import { create } from "zustand";
import { keyOf, type Peer, type PeerKey } from "./peer.ts";
import { server } from "./server.ts";

export const useKeyboards = create<Record<PeerKey, Button[][]>>(() => ({}));

export function putKeyboard(view: KeyboardView): void {
  useKeyboards.setState({ [keyOf(view)]: view.action === "hide" ? [] : (view.keyboard ?? []) });
}

export async function loadKeyboard(peer: Peer): Promise<void> {
  putKeyboard(await server.call("get-bot-keyboard", peer));
}

export async function pressButton(peer: Peer, button: Button, messageId = 0): Promise<void> {
  if (button.link) open(button.link, "_blank", "noopener,noreferrer");
  if (!button.callbackData && button.link) return;
  await server.call("bot-button", { ...peer, messageId, callbackData: button.callbackData ?? "" });
}
