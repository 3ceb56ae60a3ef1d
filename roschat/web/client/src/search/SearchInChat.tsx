/** Ctrl-F: what was written in this conversation, found by the server, walked with the arrows. */
import { CloseButton, Loader, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import type { MessageHit } from "@roschat/shared/protocol.ts";
import { IconChevronDown, IconChevronUp, IconSearch } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useDesk } from "../chat/desk.ts";
import type { Peer } from "../state/peer.ts";
import { goChat } from "../state/place.ts";
import { server } from "../state/server.ts";
import { Action } from "../ui/Action.tsx";
import { attempt } from "../ui/attempt.ts";
import { useWords } from "../words/index.ts";
import styles from "./Search.module.css";

const COUNT = 100;

export function SearchInChat({ peer }: { peer: Peer }) {
  const say = useWords();
  const [query, setQuery] = useState("");
  const [asked] = useDebouncedValue(query.trim(), 300);
  const [hits, setHits] = useState<MessageHit[]>([]);
  const [at, setAt] = useState(0);
  const [busy, setBusy] = useState(false);
  const { cid, cidType } = peer;
  useEffect(() => {
    setHits([]);
    if (!asked) return undefined;
    let wanted = true;
    setBusy(true);
    void attempt(async () => {
      const request = { text: asked, what: ["messages", "files"], cid, cidType, count: COUNT };
      const found = await server.call("search", request);
      if (!wanted) return;
      const all = [...(found.messages ?? []), ...(found.files ?? [])];
      const byId = new Map(all.map((hit) => [hit.message.id, hit]));
      setHits([...byId.values()].sort((a, b) => b.message.id - a.message.id));
      setAt(0);
    }).then(() => wanted && setBusy(false));
    return () => {
      wanted = false;
    };
  }, [asked, cid, cidType]);
  const hit = hits[at]?.message.id ?? 0;
  useEffect(() => {
    if (hit) goChat({ cid, cidType }, hit);
  }, [hit, cid, cidType]);
  const step = (by: number) => setAt((at + by + hits.length) % Math.max(1, hits.length));
  const close = () => useDesk.setState({ searching: false });
  const status = busy ? "" : hits.length ? `${at + 1} / ${hits.length}` : asked ? say("search.nothing") : "";
  return (
    <div className={styles.bar} role="search">
      <TextInput
        className={styles.field}
        size="sm"
        autoFocus
        aria-label={say("chat.search")}
        placeholder={say("chat.search")}
        leftSection={busy ? <Loader size={15} aria-label={say("app.loading")} /> : <IconSearch size={16} />}
        value={query}
        onChange={(event) => setQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
          if (event.key === "Escape") {
            event.preventDefault();
            event.stopPropagation();
            close();
          }
        }}
      />
      <span className={styles.status} role="status">
        {status}
      </span>
      <Action
        label={say("search.older")}
        icon={<IconChevronUp size={20} />}
        disabled={hits.length < 2}
        onClick={() => step(1)}
      />
      <Action
        label={say("search.newer")}
        icon={<IconChevronDown size={20} />}
        disabled={hits.length < 2}
        onClick={() => step(-1)}
      />
      <CloseButton aria-label={say("common.close")} onClick={close} />
    </div>
  );
}
