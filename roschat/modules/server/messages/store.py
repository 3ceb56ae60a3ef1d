"""SQL of messages: the batch, marks, pages, changes, edits.

The batch goes as few long strings: arrays of texts travel joined by U+001E, which JSON never holds unescaped and keys
may not hold, because that is cheaper than a parameter per message on both sides.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from roschat.kernel.db import Transaction
from roschat.types import ChatId, ContactId, MessageId, PeerKind, Revision, Seconds

SEPARATOR = "\x1e"
NO_END = 9223372036854775807
"""Greater than every id."""


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to store; `payload` is its fragment."""

    chat: ChatId
    sender: ContactId
    time: Seconds
    key: str
    mentions: Sequence[ContactId]
    payload: bytes
    quiet: bool = False
    """Its author does not tell what he has read by then."""


def _flags(values: Sequence[bool]) -> str | None:
    """An array of booleans; nothing when none is true."""
    return "{" + ",".join(["t" if value else "f" for value in values]) + "}" if True in values else None


def _numbers(values: Sequence[int]) -> str:
    return "{" + ",".join(map(str, values)) + "}"


async def store_messages(tx: Transaction, batch: Sequence[NewMessage]) -> list[tuple[int | None, int, bool]]:
    """Store messages in their order; for each its id (None: no such conversation), its time, whether it was there."""
    return await tx.rows(
        "select * from server.store_messages(%s::bigint[], %s::bigint[], %s::bigint[], string_to_array(%s, E'\\x1e'),"
        " string_to_array(%s, E'\\x1e'), string_to_array(%s, E'\\x1e'), %s::boolean[])",
        _numbers([m.chat for m in batch]),
        _numbers([m.sender for m in batch]),
        _numbers([m.time for m in batch]),
        SEPARATOR.join([m.key for m in batch]),
        SEPARATOR.join([_numbers(m.mentions) if m.mentions else "" for m in batch]),
        b"\x1e".join([m.payload for m in batch]).decode(),
        _flags([m.quiet for m in batch]),
        kind=_stored,
    )


def _stored(message_id: int | None, time: int, repeated: bool) -> tuple[int | None, int, bool]:
    return message_id, time, repeated


@dataclass(frozen=True, slots=True)
class Marked:
    """How far a member is after his mark; `chat` is None when he may not read the message."""

    chat: ChatId | None
    cid: ContactId
    moved: bool
    received_id: MessageId
    watched_id: MessageId
    unread: int
    authors: list[ContactId] | None
    """Of the messages newly covered, in a group."""
    told_received_id: MessageId
    told_watched_id: MessageId
    """As far as the others are told."""
    told: bool
    """That is news to them."""


@dataclass(frozen=True, slots=True)
class NewMark:
    """A mark to store, and what of it stays the reader's own."""

    cid: ContactId
    message: MessageId
    watched: bool
    hide_received: bool = False
    hide_watched: bool = False


async def chats_of(tx: Transaction, ids: Sequence[MessageId]) -> dict[MessageId, ChatId]:
    """The conversations of those of the messages that exist."""
    rows = await tx.rows(
        "select id, chat from server.message where id = any(%s)",
        list(ids),
        kind=lambda id, chat: (id, chat),  # noqa: A006
    )
    return dict(rows)


async def store_marks(tx: Transaction, marks: Sequence[NewMark], now: Seconds) -> list[Marked]:
    """Store marks: an answer for each, then a row for each member who came further."""
    return await tx.rows(
        "select * from server.store_marks(%s::bigint[], %s::bigint[], %s::boolean[], %s::boolean[], %s::boolean[], %s)",
        _numbers([mark.cid for mark in marks]),
        _numbers([mark.message for mark in marks]),
        "{" + ",".join(["t" if mark.watched else "f" for mark in marks]) + "}",
        _flags([mark.hide_received for mark in marks]),
        _flags([mark.hide_watched for mark in marks]),
        now,
        kind=Marked,
    )


@dataclass(slots=True)
class MessageRow:
    """A stored message, deleted or not."""

    id: MessageId
    chat: ChatId
    seq: int
    rev: Revision
    sender: ContactId
    time: Seconds
    deleted_time: Seconds
    key: str | None
    mentions: list[ContactId] | None
    payload: bytes

    def __post_init__(self) -> None:
        if isinstance(self.payload, str):
            self.payload = self.payload.encode()


async def message(tx: Transaction, message_id: MessageId) -> MessageRow | None:
    """One message."""
    return await tx.row(
        "select id, chat, seq, rev, sender, time, deleted_time, key, mentions, payload from server.message"
        " where id = %s",
        message_id,
        kind=MessageRow,
    )


