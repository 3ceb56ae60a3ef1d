"""The messenger's features on a real database, driven over the bus: people who call commands and hear events."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec

from roschat.kernel.bus_local import LocalBus
from roschat.kernel.clock import Clock, ManualClock
from roschat.kernel.db import Database
from roschat.kernel.errors import Denied, NotFound
from roschat.kernel.lease import Leases
from roschat.kernel.metrics import Metrics
from roschat.kernel.service import Context
from roschat.modules.server.chats.wiring import ChatsFeature
from roschat.modules.server.chats.wiring import start as start_chats
from roschat.modules.server.files.api import PublishFiles, ShareFiles
from roschat.modules.server.messages.wiring import MessagesFeature
from roschat.modules.server.messages.wiring import start as start_messages
from roschat.types import ContactId, Role, SessionId
from roschat.wire.declare import declared
from roschat.wire.delivery import Delivery
from roschat.wire.message import Caller, Command, Empty

R = TypeVar("R")


@dataclass(eq=False)
class Person:
    """Somebody with one session; `events` are what it heard, oldest first, as (name, event)."""

    cid: ContactId
    name: str
    session: SessionId
    bus: LocalBus
    events: list[tuple[str, Any]] = field(default_factory=list)

    async def call(self, command: Command[R]) -> R:
        """Send a command."""
        return await self.bus.call(command, Caller(Role.PERSON, self.cid, self.session))

    def heard(self, name: str) -> list[Any]:
        """The events of one name."""
        return [event for known, event in self.events if known == name]

    def last(self, name: str) -> Any:
        """The newest event of one name."""
        return self.heard(name)[-1]


class NoLeases:
    """Leases that are never ours: what is done under a lease is driven by the test."""

    async def hold(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        """Wait for ever."""
        await asyncio.Event().wait()


class Messenger:
    """The features, and the people in the directory."""

    def __init__(self, db: Database, bus: LocalBus, clock: Clock) -> None:
        self.db = db
        self.bus = bus
        self.clock = clock
        self.people: list[Person] = []
        self.messages: MessagesFeature
        self.chats: ChatsFeature
        self.shared: list[ShareFiles | PublishFiles] = []
        """Files that were shared; "foreign.png" is refused, "unknown.png" is not found."""
        self._sessions = itertools.count(1)
        bus.subscribe(Delivery, self._deliver)
        bus.serve(ShareFiles, self._share)
        bus.serve(PublishFiles, self._share)

    async def start(self) -> None:
        """Build both features as the module does."""
        context = Context(
            name="server",
            data=Path("/nonexistent"),
            bus=self.bus,
            db=self.db,
            routes=cast("Any", None),
            settings=cast("Any", None),
            secrets=cast("Any", None),
            clock=self.clock,
            leases=cast("Leases", NoLeases()),
            metrics=Metrics(),
            jobs=cast("Any", None),
            local={},
        )
        self.messages = await start_messages(context)
        self.chats = await start_chats(context, self.messages)

    async def stop(self) -> None:
        """End both."""
        await self.chats.stop()
        await self.messages.stop()

    async def person(self, surname: str, name: str = "", kind: str = "person") -> Person:
        """A new card, and somebody signed in to it."""
        async with self.db.transaction() as tx:
            cid = await tx.value(
                "insert into server.contact (kind, surname, name, rev)"
                " values (%s, %s, %s, server.next_contact_revision()) returning cid",
                kind,
                surname,
                name,
            )
        return self.session(ContactId(cid), surname)

    def session(self, cid: ContactId, name: str = "") -> Person:
        """One more session of somebody."""
        person = Person(cid, name, SessionId(f"s{next(self._sessions)}"), self.bus)
        self.people.append(person)
        return person

    async def deactivate(self, cid: ContactId) -> None:
        """As the directory does it; the features have not been told."""
        async with self.db.transaction() as tx:
            await tx.run("update server.contact set active = false where cid = %s", cid)

    def _deliver(self, delivery: Delivery) -> None:
        declaration = declared(delivery.name)
        assert declaration is not None
        for person in self.people:
            if person.cid in delivery.audience and person.session != delivery.but:
                person.events.append((delivery.name, msgspec.json.decode(delivery.payload, type=declaration.type)))

    async def _share(self, command: ShareFiles | PublishFiles, _: Caller) -> Empty:
        if "foreign.png" in command.files:
            raise Denied("File foreign.png is not yours.")
        if "unknown.png" in command.files:
            raise NotFound("There is no file unknown.png.")
        self.shared.append(command)
        return Empty()


@asynccontextmanager
async def messenger_on(dsn: str, clock: Clock | None = None, *, strict: bool = True) -> AsyncIterator[Messenger]:
    """A messenger on a database that is there already."""
    bus = LocalBus(strict=strict)
    db = Database(dsn, bus)
    await db.open()
    messenger = Messenger(db, bus, clock or ManualClock())
    await messenger.start()
    try:
        yield messenger
    finally:
        await messenger.stop()
        await bus.close()
        await db.close()
