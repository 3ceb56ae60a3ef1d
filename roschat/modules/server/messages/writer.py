"""Group commit: the one place where messages are written.

All messages that arrive while a batch is on its way to the database go into the next one; no timer waits for more. A
batch is one round trip and one commit. While the next batch is written, the answers and events of the last one go out;
nobody is told anything before the commit.

When the database is away everybody waiting gets Unavailable and the writer connects again for the next message. A line
that breaks in the middle of a batch leaves its outcome unknown: the author sends again under the same key, and gets the
same id if the batch was stored.

Beside other processes (kernel/bus_nats.py) a batch is told without the outbox, which would double its cost: what a
killed process had stored and not told is in the journal. The others learn of its death (`EventsMissed`) and have their
clients ask what changed; listeners that may not miss a message follow the journal by revision.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import psycopg

from roschat.kernel.db import Connection, Database, Transaction
from roschat.kernel.errors import NotFound, RoschatError, Unavailable
from roschat.modules.server.chats.membership import Chat
from roschat.modules.server.messages import store
from roschat.modules.server.messages.api import Sent
from roschat.types import ContactId, MessageId, Revision, Seconds, SessionId

BATCH = 256
"""Messages in one batch: a commit costs as much as writing some tens, so larger ones gain nothing but latency."""
BATCH_BYTES = 1_000_000
QUEUE = 10_000
"""Messages that may wait; more are refused."""

NO_MESSAGE = MessageId(0)

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Sending:
    """A checked message on its way."""

    chat: Chat
    sender: ContactId
    data_type: str
    data: str
    time: Seconds
    payload: bytes
    key: str = ""
    mentions: Sequence[ContactId] = ()
    reply_id: MessageId = NO_MESSAGE
    session: SessionId = SessionId("")
    quiet: bool = False
    id: MessageId = NO_MESSAGE
    stored: "asyncio.Future[Sent]" = field(default_factory=asyncio.Future)
    twins: "list[asyncio.Future[Sent]]" = field(default_factory=list)
    """Resends that came while this one was on its way."""

    def row(self) -> store.NewMessage:
        """As the database takes it."""
        return store.NewMessage(self.chat.id, self.sender, self.time, self.key, self.mentions, self.payload, self.quiet)


class Writer:
    """Takes messages from everybody and writes them in batches; `tell` hears of each batch after its commit."""

    def __init__(self, db: Database, tell: Callable[[list[Sending]], None]) -> None:
        self._db = db
        self._tell = tell
        self._waiting: list[Sending] = []
        self._keyed: dict[tuple[ContactId, str], Sending] = {}
        self._arrived = asyncio.Event()
        self._committed: list[tuple[list[Sending], list[tuple[int | None, int, bool]]]] = []
        self._to_tell = asyncio.Event()

    @property
    def waiting(self) -> int:
        """Messages that wait for the next batch."""
        return len(self._waiting)

    def put(self, sending: Sending) -> "asyncio.Future[Sent]":
        """Take one message; the answer comes after the commit. Raises Unavailable, then nothing is known to be stored.

        Messages are stored in the order in which they are put.
        """
        if sending.key:
            first = self._keyed.get((sending.sender, sending.key))
            if first is not None:
                first.twins.append(sending.stored)
                return sending.stored
        if len(self._waiting) >= QUEUE:
            raise Unavailable(f"{QUEUE} messages wait to be written already; try again in a moment.")
        if sending.key:
            self._keyed[(sending.sender, sending.key)] = sending
        self._waiting.append(sending)
        self._arrived.set()
        return sending.stored

    async def storing(self) -> None:
        """Write batches until cancelled."""
        try:
            while True:
                await self._arrived.wait()
                try:
                    async with self._db.connection() as connection:
                        await self._store_on(connection)
                except RoschatError as error:
                    self._fail(self._take_all(), error)
        finally:
            self._fail(self._take_all(), Unavailable("The server is stopping; try again."))

    async def telling(self) -> None:
        """Answer and announce committed batches, in their order, until cancelled."""
        try:
            while True:
                await self._to_tell.wait()
                self._tell_committed()
        finally:
            self._tell_committed()

    async def _store_on(self, connection: Connection) -> None:
        tx = Transaction(connection)
        while True:
            await self._arrived.wait()
            if not _alive(connection):
                return
            batch = self._take()
            try:
                rows = await store.store_messages(tx, [sending.row() for sending in batch])
            except RoschatError as error:
                # Those behind fail too: stored now, they would stand before what their author repeats.
                self._fail(batch + self._take_all(), error)
                return
            except asyncio.CancelledError:
                self._fail(batch, Unavailable("The server is stopping; try again."))
                raise
            except Exception:
                log.exception("A batch of %d messages could not be stored", len(batch))
                self._fail(batch, Unavailable("The messages could not be stored; the server's log says why."))
                return
            self._committed.append((batch, rows))
            self._to_tell.set()

    def _take(self) -> list[Sending]:
        size = 0
        for count, sending in enumerate(self._waiting[:BATCH]):
            size += len(sending.payload)
            if size > BATCH_BYTES and count:
                break
        else:
            count = BATCH
        batch, self._waiting = self._waiting[:count], self._waiting[count:]
        if not self._waiting:
            self._arrived.clear()
        return batch

    def _take_all(self) -> list[Sending]:
        batch, self._waiting = self._waiting, []
        self._arrived.clear()
        return batch

    def _tell_committed(self) -> None:
        self._to_tell.clear()
        done, self._committed = self._committed, []
        for batch, rows in done:
            fresh = []
            for sending, (message_id, time, repeated) in zip(batch, rows, strict=True):
                self._keyed.pop((sending.sender, sending.key), None)
                if message_id is None:
                    _answer(sending, NotFound(f"There is no conversation {sending.chat.id} any more."))
                    continue
                if not repeated:
                    sending.id = MessageId(message_id)
                    fresh.append(sending)
                _answer(sending, Sent(MessageId(message_id), Seconds(time), Revision(message_id)))
            try:
                self._tell(fresh)
            except Exception:
                log.exception("%d stored messages could not be announced", len(fresh))

    def _fail(self, batch: list[Sending], error: RoschatError) -> None:
        for sending in batch:
            self._keyed.pop((sending.sender, sending.key), None)
            _answer(sending, error)


def _answer(sending: Sending, answer: Sent | RoschatError) -> None:
    for waiting in (sending.stored, *sending.twins):
        if waiting.done():
            continue
        if isinstance(answer, Sent):
            waiting.set_result(answer)
        else:
            waiting.set_exception(answer)


def _alive(connection: Connection) -> bool:
    """Whether the server has not closed an idle connection meanwhile; found out before a message is lost on it."""
    try:
        connection.pgconn.consume_input()
    except psycopg.OperationalError:
        return False
    return not connection.closed