async def messages(tx: Transaction, ids: list[MessageId]) -> list[MessageRow]:
    """Those of the messages that exist, in the order of their ids."""
    return await tx.rows(
        "select id, chat, seq, rev, sender, time, deleted_time, key, mentions, payload from server.message"
        " where id = any(%s) order by id",
        ids,
        kind=MessageRow,
    )


@dataclass(slots=True)
class Entry:
    """A message on a page."""

    id: int
    rev: int
    sender: int
    key: str | None
    mentions: list[ContactId] | None
    payload: bytes

    def __post_init__(self) -> None:
        if isinstance(self.payload, str):
            self.payload = self.payload.encode()


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a conversation, newest first, and whether there is more on its sides."""

    entries: list[Entry]
    older: bool
    newer: bool
    rev: Revision


async def page_before(tx: Transaction, chat: ChatId, after: int, before: int, count: int) -> Page:
    """The newest `count` of the messages with after < id < before."""
    rows = await tx.rows(
        "select j.rev, p.id, p.rev, p.sender, p.key, p.mentions, p.payload from server.journal j left join lateral ("
        "select m.id, m.rev, m.sender, m.key, m.mentions, m.payload from server.message m"
        " where m.chat = %s and m.id > %s and m.id < %s and m.deleted_time = 0 order by m.id desc limit %s"
        ") p on true order by p.id desc",
        chat, after, before, count + 1,
        kind=_row,
    )  # fmt: skip
    entries = _entries(rows)
    return Page(entries[:count], len(entries) > count, False, Revision(rows[0][0]))


async def page_after(tx: Transaction, chat: ChatId, after: int, before: int, count: int) -> Page:
    """The oldest `count` of the messages with after < id < before, newest first as every page."""
    rows = await tx.rows(
        "select j.rev, p.id, p.rev, p.sender, p.key, p.mentions, p.payload from server.journal j left join lateral ("
        "select m.id, m.rev, m.sender, m.key, m.mentions, m.payload from server.message m"
        " where m.chat = %s and m.id > %s and m.id < %s and m.deleted_time = 0 order by m.id limit %s"
        ") p on true order by p.id desc",
        chat, after, before, count + 1,
        kind=_row,
    )  # fmt: skip
    entries = _entries(rows)
    return Page(entries[-count:], False, len(entries) > count, Revision(rows[0][0]))


Row = tuple[int, int, int, int, str | None, list[ContactId] | None, bytes]


def _row(*columns: object) -> Row:
    return columns  # type: ignore[return-value]


def _entries(rows: list[Row]) -> list[Entry]:
    # Without any message the left join gives one row of nulls that carries the revision.
    return [Entry(*row[1:]) for row in rows if row[1] is not None]


async def any_between(tx: Transaction, chat: ChatId, after: int, before: int) -> bool:
    """Whether there is a message with after < id < before."""
    return bool(
        await tx.value(
            "select exists (select from server.message where chat = %s and id > %s and id < %s and deleted_time = 0)",
            chat, after, before,
        )
    )  # fmt: skip


async def exists(tx: Transaction, chat: ChatId, message_id: MessageId) -> bool:
    """Whether a message, not deleted, is in this conversation."""
    return bool(
        await tx.value(
            "select exists (select from server.message where id = %s and chat = %s and deleted_time = 0)",
            message_id,
            chat,
        )
    )


@dataclass(slots=True)
class ChangedRow:
    """A message new or changed, with what its reader calls the conversation."""

    journal: Revision
    peer: int
    kind: PeerKind
    id: int
    rev: int
    sender: int
    key: str | None
    mentions: list[ContactId] | None
    payload: bytes

    def __post_init__(self) -> None:
        if isinstance(self.payload, str):
            self.payload = self.payload.encode()


async def changes(
    tx: Transaction, cid: ContactId, min_rev: Revision, count: int, chat: ChatId | None
) -> list[ChangedRow]:
    """Messages that a contact may read, new or changed after a revision, oldest change first, tombstones included.

    In one conversation or in all. Without any there is one row with nothing but the journal's revision.
    """
    return await tx.rows(
        "select j.rev, x.peer, x.kind, x.id, x.rev, x.sender, x.key, x.mentions, x.payload"
        " from server.journal j left join lateral ("
        "select p.peer, c.kind, m.* from server.member p join server.chat c on c.id = p.chat cross join lateral ("
        "(select n.id, n.rev, n.sender, n.key, n.mentions, n.payload from server.message n"
        " where n.chat = c.id and n.id > greatest(p.hidden_to_id, %s) and n.id <= p.left_id and n.rev = n.id"
        " order by n.id limit %s)"
        " union all "
        "(select n.id, n.rev, n.sender, n.key, n.mentions, n.payload from server.message n"
        " where n.chat = c.id and n.rev > %s and n.rev <> n.id and n.id > p.hidden_to_id and n.id <= p.left_id"
        " order by n.rev limit %s)"
        ") m where p.cid = %s and c.rev > %s and (%s::bigint is null or c.id = %s) order by m.rev limit %s"
        ") x on true order by x.rev",
        min_rev, count, min_rev, count, cid, min_rev, chat, chat, count,
        kind=ChangedRow,
    )  # fmt: skip


async def last_revision(tx: Transaction) -> Revision:
    """The newest committed revision of the journal."""
    return Revision(await tx.value("select server.last_revision()"))


async def next_revision(tx: Transaction) -> Revision:
    """The next revision; the transaction is alone in the journal from here on."""
    return Revision(await tx.value("select server.next_revision()"))


async def change(
    tx: Transaction, row: MessageRow, rev: Revision, payload: bytes, mentions: list[ContactId], deleted_time: Seconds
) -> None:
    """Replace what a message says."""
    await tx.run(
        "update server.message set rev = %s, payload = %s, mentions = %s::bigint[], deleted_time = %s where id = %s",
        rev, payload.decode(), _numbers(mentions) if mentions else None, deleted_time, row.id,
    )  # fmt: skip
    await tx.run(
        "update server.chat set rev = %s, pinned_id = case when pinned_id = %s and %s > 0 then 0 else pinned_id end"
        " where id = %s",
        rev, row.id, deleted_time, row.chat,
    )  # fmt: skip


async def keep_version(
    tx: Transaction, message_id: MessageId, rev: Revision, data: str, now: Seconds, by: ContactId
) -> None:
    """Remember the text that revision `rev` replaced."""
    await tx.run(
        "insert into server.message_version (id, rev, data, until, by) values (%s, %s, %s, %s, %s)",
        message_id,
        rev,
        data,
        now,
        by,
    )


@dataclass(frozen=True, slots=True)
class VersionRow:
    """An earlier text."""

    data: str
    until: Seconds
    by: ContactId


async def versions(tx: Transaction, message_id: MessageId) -> list[VersionRow]:
    """Earlier texts of a message, oldest first."""
    return await tx.rows(
        "select data, until, by from server.message_version where id = %s order by rev", message_id, kind=VersionRow
    )


@dataclass(frozen=True, slots=True)
class ReadRow:
    """When a member received and read a message; 0 = not yet."""

    cid: ContactId
    received_time: Seconds
    watched_time: Seconds


async def readers(tx: Transaction, chat: ChatId, message_id: MessageId, author: ContactId) -> list[ReadRow]:
    """Every member but the author; the time is that of the first mark that reaches the message."""
    return await tx.rows(
        "select p.cid,"
        " coalesce((select k.time from server.mark k where k.chat = p.chat and k.cid = p.cid and k.rev > %s"
        " and k.received_id >= %s order by k.rev limit 1), 0),"
        " coalesce((select k.time from server.mark k where k.chat = p.chat and k.cid = p.cid and k.rev > %s"
        " and k.watched_id >= %s order by k.rev limit 1), 0)"
        " from server.member p where p.chat = %s and p.role <> 'left' and p.cid <> %s order by p.joined_rev, p.cid",
        message_id, message_id, message_id, message_id, chat, author,
        kind=ReadRow,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ScheduledRow:
    """A message that waits for its time, or could not be sent (`error`)."""

    id: int
    sender: ContactId
    cid: int
    cid_type: str
    data: str
    data_type: str
    reply_id: MessageId
    send_time: Seconds
    error: str


async def schedule(
    tx: Transaction,
    sender: ContactId,
    cid: int,
    cid_type: PeerKind,
    data: str,
    data_type: str,
    reply_id: MessageId,
    send_time: Seconds,
) -> int:
    """Keep a message for later; answers its number."""
    return int(
        await tx.value(
            "insert into server.scheduled_message (sender, cid, cid_type, data, data_type, reply_id, send_time)"
            " values (%s, %s, %s, %s, %s, %s, %s) returning id",
            sender, cid, cid_type.value, data, data_type, reply_id, send_time,
        )
    )  # fmt: skip


async def scheduled_of(tx: Transaction, sender: ContactId) -> list[ScheduledRow]:
    """What an author has waiting, soonest first."""
    return await tx.rows(
        "select id, sender, cid, cid_type, data, data_type, reply_id, send_time, error from server.scheduled_message"
        " where sender = %s order by send_time, id",
        sender,
        kind=ScheduledRow,
    )


async def scheduled_due(tx: Transaction, now: Seconds, limit: int) -> list[ScheduledRow]:
    """Those whose time has come."""
    return await tx.rows(
        "select id, sender, cid, cid_type, data, data_type, reply_id, send_time, error from server.scheduled_message"
        " where error = '' and send_time <= %s order by send_time, id limit %s",
        now,
        limit,
        kind=ScheduledRow,
    )


async def next_scheduled(tx: Transaction) -> Seconds | None:
    """When the next one is due."""
    return await tx.value("select min(send_time) from server.scheduled_message where error = ''")  # type: ignore[no-any-return]


async def unschedule(tx: Transaction, message_id: int, sender: ContactId) -> bool:
    """Forget one; answers whether the sender had it."""
    return await tx.run("delete from server.scheduled_message where id = %s and sender = %s", message_id, sender) > 0


async def fail_scheduled(tx: Transaction, message_id: int, error: str) -> None:
    """Note why one could not be sent; it is not tried again."""
    await tx.run("update server.scheduled_message set error = %s where id = %s", error, message_id)


@dataclass(slots=True)
class StateRow:
    """A message, the newest revision of its state, and when somebody but its author first received and read it."""

    id: MessageId
    chat: ChatId
    rev: Revision
    sender: ContactId
    deleted_time: Seconds
    payload: bytes
    received_time: Seconds
    watched_time: Seconds

    def __post_init__(self) -> None:
        if isinstance(self.payload, str):
            self.payload = self.payload.encode()


async def states(tx: Transaction, ids: list[MessageId]) -> list[StateRow]:
    """The states of those of the messages that exist, in the order of their ids."""
    return await tx.rows(
        "select m.id, m.chat, greatest(m.rev, r.rev, w.rev), m.sender, m.deleted_time, m.payload,"
        " coalesce(r.time, 0), coalesce(w.time, 0) from server.message m"
        " left join lateral (select x.rev, x.time from server.member p cross join lateral (select k.rev, k.time"
        " from server.mark k where k.chat = p.chat and k.cid = p.cid and k.rev > m.id and k.received_id >= m.id"
        " order by k.rev limit 1) x where p.chat = m.chat and p.cid <> m.sender order by x.rev limit 1) r on true"
        " left join lateral (select x.rev, x.time from server.member p cross join lateral (select k.rev, k.time"
        " from server.mark k where k.chat = p.chat and k.cid = p.cid and k.rev > m.id and k.watched_id >= m.id"
        " order by k.rev limit 1) x where p.chat = m.chat and p.cid <> m.sender order by x.rev limit 1) w on true"
        " where m.id = any(%s) order by m.id",
        ids,
        kind=StateRow,
    )


async def state_changes(
    tx: Transaction, chat: ChatId, min_rev: Revision, first: int, last: int, count: int
) -> list[StateRow]:
    """States of a conversation that changed after a revision, oldest change first, of messages first < id <= last.

    What two members had read by then, somebody besides the author had read: only messages after the second-furthest
    place, and edited ones, can have changed.
    """
    return await tx.rows(
        "with place as (select coalesce((select k.watched_id from server.mark k"
        " where k.chat = p.chat and k.cid = p.cid and k.rev <= %s order by k.rev desc limit 1), 0) as id"
        " from server.member p where p.chat = %s),"
        " bounds as (select coalesce((select id from place order by id desc offset 1 limit 1), 0) as old,"
        " coalesce((select max(k.received_id) from server.mark k where k.chat = %s and k.rev > %s), 0) as covered),"
        " touched as (select m.id from server.message m, bounds b where m.chat = %s and m.id > greatest(b.old, %s)"
        " and m.id <= %s and (m.id > %s or m.id <= b.covered)"
        " union select m.id from server.message m where m.chat = %s and m.rev > %s and m.rev <> m.id"
        " and m.id > %s and m.id <= %s)"
        " select * from (select m.id, m.chat, greatest(m.rev, r.rev, w.rev) as rev, m.sender, m.deleted_time,"
        " m.payload, coalesce(r.time, 0), coalesce(w.time, 0) from touched t join server.message m on m.id = t.id"
        " left join lateral (select x.rev, x.time from server.member p cross join lateral (select k.rev, k.time"
        " from server.mark k where k.chat = p.chat and k.cid = p.cid and k.rev > m.id and k.received_id >= m.id"
        " order by k.rev limit 1) x where p.chat = m.chat and p.cid <> m.sender order by x.rev limit 1) r on true"
        " left join lateral (select x.rev, x.time from server.member p cross join lateral (select k.rev, k.time"
        " from server.mark k where k.chat = p.chat and k.cid = p.cid and k.rev > m.id and k.watched_id >= m.id"
        " order by k.rev limit 1) x where p.chat = m.chat and p.cid <> m.sender order by x.rev limit 1) w on true"
        ") s where s.rev > %s order by s.rev, s.id limit %s",
        min_rev, chat, chat, min_rev, chat, first, last, min_rev, chat, min_rev, first, last, min_rev, count,
        kind=StateRow,
    )  # fmt: skip
