"""Changing what was written: edit, delete, react. The earlier text is kept for the audit.

Each takes a revision first and reads the message under it, so two who change one message do it one after the other.
"""

import unicodedata

import msgspec

from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database, Transaction
from roschat.kernel.errors import Denied, Invalid, NotFound, TooLarge
from roschat.modules.server.chats.membership import Chat, Chats
from roschat.modules.server.files.api import ShareFiles
from roschat.modules.server.messages import body, store
from roschat.modules.server.messages.announcement import Announcement
from roschat.modules.server.messages.api import (
    DeleteMessage,
    EditMessage,
    MaySendMessage,
    MessageChanged,
    SetReaction,
    StoredMessage,
)
from roschat.modules.server.messages.fragment import Fragment, decode, encode
from roschat.modules.server.messages.sending import mentioned, readable
from roschat.modules.server.messages.store import Entry
from roschat.modules.server.messages.tails import Tails
from roschat.types import NOBODY, ContactId, MessageId, PeerKind, Revision, Seconds
from roschat.wire.conversation import PollBody, Reaction
from roschat.wire.message import Caller, Empty

MAX_REACTION = 16
"""Characters of one reaction: an emoji with its joiners and skin tones."""
MAX_REACTIONS = 20
"""Different reactions under one message."""

_POLL = str(PollBody.__struct_config__.tag)


class Editor:
    """Serves edit-message, delete-message and set-reaction."""

    def __init__(
        self, db: Database, bus: Bus, clock: Clock, chats: Chats, tails: Tails, announcement: Announcement
    ) -> None:
        self._db = db
        self._bus = bus
        self._clock = clock
        self._chats = chats
        self._tails = tails
        self._announcement = announcement

    async def edit(self, command: EditMessage, caller: Caller) -> Empty:
        """Change the caller's own message for all."""
        row, chat = await self._message(command.id, caller.cid)
        old = decode(row.payload)
        if row.sender != caller.cid or old.data_type == "system":
            raise Denied(f"Message {row.id} is not yours; only its author may edit it.")
        if old.data_type == "data" and _kind(old.data) == _POLL:
            raise Denied(f"Message {row.id} is a poll; close it and ask a new one instead of editing it.")
        checked = body.check(old.data_type, command.data)
        if self._bus.asked(MaySendMessage):
            cid = chat.seen_by(caller.cid)
            await self._bus.ask(MaySendMessage(caller.cid, cid, PeerKind(chat.kind), old.data_type, command.data))
        if checked.files:
            await self._bus.call(ShareFiles(caller.cid, checked.files, chat.id))
        called = list(mentioned(chat, caller.cid, checked.mentions))
        now = self._clock.seconds()
        with self._tails.changing(chat.id):
            async with self._db.transaction() as tx:
                rev, row, old = await self._locked(tx, row.id)
                new = msgspec.structs.replace(old, data=command.data, edited_time=now)
                if new.data == old.data:
                    return Empty()
                await store.keep_version(tx, row.id, rev, old.data, now, caller.cid)
                entry = await _change(tx, row, rev, new, called)
                tx.emit(_changed(chat, row, rev, new, rewritten=True))
            self._announcement.changed(chat, entry, system=False, deleted=False)
        return Empty()

    async def delete(self, command: DeleteMessage, caller: Caller) -> Empty:
        """Delete for all. A message that is deleted already stays so."""
        row, chat = await self._message(command.id, caller.cid, deleted=True)
        system = decode(row.payload).data_type == "system"
        if (row.sender != caller.cid or system) and not (chat.is_group and chat.seats[caller.cid].leads):
            raise Denied(f"Message {row.id} may be deleted by its author, in a group also by the owner and admins.")
        now = self._clock.seconds()
        with self._tails.changing(chat.id):
            async with self._db.transaction() as tx:
                rev = await store.next_revision(tx)
                found = await store.message(tx, row.id)
                if found is None or found.deleted_time:
                    return Empty()
                row, old = found, decode(found.payload)
                new = Fragment(old.data_type, "", old.time, old.sender_id, deleted_time=now)
                await store.keep_version(tx, row.id, rev, old.data, now, caller.cid)
                entry = await _change(tx, row, rev, new, [])
                tx.emit(_changed(chat, row, rev, new))
            self._announcement.changed(chat, entry, system=system, deleted=True)
        return Empty()

    async def react(self, command: SetReaction, caller: Caller) -> Empty:
        """Put a reaction under a message, or take it back; twice is once."""
        check_reaction(command.reaction)
        row, chat = await self._message(command.id, caller.cid)
        with self._tails.changing(chat.id):
            async with self._db.transaction() as tx:
                rev, row, old = await self._locked(tx, row.id)
                reactions = react(old.reactions, command.reaction, caller.cid, command.on)
                if reactions == old.reactions:
                    return Empty()
                new = msgspec.structs.replace(old, reactions=reactions)
                entry = await _change(tx, row, rev, new, row.mentions or [])
                tx.emit(_changed(chat, row, rev, new))
            self._announcement.changed(chat, entry, system=old.data_type == "system", deleted=False)
        return Empty()

    async def _message(
        self, message_id: MessageId, caller: ContactId, *, deleted: bool = False
    ) -> tuple[store.MessageRow, Chat]:
        async with self._db.reading() as tx:
            row = await store.message(tx, message_id)
        if row is None or (row.deleted_time and not deleted):
            raise NotFound(f"There is no message {message_id}.")
        chat = await readable(self._chats, caller, row)
        if not chat.seats[caller].present:
            raise Denied(f"You are no member of group {chat.id} any more.")
        return row, chat

    async def _locked(self, tx: Transaction, message_id: MessageId) -> tuple[Revision, store.MessageRow, Fragment]:
        rev = await store.next_revision(tx)
        row = await store.message(tx, message_id)
        if row is None or row.deleted_time:
            raise NotFound(f"There is no message {message_id} any more.")
        return rev, row, decode(row.payload)


