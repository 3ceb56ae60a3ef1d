"""Writing messages: the rules in their order, then the batch.

Who may write where and what is answered from memory; files are shared with the readers before the message that names
them is stored, so nobody sees a name he may not open.
"""

import asyncio
from collections.abc import Sequence

from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import Denied, Invalid, NotFound, TooLarge, TooMany
from roschat.modules.server.chats.membership import Chat, Chats
from roschat.modules.server.files.api import ShareFiles
from roschat.modules.server.messages import body, store
from roschat.modules.server.messages.announcement import Announcement
from roschat.modules.server.messages.api import (
    ForwardMessages,
    MaySendMessage,
    MayTellStatus,
    SendMessage,
    Sent,
    StoreMessage,
)
from roschat.modules.server.messages.fragment import Fragment, decode, encode
from roschat.modules.server.messages.tails import Tails
from roschat.modules.server.messages.writer import Sending, Writer
from roschat.types import ContactId, MessageId, PeerKind, SessionId
from roschat.wire.conversation import Forwarded
from roschat.wire.message import Caller

MAX_KEY = 64
RESERVED = "="
"""Keys that begin so are the server's own (scheduled messages)."""
MAX_FORWARDED = 100
NOTICES = 8
"""`unstored` notices that one contact may send at once; one more is allowed each half second."""
NOTICE_EVERY = 0.5
MAX_TURNS = 20_000
"""Idle locks that are kept."""


class Turns:
    """One after the other: what an author sends into one conversation keeps its order, whatever has to be looked up."""

    def __init__(self) -> None:
        self._locks: dict[tuple[ContactId, PeerKind, int], asyncio.Lock] = {}

    def of(self, key: tuple[ContactId, PeerKind, int]) -> asyncio.Lock:
        """The lock to hold from the first look-up to the writer's queue."""
        lock = self._locks.get(key)
        if lock is None:
            if len(self._locks) > MAX_TURNS:
                self._locks = {known: held for known, held in self._locks.items() if held.locked()}
            lock = self._locks[key] = asyncio.Lock()
        return lock


