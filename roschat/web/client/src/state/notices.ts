/** Telling the reader that something came: sound, desktop notification, live region, title and icon of the tab. */
import type { MessageView, PublicationView } from "@roschat/shared/protocol.ts";
import { create } from "zustand";
import { bodyOf } from "../text/body.ts";
import { previewOf } from "../text/preview.ts";
import { say } from "../words/index.ts";
import { useChannels } from "./channels.ts";
import { chatOf, useChats } from "./chats.ts";
import { keyOf, peerOf } from "./peer.ts";
import { nameOf } from "./people.ts";
import { currentPlace, goChannel, goChat } from "./place.ts";
import { isQuiet, usePreferences } from "./preferences.ts";

/** Text for screen readers; the newest message that came. */
export const useLive = create<{ text: string }>(() => ({ text: "" }));

export function announceMessage(message: MessageView): void {
  const body = bodyOf(message);
  if (body.type === "system") return;
  const peer = peerOf(message);
  const chat = chatOf(peer);
  const sender = nameOf(message.senderId ?? 0);
  const title = peer.cidType === "group" ? `${sender} — ${chat?.name ?? ""}` : sender;
  const text = previewOf(message);
  useLive.setState({ text: `${title}: ${text}` });
  if (isMuted(chat?.mutedUntil) && !message.mentioned) return;
  const place = currentPlace();
  const open = place.at === "chat" && keyOf(place.peer) === keyOf(peer);
  if (open && document.hasFocus()) return;
  notify(title, text, keyOf(peer), () => goChat(peer));
}

export function announcePublication(publication: PublicationView): void {
  const channel = useChannels.getState().byId[publication.chId];
  const title = channel?.name ?? say("kind.channel");
  useLive.setState({ text: `${title}: ${publication.title}` });
  if (isMuted(channel?.mutedUntil)) return;
  const place = currentPlace();
  if (place.at === "channel" && place.chId === publication.chId && document.hasFocus()) return;
  notify(title, publication.title, `channel:${publication.chId}`, () => goChannel(publication.chId));
}

export const FOREVER = 2_147_483_647;
export const isMuted = (until = 0) => until > Date.now() / 1000;

function notify(title: string, text: string, tag: string, open: () => void): void {
  const rules = usePreferences.getState();
  if (isQuiet(rules, new Date())) return;
  if (rules.sound) chime();
  if (!rules.desktop || document.hasFocus() || globalThis.Notification?.permission !== "granted") return;
  const shown = rules.preview ? { title, body: text } : { title: say("app.name"), body: say("notice.hidden") };
  try {
    const notice = new Notification(shown.title, { body: shown.body, tag, icon: "/icon-192.png" });
    notice.onclick = () => {
      window.focus();
      open();
      notice.close();
    };
  } catch {
    // Phones allow notifications only from a service worker.
    void navigator.serviceWorker?.ready.then((worker) =>
      worker.showNotification(shown.title, { body: shown.body, tag }),
    );
  }
}

let sound: AudioContext | undefined;
let lastChime = 0;

/** Two soft tones; several messages at once sound as one. */
export function chime(): void {
  if (Date.now() - lastChime < 1_500) return;
  lastChime = Date.now();
  sound ??= new AudioContext();
  if (sound.state === "suspended") void sound.resume().catch(() => undefined);
  const start = sound.currentTime + 0.02;
  [659.25, 880].forEach((pitch, i) => {
    if (!sound) return;
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    const from = start + i * 0.11;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, from);
    volume.gain.exponentialRampToValueAtTime(0.12, from + 0.015);
    volume.gain.exponentialRampToValueAtTime(0.0001, from + 0.28);
    tone.connect(volume).connect(sound.destination);
    tone.start(from);
    tone.stop(from + 0.3);
  });
}

/** Unread conversations that want attention: muted and archived ones are silent. */
export function unreadTotal(): number {
  let total = 0;
  for (const chat of Object.values(useChats.getState().byKey))
    if (!chat.archived) total += isMuted(chat.mutedUntil) ? (chat.mentions ?? 0) : (chat.unread ?? 0);
  for (const channel of Object.values(useChannels.getState().byId))
    if (channel.role && !isMuted(channel.mutedUntil)) total += channel.unread ?? 0;
  return total;
}

/** The icon of the tab, with a dot when something is unread. */
export function drawFavicon(unread: boolean): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (link) link.href = unread ? "/icon-unread.svg" : "/icon.svg";
}
