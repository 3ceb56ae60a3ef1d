/** What a search has found: people, channels, messages and files, with the found words marked. */
import { Button, Loader } from "@mantine/core";
import type { ChannelView, Found, Mark, MessageHit } from "@roschat/shared/protocol.ts";
import { IconSearchOff } from "@tabler/icons-react";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { VerifiedMark } from "../list/ChannelRow.tsx";
import listStyles from "../list/ConversationList.module.css";
import type { Filter } from "../list/entries.ts";
import { useChannels } from "../state/channels.ts";
import { useChats } from "../state/chats.ts";
import { peerOf } from "../state/peer.ts";
import { nameOf, usePeople } from "../state/people.ts";
import { matches, plain } from "../state/person.ts";
import { goChannel, goChat, goPerson } from "../state/place.ts";
import { server } from "../state/server.ts";
import { shortTime } from "../text/time.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { attempt } from "../ui/attempt.ts";
import { EmptyState } from "../ui/EmptyState.tsx";
import { Highlighted } from "../ui/Highlighted.tsx";
import { useWords } from "../words/index.ts";
import styles from "./Search.module.css";

interface SearchResultsProps {
  text: string;
  filter: Filter;
  onDone: () => void;
}

const PAGE = 20;

export function SearchResults({ text, filter, onDone }: SearchResultsProps) {
  const say = useWords();
  const { found, channels, busy, more } = useFound(text, filter);
  const local = useLocal(text, filter);
  const messages = found?.messages ?? [];
  const files = found?.files ?? [];
  const people = (found?.contacts ?? []).filter((hit) => !local.people.some((it) => it.id === hit.cid));
  const empty =
    local.people.length + local.groups.length + people.length + channels.length + messages.length + files.length === 0;
  if (empty)
    return busy || !text ? (
      <Loader m="auto" mt="xl" aria-label={say("app.loading")} />
    ) : (
      <EmptyState
        icon={<IconSearchOff size={46} stroke={1.3} />}
        title={say("search.nothing")}
        text={say("search.hint")}
      />
    );
  return (
    <div className={styles.results}>
      <Part title={say("search.conversations")} shown={local.groups.length > 0}>
        {local.groups.map((it) => (
          <Line
            key={it.id}
            {...it}
            kind="group"
            onClick={() => goChat({ cid: it.id, cidType: "group" })}
            onDone={onDone}
          />
        ))}
      </Part>
      <Part title={say("search.people")} shown={local.people.length + people.length > 0}>
        {local.people.map((it) => (
          <Line key={it.id} {...it} onClick={() => goPerson(it.id)} onDone={onDone} />
        ))}
        {people.map((hit) => (
          <Line
            key={hit.cid}
            id={hit.cid}
            name={nameOf(hit.cid)}
            snippet={hit.snippet}
            marks={hit.marks ?? []}
            onClick={() => goPerson(hit.cid)}
            onDone={onDone}
          />
        ))}
      </Part>
      <Part title={say("filter.channels")} shown={channels.length > 0}>
        {channels.map((channel) => (
          <Line
            key={channel.chId}
            id={channel.chId}
            name={channel.name}
            file={channel.avatar ?? ""}
            kind="channel"
            snippet={channel.description ?? ""}
            mark={channel.verified ? <VerifiedMark /> : undefined}
            onClick={() => goChannel(channel.chId)}
            onDone={onDone}
          />
        ))}
      </Part>
      <Part title={say("search.messages")} shown={messages.length > 0}>
        {messages.map((hit) => (
          <Hit key={hit.message.id} hit={hit} />
        ))}
      </Part>
      <Part title={say("search.files")} shown={files.length > 0}>
        {files.map((hit) => (
          <Hit key={hit.message.id} hit={hit} />
        ))}
      </Part>
      {found?.more && (
        <Button variant="subtle" fullWidth loading={busy} onClick={more}>
          {say("search.more")}
        </Button>
      )}
    </div>
  );
}