async def _change(
    tx: Transaction, row: store.MessageRow, rev: Revision, new: Fragment, mentions: list[ContactId]
) -> Entry:
    payload = encode(new)
    await store.change(tx, row, rev, payload, mentions, new.deleted_time)
    return Entry(row.id, rev, row.sender, row.key, mentions or None, payload)


def _changed(
    chat: Chat, row: store.MessageRow, rev: Revision, new: Fragment, *, rewritten: bool = False
) -> MessageChanged:
    message = StoredMessage(
        chat.id,
        row.id,
        rev,
        NOBODY if new.data_type == "system" else row.sender,
        new.data_type,
        new.data,
        Seconds(row.time),
        chat.seen_by(row.sender),
        PeerKind(chat.kind),
        new.reply_id,
    )
    return MessageChanged(message, new.deleted_time, new.reactions, rewritten)


def _kind(data: str) -> str:
    try:
        found = msgspec.json.decode(data)
    except msgspec.DecodeError:
        return ""
    return str(found.get("type", "")) if isinstance(found, dict) else ""


def check_reaction(reaction: str) -> None:
    """A reaction is one emoji or a very short word, without blanks and control characters."""
    if not reaction or len(reaction) > MAX_REACTION:
        raise Invalid(f"Reaction {reaction[:40]!r} must be 1 to {MAX_REACTION} characters long.")
    if any(char.isspace() or unicodedata.category(char) == "Cc" for char in reaction):
        raise Invalid(f"Reaction {reaction!r} must not hold blanks or control characters.")


def react(reactions: list[Reaction], reaction: str, cid: ContactId, on: bool) -> list[Reaction]:
    """The reactions under a message after somebody put one, or took it back; in the order they first appeared."""
    after = []
    found = False
    for old in reactions:
        cids = old.cids
        if old.reaction == reaction:
            found = True
            cids = [other for other in cids if other != cid] if not on else cids if cid in cids else [*cids, cid]
        if cids:
            after.append(Reaction(old.reaction, cids))
    if on and not found:
        after.append(Reaction(reaction, [cid]))
    if len(after) > MAX_REACTIONS:
        raise TooLarge(f"A message holds at most {MAX_REACTIONS} different reactions; choose one that is there.")
    return after
