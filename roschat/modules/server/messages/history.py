"""Reading: pages of a conversation, what changed since a revision, who read a message, earlier texts.

Every answer is cut to what its reader may see: not what he has hidden from himself, and nothing after he left. Deleted
messages are on no page; among changes they appear as they are now, empty with `deletedTime`, so that a reader who had
them drops them.
"""

from collections.abc import Sequence

from msgspec import Raw

from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid, NotFound
from roschat.modules.server.chats.membership import Chat, Chats, Seat
from roschat.modules.server.messages import store
from roschat.modules.server.messages.api import (
    PAGE,
    Changes,
    GetMessageDetails,
    GetMessages,
    GetMessagesChanges,
    GetMessagesLastRevision,
    GetMessageVersions,
    History,
    LastRevision,
    MessageDetails,
    OldVersion,
)
from roschat.modules.server.messages.fragment import frame, view
from roschat.modules.server.messages.sending import readable
from roschat.modules.server.messages.store import NO_END, Entry
from roschat.modules.server.messages.tails import Tail, Tails
from roschat.types import ContactId, PeerKind, Revision
from roschat.wire.message import Caller

MAX_PAGE = 4 * PAGE
MAX_CHANGES = 1000
CHANGES_BYTES = 1_000_000
"""Of messages in one answer: who was away for long comes back over a thin line."""


