/** An open conversation: header, pinned message, history, composer, and the pane with facts beside it. */
import { Button } from "@mantine/core";
import { IconCloudOff, IconUpload } from "@tabler/icons-react";
import { type DragEvent, useEffect, useState } from "react";
import { Composer } from "../composer/Composer.tsx";
import { GroupInfo } from "../info/GroupInfo.tsx";
import { InfoPane } from "../info/InfoPane.tsx";
import { PersonInfo } from "../info/PersonInfo.tsx";
import { SearchInChat } from "../search/SearchInChat.tsx";
import { fetchChat, useChat } from "../state/chats.ts";
import { takeDraft } from "../state/compose.ts";
import { loadKeyboard } from "../state/keyboards.ts";
import type { Peer } from "../state/peer.ts";
import { isAllowed, usePeerPermissions } from "../state/permissions.ts";
import { useSession } from "../state/session.ts";
import { openWindow, useWindow } from "../state/windows.ts";
import { EmptyState } from "../ui/EmptyState.tsx";
import { useWords } from "../words/index.ts";
import { ChatHeader } from "./ChatHeader.tsx";
import styles from "./ChatScreen.module.css";
import { useDesk } from "./desk.ts";
import { History } from "./History.tsx";
import { PinnedBar } from "./PinnedBar.tsx";
import { SelectionBar } from "./SelectionBar.tsx";

interface ChatScreenProps {
  peer: Peer;
  /** A message to go to, or 0. */
  target: number;
  narrow: boolean;
}

export function ChatScreen({ peer, target, narrow }: ChatScreenProps) {
  const say = useWords();
  const chat = useChat(peer);
  const window = useWindow(peer);
  const online = useSession((state) => state.phase === "online");
  const info = useDesk((state) => state.info);
  const searching = useDesk((state) => state.searching);
  const selecting = useDesk((state) => state.selected.length > 0);
  const files = useDroppedFiles();
  useOpening(peer, target, online);
  useEffect(() => () => useDesk.setState({ selected: [], searching: false }), []);
  const may = usePeerPermissions(peer, online);
  const member = chat?.role !== "left";
  const canWrite = member && isAllowed(may, "outgoing-message");
  const canAttach = canWrite && isAllowed(may, "outgoing-media");

  return (
    <>
      <main className={styles.chat} {...(canAttach ? files.handlers : {})}>
        <ChatHeader peer={peer} chat={chat} narrow={narrow} />
        {searching && <SearchInChat peer={peer} />}
        {chat && <PinnedBar chat={chat} />}
        {window.status === "failed" ? (
          <EmptyState icon={<IconCloudOff size={48} stroke={1.3} />} title={say("history.failed")}>
            <Button variant="light" onClick={() => void openWindow(peer, target)}>
              {say("common.retry")}
            </Button>
          </EmptyState>
        ) : (
          <History peer={peer} chat={chat} window={window} target={target} />
        )}
        {selecting ? (
          <SelectionBar peer={peer} />
        ) : canWrite ? (
          <Composer peer={peer} media={canAttach} dropped={files.dropped} onTaken={files.taken} />
        ) : (
          <p className={styles.left} role="note">
            {say(!member ? "group.leftNotice" : notice(peer, may["outgoing-message"]?.reason))}
          </p>
        )}
        {files.over && (
          <div className={styles.drop} aria-hidden="true">
            <IconUpload size={44} stroke={1.5} />
            {say("files.drop")}
          </div>
        )}
      </main>
      {info && (
        <InfoPane onClose={() => useDesk.setState({ info: false })}>
          {peer.cidType === "group" ? <GroupInfo peer={peer} /> : <PersonInfo cid={peer.cid} />}
        </InfoPane>
      )}
    </>
  );
}

/** Why there is no field to write in. */
function notice(peer: Peer, reason: string | undefined): "role.noMessages" | "role.noGroups" | "role.notAccepted" {
  if (reason === "other") return "role.notAccepted";
  return peer.cidType === "group" ? "role.noGroups" : "role.noMessages";
}

function useOpening(peer: Peer, target: number, online: boolean): void {
  const { cid, cidType } = peer;
  useEffect(() => {
    if (!online) return;
    const here: Peer = { cid, cidType };
    void (async () => {
      const chat = await fetchChat(here).catch(() => undefined);
      if (chat) takeDraft(chat);
      const unread = chat?.unread ?? 0;
      const around = target || (unread > 30 ? (chat?.watchedId ?? 0) : 0);
      await openWindow(here, around);
    })();
    void loadKeyboard(here).catch(() => undefined);
  }, [cid, cidType, target, online]);
}

function useDroppedFiles() {
  const [over, setOver] = useState(false);
  const [dropped, setDropped] = useState<File[]>([]);
  const holdsFiles = (event: DragEvent) => event.dataTransfer.types.includes("Files");
  const handlers = {
    onDragOver: (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: (event: DragEvent) => {
      if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
    },
    onDrop: (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(false);
      setDropped([...event.dataTransfer.files]);
    },
  };
  return { over, dropped, taken: () => setDropped([]), handlers };
}
