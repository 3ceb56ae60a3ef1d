"""Received and read: how far each member of a conversation has come.

Marks of everybody gather for a moment and go to the database in one statement, because clients send one or two per
message and only the furthest counts. Like a message, a mark is answered after its commit. What the hook
`may-tell-status` refuses is kept for the reader alone.
"""

import asyncio
import logging
from collections.abc import Iterable

from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database, Transaction
from roschat.kernel.errors import Denied, NotFound, RoschatError, Unavailable
from roschat.modules.server.chats.membership import Chats
from roschat.modules.server.messages import store
from roschat.modules.server.messages.api import MayTellStatus, MessageMarksEvent, MessageReceived, MessageWatched
from roschat.types import ChatId, ContactId, MessageId, Seconds
from roschat.wire.delivery import deliver
from roschat.wire.message import Caller, Empty

MOMENT = 0.02
"""Seconds that marks wait for company."""
BATCH = 1000

log = logging.getLogger(__name__)

Mark = tuple[ContactId, MessageId, bool]


class Marks:
    """Serves message-received and message-watched."""

    def __init__(self, db: Database, bus: Bus, clock: Clock, chats: Chats, moment: float = MOMENT) -> None:
        self._db = db
        self._bus = bus
        self._clock = clock
        self._chats = chats
        self._moment = moment
        self._waiting: dict[Mark, list[asyncio.Future[None]]] = {}
        self._arrived = asyncio.Event()

    async def received(self, command: MessageReceived, caller: Caller) -> Empty:
        """The caller has this message and all before it."""
        await self.mark(caller.cid, command.id, watched=False)
        return Empty()

    async def watched(self, command: MessageWatched, caller: Caller) -> Empty:
        """The caller has read this message and all before it."""
        await self.mark(caller.cid, command.id, watched=True)
        return Empty()

    async def mark(self, cid: ContactId, message_id: MessageId, *, watched: bool) -> None:
        """Move a member's mark; a mark behind the present one changes nothing. Raises NotFound, Unavailable."""
        if not 0 < message_id <= store.NO_END:
            # The database cannot even compare it, and the marks of others are in the same batch.
            raise NotFound(f"There is no message {message_id}.")
        done: asyncio.Future[None] = asyncio.Future()
        self._waiting.setdefault((cid, message_id, watched), []).append(done)
        self._arrived.set()
        await done

    async def mark_all(self, cid: ContactId, ids: list[MessageId]) -> None:
        """Read several conversations, each up to a message of it."""
        await asyncio.gather(*[self.mark(cid, message_id, watched=True) for message_id in ids])

    async def storing(self) -> None:
        """Write marks until cancelled."""
        try:
            while True:
                await self._arrived.wait()
                await asyncio.sleep(self._moment)
                await self._store(self._take())
        finally:
            while self._waiting:
                _fail(self._take(), Unavailable("The server is stopping; try again."))

    def _take(self) -> dict[Mark, list[asyncio.Future[None]]]:
        batch = {mark: self._waiting.pop(mark) for mark in list(self._waiting)[:BATCH]}
        if not self._waiting:
            self._arrived.clear()
        return batch

    async def _store(self, batch: dict[Mark, list[asyncio.Future[None]]]) -> None:
        now = self._clock.seconds()
        try:
            async with self._db.reading() as tx:
                answers = await store.store_marks(tx, await self._discreet(tx, list(batch)), now)
        except RoschatError as error:
            _fail(batch, error)
            return
        except asyncio.CancelledError:
            _fail(batch, Unavailable("The server is stopping; try again."))
            raise
        except Exception:
            log.exception("A batch of %d marks could not be stored", len(batch))
            _fail(batch, Unavailable("The marks could not be stored; the server's log says why."))
            return
        for ((_, message_id, _), waiting), answer in zip(batch.items(), answers, strict=False):
            if answer.chat is None:
                _fail({(ContactId(0), message_id, False): waiting}, NotFound(f"There is no message {message_id}."))
                continue
            for done in waiting:
                if not done.done():
                    done.set_result(None)
        moved = answers[len(batch) :]
        try:
            await self._tell(moved, now)
        except RoschatError as error:
            log.warning("%d marks were stored but not announced: %s", len(moved), error)

    async def _discreet(self, tx: Transaction, batch: list[Mark]) -> list[store.NewMark]:
        """The marks, each with what its reader does not tell the others."""
        if not self._bus.asked(MayTellStatus):
            return [store.NewMark(*mark) for mark in batch]
        chats = await store.chats_of(tx, [message for _, message, _ in batch])
        marks = []
        for cid, message, watched in batch:
            hidden = [False, False]
            if message in chats:
                hidden = [await self.withheld(cid, chats[message], read=read) for read in (False, watched)]
            marks.append(store.NewMark(cid, message, watched, *hidden))
        return marks

    async def withheld(self, cid: ContactId, chat_id: ChatId, *, read: bool) -> bool:
        """Whether a member does not tell the others that he has received, or has read, what is in a conversation."""
        if not self._bus.asked(MayTellStatus):
            return False
        try:
            chat = await self._chats.by_id(cid, chat_id)
            await self._bus.ask(MayTellStatus(cid, chat.seen_by(cid), chat.kind, read))
        except NotFound:
            return False
        except Denied:
            return True
        return False

    async def _tell(self, moved: Iterable[store.Marked], now: Seconds) -> None:
        for marked in moved:
            if marked.chat is None:
                continue
            reader = marked.cid
            chat = await self._chats.by_id(reader, marked.chat)
            if chat.is_group:
                audience = [cid for cid in marked.authors or () if cid != reader and cid in chat.seats]
                audience = [cid for cid in audience if chat.seats[cid].present]
            else:
                audience = list(chat.others(reader))
            event = MessageMarksEvent(
                cid=chat.seen_by(audience[0]) if audience else 0,
                reader=reader,
                time=now,
                cid_type=chat.kind,
                received_id=marked.told_received_id,
                watched_id=marked.told_watched_id,
            )
            if audience and marked.told:
                self._bus.publish(deliver(event, audience))
            own = MessageMarksEvent(
                chat.seen_by(reader), reader, now, chat.kind, marked.received_id, marked.watched_id, marked.unread
            )
            self._bus.publish(deliver(own, (reader,)))


def _fail(batch: dict[Mark, list[asyncio.Future[None]]], error: RoschatError) -> None:
    for waiting in batch.values():
        for done in waiting:
            if not done.done():
                done.set_exception(error)