class Reader:
    """Serves get-messages, its changes and their last revision, get-message-details, get-message-versions."""

    def __init__(self, db: Database, chats: Chats, tails: Tails) -> None:
        self._db = db
        self._chats = chats
        self._tails = tails

    async def page(self, command: GetMessages, caller: Caller) -> History:
        """A page of a conversation; one of two that has not begun yet is empty."""
        if command.count < 1 or command.count > MAX_PAGE:
            raise Invalid(f"A page of {command.count} messages cannot be given; ask for 1 to {MAX_PAGE}.")
        try:
            chat = await self._chats.for_member(caller.cid, command.cid_type, command.cid)
        except NotFound:
            if command.cid_type is not PeerKind.USER:
                raise
            async with self._db.reading() as tx:
                return History(Raw(b"[]"), rev=await store.last_revision(tx))
        seat = chat.seats[caller.cid]
        if not command.begin_id and not command.around:
            tail = self._tails.known(chat.id)
            if tail is None and not command.end_id:
                tail = await self._tails.load(chat.id)
            found = None if tail is None else from_tail(tail, seat, command.end_id or NO_END, command.count)
            if found is not None:
                return history(found, chat, caller.cid)
        return history(await self._stored(chat, seat, command), chat, caller.cid)

    async def _stored(self, chat: Chat, seat: Seat, command: GetMessages) -> store.Page:
        first, last = seat.hidden_to_id, min(seat.left_id, NO_END - 1) + 1
        async with self._db.reading() as tx:
            if command.around:
                half = max(command.count // 2, 1)
                old = await store.page_before(tx, chat.id, first, min(command.around, last), half)
                new = await store.page_after(
                    tx, chat.id, max(command.around - 1, first), last, command.count - half or 1
                )
                return store.Page(new.entries + old.entries, old.older, new.newer, old.rev)
            before = min(command.end_id or last, last)
            after = max(command.begin_id, first)
            if command.begin_id:
                page = await store.page_after(tx, chat.id, after, before, command.count)
            else:
                page = await store.page_before(tx, chat.id, after, before, command.count)
            older, newer = page.older, page.newer
            if page.entries:
                older = older or (after > first and await store.any_between(tx, chat.id, first, page.entries[-1].id))
                newer = newer or (before < last and await store.any_between(tx, chat.id, page.entries[0].id, last))
            return store.Page(page.entries, older, newer, page.rev)

    async def changes(self, command: GetMessagesChanges, caller: Caller) -> Changes:
        """New and changed messages after `minRev`."""
        if command.count < 1 or command.count > MAX_CHANGES:
            raise Invalid(f"{command.count} changes cannot be given at once; ask for 1 to {MAX_CHANGES}.")
        chat = None
        if command.cid:
            try:
                chat = (await self._chats.for_member(caller.cid, command.cid_type, command.cid)).id
            except NotFound:
                if command.cid_type is not PeerKind.USER:
                    raise
                return Changes(command.min_rev, [])
        async with self._db.reading() as tx:
            rows = await store.changes(tx, caller.cid, command.min_rev, command.count + 1, chat)
        journal = rows[0].journal
        rows = [row for row in rows if row.id is not None]
        fitting = min(_fitting(rows), command.count)
        more = len(rows) > fitting
        rows = rows[:fitting]
        views = [
            view(
                frame(
                    row.peer,
                    PeerKind(row.kind),
                    row.id,
                    row.rev,
                    row.payload,
                    key=row.key or "" if row.sender == caller.cid else "",
                    mentioned=caller.cid in (row.mentions or ()),
                )
            )
            for row in rows
        ]
        return Changes(Revision(rows[-1].rev) if more else journal, views, more)

    async def last_revision(self, _: GetMessagesLastRevision, __: Caller) -> LastRevision:
        """The newest revision."""
        async with self._db.reading() as tx:
            return LastRevision(await store.last_revision(tx))

    async def details(self, command: GetMessageDetails, caller: Caller) -> list[MessageDetails]:
        """Who has received and read a message, one entry per member but its author."""
        async with self._db.reading() as tx:
            row = await store.message(tx, command.id)
            if row is None:
                raise NotFound(f"There is no message {command.id}.")
            await readable(self._chats, caller.cid, row)
            readers = await store.readers(tx, row.chat, row.id, row.sender)
        return [MessageDetails(r.cid, r.received_time, r.watched_time, row.deleted_time) for r in readers]

    async def versions(self, command: GetMessageVersions, _: Caller) -> list[OldVersion]:
        """Earlier texts of a message."""
        async with self._db.reading() as tx:
            if await store.message(tx, command.id) is None:
                raise NotFound(f"There is no message {command.id}.")
            return [OldVersion(v.data, v.until, v.by) for v in await store.versions(tx, command.id)]


def _fitting(rows: Sequence[store.ChangedRow]) -> int:
    """How many go into one answer, at least one."""
    size = 0
    for count, row in enumerate(rows):
        size += len(row.payload)
        if size > CHANGES_BYTES and count:
            return count
    return len(rows)


def from_tail(tail: Tail, seat: Seat, before: int, count: int) -> store.Page | None:
    """The newest `count` messages before `before` that the seat may see; None when the tail does not reach so far."""
    first, last = seat.hidden_to_id, seat.left_id
    entries = tail.entries
    stop = len(entries)
    while stop and (entries[stop - 1].id >= before or entries[stop - 1].id > last):
        stop -= 1
    start = max(stop - count, 0)
    page = entries[start:stop]
    if first and page and page[0].id <= first:
        page = [entry for entry in page if entry.id > first]
    older = start > 0 and entries[start - 1].id > first
    if start == 0 and not tail.whole and not (entries and entries[0].id <= first):
        # Whether there is more before the first entry, and what, only the database knows.
        return None
    newer = stop < len(entries) and entries[stop].id <= last
    return store.Page(page[::-1], older, newer, Revision(tail.rev))


def history(page: store.Page, chat: Chat, reader: ContactId) -> History:
    """A page as its reader sees it."""
    return History(Raw(b"[%b]" % b",".join(frames(page.entries, chat, reader))), page.older, page.newer, page.rev)


def frames(entries: Sequence[Entry], chat: Chat, reader: ContactId) -> list[bytes]:
    """Messages as their reader sees them."""
    cid, kind = chat.seen_by(reader), chat.kind
    return [
        frame(
            cid,
            kind,
            entry.id,
            entry.rev,
            entry.payload,
            key=(entry.key or "") if entry.sender == reader else "",
            mentioned=entry.mentions is not None and reader in entry.mentions,
        )
        for entry in entries
    ]
