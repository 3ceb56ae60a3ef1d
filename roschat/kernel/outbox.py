"""Events that survive the death of their process between the commit and the publishing.

Needed when the bus is not local: the event is written in the transaction that caused it, published after the commit,
then its row is deleted. What a killed process left behind is found by a sweep and published again. So every event
arrives at least once; a listener that must not act twice remembers the id, which never changes for one event. Events of
one transaction keep their order; after a crash they may come behind later ones of other transactions.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from msgspec import MsgspecError

from roschat.kernel.aio import Tasks
from roschat.kernel.bus_codec import decoder_of, encode, name_of
from roschat.kernel.db import Database, Transaction
from roschat.kernel.errors import RoschatError
from roschat.wire.declare import declared
from roschat.wire.message import Event

ABANDONED = 10.0
"""Seconds after which a row is taken as left behind by a process that died."""
EVERY = 5.0
BATCH = 500

log = logging.getLogger(__name__)

Publish = Callable[[Event, int], None]
"""Publishes an event under its id. Must not raise."""


@dataclass(frozen=True)
class Kept:
    """A row of the table."""

    id: int
    name: str
    payload: bytes


class Outbox:
    """Keeps the events of a Database: `db.outbox = Outbox(db, publish)`, then `start()`."""

    def __init__(self, db: Database, publish: Publish, *, every: float = EVERY, abandoned: float = ABANDONED) -> None:
        self._db = db
        self._publish = publish
        self._every = every
        self._abandoned = abandoned
        self._published: list[int] = []
        self._wake = asyncio.Event()
        self._tasks = Tasks("outbox")

    def start(self) -> None:
        """Begin to delete what was published, and to sweep."""
        self._tasks.spawn(self._delete_published(), "deletion")
        self._tasks.spawn(self._sweep_always(), "sweep")

    async def stop(self) -> None:
        """Delete what was published; call it before the database closes."""
        await self._tasks.stop()
        try:
            await self._delete()
        except RoschatError as error:
            log.warning("published events stay in the outbox and will be published twice: %s", error)

    async def keep(self, tx: Transaction, events: Sequence[Event]) -> list[int]:
        """Write the events with the transaction; answers their ids in the same order."""
        return await tx.rows(
            "INSERT INTO kernel.outbox (name, payload) SELECT name, payload "
            "FROM unnest(%s::text[], %s::bytea[]) WITH ORDINALITY AS kept (name, payload, place) ORDER BY place "
            "RETURNING id",
            [name_of(type(event)) for event in events],
            [encode(event) for event in events],
            kind=int,
        )

    def release(self, ids: Sequence[int], events: Sequence[Event]) -> None:
        """Publish events that were committed; their rows are deleted soon after, many at once."""
        for number, event in zip(ids, events, strict=True):
            self._publish(event, number)
        self._published.extend(ids)
        self._wake.set()

    async def sweep(self) -> int:
        """Publish what is older than `abandoned` seconds; answers how many events.

        Rows of other sweepers are skipped. The deletion is committed after the publishing: a crash in between publishes
        once more, never zero times.
        """
        async with self._db.transaction() as tx:
            rows = await tx.rows(
                "DELETE FROM kernel.outbox WHERE id IN (SELECT id FROM kernel.outbox "
                "WHERE time < now() - make_interval(secs => %s) AND NOT id = ANY(%s) "
                "ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING id, name, payload",
                self._abandoned,
                self._published,
                BATCH,
                kind=Kept,
            )
            for row in sorted(rows, key=lambda row: row.id):
                self._publish_again(row)
        return len(rows)

    def _publish_again(self, row: Kept) -> None:
        declaration = declared(row.name)
        if declaration is None:
            log.error(
                "event %s %r of the outbox is of a kind that this program does not know; dropped", row.id, row.name
            )
            return
        try:
            event = decoder_of(declaration.type).decode(row.payload)
        except MsgspecError as error:
            log.error("event %s %r of the outbox cannot be read (%s); dropped", row.id, row.name, error)
            return
        self._publish(event, row.id)

    async def _delete_published(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self._delete()
            except RoschatError as error:
                log.warning("published events cannot be deleted yet: %s", error)
                await asyncio.sleep(1)
                self._wake.set()

    async def _delete(self) -> None:
        ids = list(self._published)
        if ids:
            async with self._db.reading() as tx:
                await tx.run("DELETE FROM kernel.outbox WHERE id = ANY(%s)", ids)
            del self._published[: len(ids)]

    async def _sweep_always(self) -> None:
        while True:
            try:
                while await self.sweep() == BATCH:
                    pass
            except RoschatError as error:
                log.warning("the outbox cannot be swept: %s", error)
            await asyncio.sleep(self._every)