function useFound(text: string, filter: Filter) {
  const [found, setFound] = useState<Found>();
  const [channels, setChannels] = useState<ChannelView[]>([]);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    setFound(undefined);
    setChannels([]);
    if (!text) return undefined;
    let wanted = true;
    setBusy(true);
    void attempt(async () => {
      const [answer, list] = await Promise.all([
        filter === "channels"
          ? undefined
          : server.call("search", { text, what: ["messages", "files", "contacts"], count: PAGE }),
        server.call("find-channels", { text }),
      ]);
      if (!wanted) return;
      const mine = Object.values(useChannels.getState().byId).filter(
        (it) => it.role && plain(it.name).includes(plain(text)),
      );
      const byId = new Map([...mine, ...list].map((it) => [it.chId, it]));
      setFound(answer);
      setChannels([...byId.values()]);
    }).then(() => wanted && setBusy(false));
    return () => {
      wanted = false;
    };
  }, [text, filter]);
  const more = () => {
    const last = found?.messages?.at(-1);
    if (!found || !last) return;
    setBusy(true);
    void attempt(async () => {
      const beforeId = last.message.id;
      const next = await server.call("search", { text, what: ["messages"], beforeId, count: PAGE });
      setFound({ ...found, messages: [...(found.messages ?? []), ...(next.messages ?? [])], more: next.more ?? false });
    }).then(() => setBusy(false));
  };
  return { found, channels, busy, more };
}

/** What is known here is shown without waiting for the server. */
function useLocal(text: string, filter: Filter) {
  const people = usePeople((state) => state.byId);
  const chats = useChats((state) => state.byKey);
  return useMemo(() => {
    const nothing = filter === "channels" || !text;
    const found = nothing ? [] : Object.values(people).filter((it) => it.active && matches(it, text));
    const groups = nothing
      ? []
      : Object.values(chats).filter((it) => it.cidType === "group" && plain(it.name ?? "").includes(plain(text)));
    return {
      people: found.slice(0, 8).map((it) => ({
        id: it.cid,
        name: it.name,
        file: it.avatar,
        kind: it.kind,
        snippet: [it.position, it.department].filter(Boolean).join(", "),
      })),
      groups: groups.slice(0, 8).map((it) => ({ id: it.cid, name: it.name ?? "", file: it.avatar ?? "", snippet: "" })),
    };
  }, [text, filter, people, chats]);
}

function Part({ title, shown, children }: { title: string; shown: boolean; children: ReactNode }) {
  if (!shown) return null;
  return (
    <section aria-label={title}>
      <h2 className={styles.title}>{title}</h2>
      {children}
    </section>
  );
}

interface LineProps {
  id: number;
  name: string;
  file?: string;
  kind?: "person" | "bot" | "system" | "group" | "channel";
  snippet: string;
  marks?: Mark[];
  mark?: ReactNode;
  time?: string;
  onClick: () => void;
  onDone?: () => void;
}

function Line({ id, name, file = "", kind = "person", snippet, marks = [], mark, time, onClick, onDone }: LineProps) {
  return (
    <button
      type="button"
      className={listStyles.row}
      onClick={() => {
        onClick();
        onDone?.();
      }}
    >
      <Avatar id={id} name={name} file={file} kind={kind} size={40} />
      <span className={listStyles.text}>
        <span className={listStyles.line}>
          <span className={listStyles.name}>
            <span>{name}</span>
            {mark}
          </span>
          {time && <span className={listStyles.time}>{time}</span>}
        </span>
        {snippet && (
          <span className={styles.snippet}>
            <Highlighted text={snippet} marks={marks} />
          </span>
        )}
      </span>
    </button>
  );
}

function Hit({ hit }: { hit: MessageHit }) {
  const { message } = hit;
  const peer = peerOf(message);
  const group = useChats((state) => state.byKey[`group:${message.cid}`]);
  const person = usePeople((state) => state.byId[message.cid]);
  const name = peer.cidType === "group" ? (group?.name ?? "") : (person?.name ?? `#${message.cid}`);
  return (
    <Line
      id={message.cid}
      name={name}
      file={peer.cidType === "group" ? (group?.avatar ?? "") : (person?.avatar ?? "")}
      kind={peer.cidType === "group" ? "group" : (person?.kind ?? "person")}
      snippet={hit.snippet}
      marks={hit.marks ?? []}
      time={shortTime(message.time)}
      onClick={() => goChat(peer, message.id)}
    />
  );
}
