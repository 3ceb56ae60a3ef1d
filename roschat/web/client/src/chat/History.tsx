/**
 * The messages of a conversation: virtualised, grown at both ends while scrolling, and never jumping.
 *
 * It opens at the first unread message or at the end, stays at the end while the reader is there, and counts what comes
 * while he is not.
 */
import { Button, Loader } from "@mantine/core";
import type { ChatView } from "@roschat/shared/protocol.ts";
import { IconArrowDown, IconMessage2 } from "@tabler/icons-react";
import { type KeyboardEvent, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { type ScrollToIndexOpts, Virtualizer, type VirtualizerHandle } from "virtua";
import { markWatched } from "../state/marks.ts";
import { isFor, useOutbox } from "../state/outbox.ts";
import type { Peer } from "../state/peer.ts";
import { usePeople } from "../state/people.ts";
import { currentPlace, replacePlace } from "../state/place.ts";
import { loadNewer, loadOlder, openWindow, type Window } from "../state/windows.ts";
import { EmptyState } from "../ui/EmptyState.tsx";
import { useWords } from "../words/index.ts";
import styles from "./History.module.css";
import { HistoryRow } from "./HistoryRow.tsx";
import { prepended, type Row, rowsOf } from "./rows.ts";

interface HistoryProps {
  peer: Peer;
  chat: ChatView | undefined;
  window: Window;
  target: number;
}

const NEAR = 900;
const AT_END = 24;
const FAR = 240;
/** Milliseconds after a touch of wheel, finger, key or scroll bar in which moving is the reader's doing. */
const HAND = 1_000;
/** Milliseconds after a jump in which the list may still be measuring its rows. */
const SETTLING = 500;

export function History({ peer, chat, window, target }: HistoryProps) {
  const say = useWords();
  const me = usePeople((state) => state.me);
  const all = useOutbox((state) => state.parcels);
  const parcels = useMemo(() => all.filter(isFor(peer)), [all, peer]);
  const unreadAfter = useUnreadDivider(chat, window);
  const rows = useMemo(
    () => rowsOf(window.messages, window.newer ? [] : parcels, me, unreadAfter),
    [window.messages, window.newer, parcels, me, unreadAfter],
  );
  const list = useRef<VirtualizerHandle>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const { atEnd, onScroll, toEnd } = useFollowing({ peer, window, rows, target, list, scroller });
  useReading(window, rows, list, atEnd);
  const before = useRef<Row[]>([]);
  const shift = prepended(before.current, rows);
  useLayoutEffect(() => {
    before.current = rows;
  }, [rows]);

  if (window.status === "loading" && rows.length === 0)
    return (
      <div className={styles.area}>
        <Loader m="auto" aria-label={say("app.loading")} />
      </div>
    );
  if (rows.length === 0)
    return (
      <div className={styles.area}>
        <EmptyState
          icon={<IconMessage2 size={52} stroke={1.3} />}
          title={say("history.emptyTitle")}
          text={say("history.emptyText")}
        />
      </div>
    );
  return (
    <div className={styles.area}>
      <div
        ref={scroller}
        className={styles.list}
        onKeyDown={moveFocus}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={say("history.label")}
        aria-busy={window.busy !== ""}
      >
        <div className={styles.above} />
        <Virtualizer ref={list} scrollRef={scroller} data={rows} shift={shift} bufferSize={600} onScroll={onScroll}>
          {(row) => <HistoryRow key={row.key} row={row} peer={peer} chat={chat} flash={row.message?.id === target} />}
        </Virtualizer>
      </div>
      {window.busy === "older" && <Loader size="sm" className={styles.older} aria-label={say("app.loading")} />}
      {(!atEnd || window.newer) && (
        <Button
          className={styles.down}
          radius="xl"
          variant="default"
          size="sm"
          onClick={toEnd}
          aria-label={say("history.toEnd", { count: chat?.unread ?? 0 })}
          rightSection={(chat?.unread ?? 0) > 0 ? <span className={styles.count}>{chat?.unread}</span> : undefined}
        >
          <IconArrowDown size={19} />
        </Button>
      )}
    </div>
  );
}

/** Where "unread" stands is decided once, when the conversation is opened; it must not wander while one reads. */
function useUnreadDivider(chat: ChatView | undefined, window: Window): number {
  const [after, setAfter] = useState<number>();
  const ready = window.status === "ready" && chat !== undefined;
  useEffect(() => {
    if (!ready || after !== undefined) return;
    setAfter((chat?.unread ?? 0) > 0 ? Math.max(chat?.watchedId ?? 0, 0.5) : 0);
  }, [ready, after, chat]);
  const now = (chat?.unread ?? 0) > 0 ? Math.max(chat?.watchedId ?? 0, 0.5) : 0;
  return after ?? now;
}

/** When the reader last took the list in hand; `onTouch` hears of it before the list moves. */
function useHand(
  scroller: React.RefObject<HTMLDivElement | null>,
  onTouch: (event: Event) => void,
): React.RefObject<number> {
  const touched = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const touch = (event: Event) => {
      if (event instanceof PointerEvent && event.buttons === 0) return;
      touched.current = performance.now();
      onTouch(event);
    };
    const names = ["wheel", "touchmove", "keydown", "pointerdown", "pointermove"];
    for (const name of names) element.addEventListener(name, touch, { passive: true });
    return () => {
      for (const name of names) element.removeEventListener(name, touch);
    };
  });
  return touched;
}