class Sender:
    """Serves send-message, store-message and forward-messages."""

    def __init__(
        self,
        db: Database,
        bus: Bus,
        clock: Clock,
        chats: Chats,
        tails: Tails,
        writer: Writer,
        announcement: Announcement,
    ) -> None:
        self._db = db
        self._bus = bus
        self._clock = clock
        self._chats = chats
        self._tails = tails
        self._writer = writer
        self._announcement = announcement
        self._turns = Turns()
        self._notices: dict[ContactId, float] = {}

    async def send(self, command: SendMessage, caller: Caller) -> Sent:
        """Write as the caller."""
        check_key(command.key)
        return await self.write(caller.cid, command, caller.session)

    async def store(self, command: StoreMessage, _: Caller) -> Sent:
        """Write as `sender`."""
        return await self.write(command.sender, command)

    async def write(
        self, sender: ContactId, command: SendMessage | StoreMessage, session: SessionId = SessionId("")
    ) -> Sent:
        """Check, then store, or pass on what is `unstored`. Raises the errors of the rules, and Unavailable."""
        checked = body.check(command.data_type, command.data)
        async with self._turns.of((sender, command.cid_type, command.cid)):
            stored = await self._put(sender, command, session, checked)
        return stored if isinstance(stored, Sent) else await stored

    async def _put(
        self, sender: ContactId, command: SendMessage | StoreMessage, session: SessionId, checked: body.Checked
    ) -> "Sent | asyncio.Future[Sent]":
        chat = await self._chats.for_member(sender, command.cid_type, command.cid, writing=True)
        await self._ask(sender, command.cid, command.cid_type, command.data_type, command.data)
        if command.reply_id:
            await self._check_reply(chat, command.reply_id)
        if checked.files:
            await self._bus.call(ShareFiles(sender, checked.files, chat.id))
        now = self._clock.seconds()
        sending = Sending(
            chat,
            sender,
            command.data_type,
            command.data,
            now,
            encode(Fragment(command.data_type, command.data, now, sender, command.reply_id)),
            command.key,
            mentioned(chat, sender, checked.mentions),
            command.reply_id,
            session,
            await self._quiet(chat, sender),
        )
        if command.data_type == "unstored":
            self._check_notices(sender)
            self._announcement.unstored(sending)
            return Sent(MessageId(0), now)
        return self._writer.put(sending)

    async def forward(self, command: ForwardMessages, caller: Caller) -> list[Sent]:
        """Repeat messages in another conversation, each with where it came from."""
        check_key(command.key)
        if not command.ids or len(command.ids) > MAX_FORWARDED:
            raise TooLarge(f"{len(command.ids)} messages cannot be forwarded at once; name 1 to {MAX_FORWARDED}.")
        chat = await self._chats.for_member(caller.cid, command.cid_type, command.cid, writing=True)
        async with self._db.reading() as tx:
            rows = {row.id: row for row in await store.messages(tx, command.ids)}
        batch = []
        now = self._clock.seconds()
        for number, message_id in enumerate(dict.fromkeys(command.ids)):
            row = rows.get(message_id)
            if row is None or row.deleted_time:
                raise NotFound(f"There is no message {message_id}.")
            await readable(self._chats, caller.cid, row)
            old = decode(row.payload)
            if old.data_type == "system":
                raise Invalid(f"Message {message_id} is the server's own and cannot be forwarded.")
            checked = body.check(old.data_type, old.data)
            await self._ask(caller.cid, command.cid, command.cid_type, old.data_type, old.data)
            if checked.files:
                await self._bus.call(ShareFiles(caller.cid, checked.files, chat.id))
            origin = old.forwarded or Forwarded(row.sender, row.id, row.time)
            payload = encode(Fragment(old.data_type, old.data, now, caller.cid, forwarded=origin))
            key = f"{command.key}:{number}" if command.key else ""
            batch.append(
                Sending(
                    chat, caller.cid, old.data_type, old.data, now, payload, key,
                    session=caller.session, quiet=await self._quiet(chat, caller.cid),
                )
            )  # fmt: skip
        return await asyncio.gather(*[self._writer.put(sending) for sending in batch])

    async def _ask(self, sender: ContactId, cid: int, cid_type: PeerKind, data_type: str, data: str) -> None:
        if self._bus.asked(MaySendMessage):
            await self._bus.ask(MaySendMessage(sender, cid, cid_type, data_type, data))

    async def _quiet(self, chat: Chat, author: ContactId) -> bool:
        """Whether the author does not tell that he has read what is before his message."""
        if not self._bus.asked(MayTellStatus):
            return False
        try:
            await self._bus.ask(MayTellStatus(author, chat.seen_by(author), PeerKind(chat.kind), read=True))
        except Denied:
            return True
        return False

    async def _check_reply(self, chat: Chat, message_id: MessageId) -> None:
        tail = self._tails.known(chat.id)
        if tail is not None and any(entry.id == message_id for entry in reversed(tail.entries)):
            return
        async with self._db.reading() as tx:
            found = await store.exists(tx, chat.id, message_id)
        if not found:
            raise NotFound(f"There is no message {message_id} in this conversation to reply to.")

    def _check_notices(self, sender: ContactId) -> None:
        # The time at which all earlier notices are paid for; a bucket that leaks.
        now = self._clock.monotonic()
        paid = max(now, self._notices.get(sender, now)) + NOTICE_EVERY
        if paid - now > NOTICES * NOTICE_EVERY:
            raise TooMany("Too many `unstored` notices; two in a second are enough.")
        if len(self._notices) > 10_000:
            self._notices = {cid: time for cid, time in self._notices.items() if time > now}
        self._notices[sender] = paid


def check_key(key: str) -> None:
    """A client's key: up to MAX_KEY printable characters, not beginning like the server's own."""
    if key and (len(key) > MAX_KEY or not key.isprintable() or key.startswith(RESERVED)):
        raise Invalid(f"Key {key[:80]!r} is not allowed: up to {MAX_KEY} printable characters, not beginning with '='.")


def mentioned(chat: Chat, author: ContactId, called: Sequence[ContactId]) -> Sequence[ContactId]:
    """Those called by name who are there to hear it, each once."""
    if not called:
        return ()
    return tuple(
        cid for cid in dict.fromkeys(called) if cid != author and cid in chat.seats and chat.seats[cid].present
    )


async def readable(chats: Chats, reader: ContactId, row: store.MessageRow, *, writing: bool = False) -> Chat:
    """The conversation of a message that the reader may see; NotFound when he may not know of it."""
    try:
        chat = await chats.by_id(reader, row.chat, writing=writing)
    except NotFound:
        raise NotFound(f"There is no message {row.id}.") from None
    seat = chat.seats[reader]
    if not seat.hidden_to_id < row.id <= seat.left_id:
        raise NotFound(f"There is no message {row.id}.")
    return chat
