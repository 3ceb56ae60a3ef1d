/**
 * Keeping copies of the server's state true: everything at sign-in, every event while online, and after an interruption
 * what changed since the last revision that surely came.
 */
import type { MessageView, PeerKind } from "@roschat/shared/protocol.ts";
import {
  dropChannel,
  fetchChannel,
  forgetChannels,
  loadChannels,
  loadFeed,
  putChannel,
  putComment,
  putPublication,
  useChannels,
} from "./channels.ts";
import { dropChat, forgetChats, loadChats, noteChange, noteMarks, noteMessage, putChat, useChats } from "./chats.ts";
import { forgetCompose, keepDirtyDrafts, takeDraft } from "./compose.ts";
import { putKeyboard } from "./keyboards.ts";
import { forgetMarks, markReceived } from "./marks.ts";
import { announceMessage, announcePublication } from "./notices.ts";
import { closeOutbox, delivered, openOutbox, pump } from "./outbox.ts";
import { keyOf, peerOf } from "./peer.ts";
import { forgetPeople, loadDirectory, loadPeople, putPeople, usePeople } from "./people.ts";
import { forgetPermissions, loadPermissions } from "./permissions.ts";
import { currentPlace, go } from "./place.ts";
import { forgetPolls, putPoll, refreshPolls } from "./polls.ts";
import { lookAgain, putPresences } from "./presence.ts";
import { server } from "./server.ts";
import { useSession } from "./session.ts";
import { endTyping, noteTyping } from "./typing.ts";
import { Watermark } from "./watermark.ts";
import { dropWindow, dropWindows, openWindow, putMessage, useWindows } from "./windows.ts";

const mark = new Watermark();
/** After so many pages of changes a fresh look is quicker than catching up. */
const MOST_PAGES = 10;
const RETRY = 3_000;

export function startSync(): void {
  server.onPhase((phase) => {
    useSession.setState({ phase, dismissed: server.dismissed });
    if (phase === "online") void catchUp();
    if (phase === "signed-out") forgetAll();
  });
  listen();
  if (!server.resume()) useSession.setState({ phase: "signed-out" });
}

async function catchUp(): Promise<void> {
  try {
    const since = useSession.getState().ready ? mark.rev : 0;
    if (since) await catchUpMessages(since);
    await Promise.all([loadPeople(), loadChats(), loadChannels(), loadPermissions()]);
    mark.reached(useChats.getState().rev);
    for (const chat of Object.values(useChats.getState().byKey)) takeDraft(chat);
    if (!useSession.getState().ready) await openOutbox(usePeople.getState().me);
    else for (const chId of Object.keys(useChannels.getState().feeds)) void loadFeed(Number(chId));
    useSession.setState({ ready: true });
    lookAgain();
    refreshPolls();
    keepDirtyDrafts();
    pump();
  } catch {
    setTimeout(() => server.phase === "online" && void catchUp(), RETRY);
  }
}

async function catchUpMessages(since: number): Promise<void> {
  let rev = since;
  for (let page = 0; page < MOST_PAGES; page++) {
    const changes = await server.call("get-messages-changes", { minRev: rev });
    for (const message of changes.messages) {
      delivered(message.key);
      putMessage(message);
    }
    rev = changes.rev;
    if (!changes.more) {
      mark.reached(rev);
      return;
    }
  }
  await reloadWindows();
}

async function catchUpDirectory(anew = false): Promise<void> {
  try {
    await loadDirectory(anew);
    if (anew) lookAgain();
  } catch {
    setTimeout(() => server.phase === "online" && void catchUpDirectory(anew), RETRY);
  }
}

async function reloadWindows(): Promise<void> {
  const place = currentPlace();
  const open = place.at === "chat" ? keyOf(place.peer) : "";
  for (const key of Object.keys(useWindows.getState())) {
    const [cidType, cid] = key.split(":");
    if (key !== open) dropWindow({ cidType: cidType as PeerKind, cid: Number(cid) });
  }
  if (place.at === "chat") {
    dropWindow(place.peer);
    await openWindow(place.peer);
  }
}

function listen(): void {
  server.on("message-event", hearMessage);
  server.on("message-change-event", (message) => {
    mark.saw(message.rev);
    putMessage(message);
    noteChange(message);
  });
  server.on("message-marks-event", (marks) => noteMarks(marks, usePeople.getState().me));
  server.on("chat-change-event", ({ chat }) => {
    putChat(chat);
    takeDraft(chat);
  });
  server.on("delete-conversation-event", (gone) => {
    const peer = peerOf(gone);
    dropChat(peer);
    dropWindow(peer);
    const place = currentPlace();
    if (place.at === "chat" && keyOf(place.peer) === keyOf(peer)) go({ at: "chats" });
  });
  server.on("contact-change-event", ({ contact }) => putPeople([contact]));
  server.on("directory-change-event", ({ rev }) => {
    if (rev > usePeople.getState().rev) void catchUpDirectory();
  });
  server.on("permissions-change-event", ({ contacts }) => {
    void loadPermissions();
    if (contacts) void catchUpDirectory(true);
  });
  server.on("presence-event", ({ changes }) => putPresences(changes));
  server.on("poll-event", ({ poll }) => putPoll(poll));
  server.on("bot-keyboard-event", putKeyboard);
  server.on("channel-change-event", ({ chId, channel, deleted }) => {
    if (deleted) dropChannel(chId);
    else if (channel) putChannel(channel);
    else void fetchChannel(chId);
  });
  server.on("publication-event", (publication) => {
    const { me } = usePeople.getState();
    putPublication(publication, true, me);
    if (publication.cid !== me) announcePublication(publication);
  });
  server.on("publication-change-event", (publication) => putPublication(publication, false, usePeople.getState().me));
  server.on("comment-event", putComment);
}

function hearMessage(message: MessageView): void {
  const { me } = usePeople.getState();
  const sender = message.senderId ?? 0;
  if (message.dataType === "unstored") {
    if (sender !== me) noteTyping(peerOf(message), sender);
    return;
  }
  mark.saw(message.rev);
  endTyping(peerOf(message), sender);
  delivered(message.key);
  putMessage(message);
  noteMessage(message, me);
  if (sender === me) return;
  markReceived(message);
  announceMessage(message);
}

function forgetAll(): void {
  mark.reset();
  useSession.setState({ ready: false });
  closeOutbox();
  forgetMarks();
  forgetCompose();
  forgetPeople();
  forgetPermissions();
  forgetChats();
  forgetChannels();
  forgetPolls();
  dropWindows();
}