const leadsUp = (event: Event) =>
  (event instanceof WheelEvent && event.deltaY < 0) ||
  (event instanceof KeyboardEvent && (event.key === "PageUp" || event.key === "Home"));

/**
 * The list repeats its last jump while rows are being measured, and pulls back who scrolls meanwhile. A smooth jump over
 * measured rows is done once and ends that; this one leads to where we are.
 */
function stay(handle: VirtualizerHandle): void {
  const first = handle.findItemIndex(handle.scrollOffset);
  handle.scrollToIndex(first, {
    align: "start",
    offset: handle.scrollOffset - handle.getItemOffset(first),
    smooth: true,
  });
}

interface Following {
  peer: Peer;
  window: Window;
  rows: Row[];
  target: number;
  list: React.RefObject<VirtualizerHandle | null>;
  scroller: React.RefObject<HTMLDivElement | null>;
}

function useFollowing({ peer, window, rows, target, list, scroller }: Following) {
  const [atEnd, setAtEnd] = useState(true);
  const following = useRef(true);
  const lastOffset = useRef(0);
  const placedAt = useRef(Number.NEGATIVE_INFINITY);
  const jump = useCallback(
    (index: number, how: ScrollToIndexOpts) => {
      placedAt.current = performance.now();
      list.current?.scrollToIndex(index, how);
    },
    [list],
  );
  const touched = useHand(scroller, (event) => {
    if (leadsUp(event) && (list.current?.scrollOffset ?? 0) > 0) following.current = false;
  });
  const placed = useRef("");
  const ready = window.status === "ready";

  // The first place: the message asked for, else the first unread one, else the end.
  useLayoutEffect(() => {
    if (!ready) return;
    if (rows.length === 0) {
      placed.current = "0";
      return;
    }
    const wanted = `${target}`;
    if (placed.current === wanted) return;
    const at = target ? rows.findIndex((row) => row.message?.id === target) : -1;
    if (target && at < 0) return;
    const first = placed.current === "";
    placed.current = wanted;
    if (at >= 0) {
      following.current = false;
      jump(at, { align: "center" });
      return;
    }
    if (!first) return;
    const unread = rows.findIndex((row) => row.unread);
    following.current = unread < 0;
    if (unread >= 0) {
      jump(unread, { align: "start", offset: -12 });
      // All that is unread may fit on the screen, and then the reader is at the end.
      requestAnimationFrame(() => {
        const handle = list.current;
        if (handle && handle.scrollSize - handle.scrollOffset - handle.viewportSize < AT_END) following.current = true;
      });
    } else jump(rows.length - 1, { align: "end" });
  }, [ready, rows, target, list, jump]);

  // At the end the newest message stays in sight; our own message brings us there.
  const lastKey = rows.at(-1)?.key;
  const lastIsParcel = rows.at(-1)?.parcel !== undefined;
  const count = rows.length;
  useLayoutEffect(() => {
    if (!lastKey || placed.current === "") return;
    if (lastIsParcel) following.current = true;
    if (following.current) jump(count - 1, { align: "end" });
  }, [lastKey, lastIsParcel, count, jump]);

  // What grows later (pictures, reactions, the composer) must not push the end away.
  useEffect(() => {
    const handle = list.current;
    const element = scroller.current;
    if (!handle || !element || !count) return undefined;
    const observer = new ResizeObserver(() => {
      if (following.current) jump(count - 1, { align: "end" });
    });
    observer.observe(element);
    if (element.lastElementChild) observer.observe(element.lastElementChild);
    return () => observer.disconnect();
  }, [count, list, scroller, jump]);

  const onScroll = useCallback(
    (offset: number) => {
      const handle = list.current;
      if (!handle) return;
      const left = handle.scrollSize - offset - handle.viewportSize;
      // Only the reader's own way up ends the following; new messages and their measuring move the place too.
      const moved = offset < lastOffset.current && performance.now() - touched.current < HAND;
      if (left < AT_END) following.current = true;
      else if (moved) following.current = false;
      if (moved && performance.now() - placedAt.current < SETTLING) {
        placedAt.current = Number.NEGATIVE_INFINITY;
        stay(handle);
      }
      lastOffset.current = offset;
      setAtEnd(left < FAR);
      if (offset < NEAR) void loadOlder(peer);
      if (left < NEAR) void loadNewer(peer);
    },
    [peer, list, touched],
  );

  // A short first page may not fill the screen, and then nobody scrolls.
  useEffect(() => {
    const handle = list.current;
    if (handle && ready && handle.scrollSize <= handle.viewportSize + NEAR) void loadOlder(peer);
  }, [ready, peer, list]);

  const toEnd = useCallback(() => {
    void (async () => {
      const place = currentPlace();
      if (place.at === "chat" && place.message) replacePlace({ ...place, message: 0 });
      placed.current = "0";
      following.current = true;
      if (window.newer) await openWindow(peer);
      requestAnimationFrame(() => jump(Number.MAX_SAFE_INTEGER, { align: "end" }));
    })();
  }, [peer, window.newer, jump]);

  return { atEnd, onScroll, toEnd };
}

