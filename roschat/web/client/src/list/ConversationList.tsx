/** The left pane of conversations: search, filters, the list, and making new ones. */
import { CloseButton, Kbd, Menu, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import {
  IconChecks,
  IconEdit,
  IconMessagePlus,
  IconSearch,
  IconSpeakerphone,
  IconUsersPlus,
} from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { VList } from "virtua";
import { SearchResults } from "../search/SearchResults.tsx";
import { useChannels } from "../state/channels.ts";
import { useChats } from "../state/chats.ts";
import { keyOf } from "../state/peer.ts";
import { isAllowed, usePermissions } from "../state/permissions.ts";
import { type Place, usePlace } from "../state/place.ts";
import { server } from "../state/server.ts";
import { Action } from "../ui/Action.tsx";
import { attempt } from "../ui/attempt.ts";
import { EmptyState } from "../ui/EmptyState.tsx";
import { useWords } from "../words/index.ts";
import { ChannelRow } from "./ChannelRow.tsx";
import { ChatRow } from "./ChatRow.tsx";
import styles from "./ConversationList.module.css";
import { entriesOf, FILTERS, type Filter } from "./entries.ts";
import { NewChannel } from "./NewChannel.tsx";
import { NewChat } from "./NewChat.tsx";
import { NewGroup } from "./NewGroup.tsx";

export function ConversationList({ hidden }: { hidden: boolean }) {
  const say = useWords();
  const [filter, setFilter] = useState<Filter>("all");
  const [query, setQuery] = useState("");
  const [asked] = useDebouncedValue(query.trim(), 250);
  const searching = query.trim() !== "";
  return (
    <section className={styles.pane} hidden={hidden} aria-label={say("section.chats")}>
      <h2 className="sr-only">{say("section.chats")}</h2>
      <div className={styles.head}>
        <TextInput
          id="search-box"
          className={styles.search}
          aria-label={say("search.label")}
          placeholder={say("search.placeholder")}
          leftSection={<IconSearch size={17} />}
          rightSection={
            query ? (
              <CloseButton size="sm" aria-label={say("search.clear")} onClick={() => setQuery("")} />
            ) : (
              <Kbd size="xs" className={styles.kbd} aria-hidden="true">
                Ctrl K
              </Kbd>
            )
          }
          rightSectionWidth={query ? 34 : 58}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") setQuery("");
          }}
        />
        <NewMenu />
      </div>
      <Filters filter={filter} onChange={setFilter} />
      {searching ? (
        <SearchResults text={asked} filter={filter} onDone={() => setQuery("")} />
      ) : (
        <Entries filter={filter} />
      )}
    </section>
  );
}

function Filters({ filter, onChange }: { filter: Filter; onChange: (filter: Filter) => void }) {
  const say = useWords();
  const archived = useChats((state) => Object.values(state.byKey).some((chat) => chat.archived));
  const shown = FILTERS.filter((name) => name !== "archive" || archived || filter === "archive");
  return (
    <div className={styles.chips} role="group" aria-label={say("filter.label")}>
      {shown.map((name) => (
        <button
          key={name}
          type="button"
          className={styles.chip}
          aria-pressed={filter === name}
          onClick={() => onChange(name)}
        >
          {say(`filter.${name}`)}
        </button>
      ))}
    </div>
  );
}

function Entries({ filter }: { filter: Filter }) {
  const say = useWords();
  const chats = useChats((state) => state.byKey);
  const channels = useChannels((state) => state.byId);
  const open = openKey(usePlace());
  const entries = useMemo(
    () => entriesOf(Object.values(chats), Object.values(channels), filter),
    [chats, channels, filter],
  );
  if (entries.length === 0)
    return (
      <EmptyState
        icon={<IconMessagePlus size={48} stroke={1.3} />}
        title={say(filter === "all" ? "list.emptyTitle" : "list.nothingHere")}
        text={filter === "all" ? say("list.emptyText") : ""}
      />
    );
  return (
    <VList className={styles.list} data={entries} role="list" aria-label={say("list.label")}>
      {(entry) =>
        entry.kind === "chat" ? (
          <ChatRow key={entry.key} chat={entry.chat} active={entry.key === open} />
        ) : (
          <ChannelRow key={entry.key} channel={entry.channel} active={entry.key === open} />
        )
      }
    </VList>
  );
}

export function openKey(place: Place): string {
  if (place.at === "chat") return keyOf(place.peer);
  return place.at === "channel" ? `channel:${place.chId}` : "";
}

function NewMenu() {
  const say = useWords();
  const [making, setMaking] = useState<"" | "chat" | "group" | "channel">("");
  const close = () => setMaking("");
  const may = usePermissions((state) => state.general);
  const mayWrite = isAllowed(may, "outgoing-message", true);
  const mayGather = isAllowed(may, "create-group", true);
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <Action label={say("list.menu")} icon={<IconEdit size={21} />} size={40} />
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconMessagePlus size={18} />} disabled={!mayWrite} onClick={() => setMaking("chat")}>
            {say("new.chat")}
            {!mayWrite && <small className={styles.why}>{say("role.noChats")}</small>}
          </Menu.Item>
          <Menu.Item leftSection={<IconUsersPlus size={18} />} disabled={!mayGather} onClick={() => setMaking("group")}>
            {say("new.group")}
            {!mayGather && <small className={styles.why}>{say("role.noCreate")}</small>}
          </Menu.Item>
          <Menu.Item leftSection={<IconSpeakerphone size={18} />} onClick={() => setMaking("channel")}>
            {say("new.channel")}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconChecks size={18} />}
            onClick={() => void attempt(() => server.call("mark-all-watched", {}))}
          >
            {say("list.readAll")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {making === "chat" && <NewChat onClose={close} />}
      {making === "group" && <NewGroup onClose={close} />}
      {making === "channel" && <NewChannel onClose={close} />}
    </>
  );
}