/** What was on the screen of an attentive reader is read. */
function useReading(
  window: Window,
  rows: Row[],
  list: React.RefObject<VirtualizerHandle | null>,
  atEnd: boolean,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: coming to the end is reading too
  useEffect(() => {
    const read = () => {
      const handle = list.current;
      if (!handle || window.status !== "ready" || !document.hasFocus() || document.hidden) return;
      const last = handle.findItemIndex(handle.scrollOffset + handle.viewportSize - 24);
      for (let i = Math.min(last, rows.length - 1); i >= 0; i--) {
        const message = rows[i]?.message;
        if (!message) continue;
        markWatched(message, !window.newer && message.id === window.messages.at(-1)?.id);
        return;
      }
    };
    const timer = setTimeout(read, 150);
    addEventListener("focus", read);
    document.addEventListener("visibilitychange", read);
    return () => {
      clearTimeout(timer);
      removeEventListener("focus", read);
      document.removeEventListener("visibilitychange", read);
    };
  }, [window, rows, list, atEnd]);
}

/** Arrow keys walk from message to message; their menu opens with Enter or the menu key. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const up = event.key === "ArrowUp";
  if (!up && event.key !== "ArrowDown") return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-message]")];
  const at = all.indexOf(document.activeElement as HTMLElement);
  if (at < 0 && event.target !== event.currentTarget) return;
  const next = at < 0 ? all.at(-1) : all[at + (up ? -1 : 1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}
