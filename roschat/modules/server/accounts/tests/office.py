"""The features of people (accounts, directory, presence) and the files they use, running on a database of their own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest

from roschat.kernel.bus_local import LocalBus
from roschat.kernel.clock import ManualClock
from roschat.kernel.db import Database
from roschat.kernel.features import needs_of
from roschat.kernel.http import Routes
from roschat.kernel.jobs import Jobs
from roschat.kernel.lease import Leases
from roschat.kernel.metrics import Metrics
from roschat.kernel.secrets import Secrets
from roschat.kernel.service import Context
from roschat.kernel.settings import Settings
from roschat.modules.server.accounts import wiring as accounts
from roschat.modules.server.accounts.api import AddAccount, Login, LoginReply
from roschat.modules.server.directory import wiring as directory
from roschat.modules.server.directory.api import AddContact, CardField
from roschat.modules.server.files import wiring as files
from roschat.modules.server.presence import wiring as presence
from roschat.types import ContactId, Role, SessionId
from roschat.wire.delivery import Delivery
from roschat.wire.message import Caller, Command, Event
from roschat.wire.session import SessionClosed, SessionOpened

R = TypeVar("R")
E = TypeVar("E", bound=Event)

PASSWORD = "correct horse"
ADDRESS = "192.0.2.7"


@dataclass
class Office:
    """A company without people yet."""

    bus: LocalBus
    db: Database
    clock: ManualClock
    settings: Settings
    deliveries: list[Delivery] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    _sockets: int = 0

    async def call(self, command: Command[R], caller: Caller | None = None) -> R:
        """Send a command, by default as the server itself."""
        return await (self.bus.call(command) if caller is None else self.bus.call(command, caller))

    async def hire(self, surname: str, *more: CardField, login: str = "") -> ContactId:
        """A new person, with an account when there is a login."""
        cid = (await self.call(AddContact([CardField("surname", surname), *more]))).cid
        if login:
            await self.call(AddAccount(cid, login, PASSWORD))
        return cid

    async def login(self, login: str, password: str = PASSWORD, level: int = 9, **more: object) -> LoginReply:
        """The answer to a sign-in by password."""
        command = msgspec.convert({"login": login, "password": password, "APILevel": level, **more}, Login)
        return (await self.call(command, self.stranger())).reply

    async def connect(self, login: str, *, level: int = 9, silent: bool = False, device: str = "") -> Caller:
        """A socket that signs in by password and opens."""
        command = Login(login, PASSWORD, api_level=level, silent_mode=silent, device_name=device)
        grant = await self.call(command, self.stranger())
        assert grant.reply.status == "ok", grant.reply
        self.bus.publish(SessionOpened(grant.caller))
        return grant.caller

    def disconnect(self, caller: Caller) -> None:
        """The socket goes away."""
        self.bus.publish(SessionClosed(caller))

    def stranger(self, address: str = ADDRESS) -> Caller:
        """A new socket, not signed in."""
        self._sockets += 1
        return Caller(session=SessionId(f"socket-{self._sockets}"), address=address)

    def person(self, cid: ContactId, level: int = 9) -> Caller:
        """A signed-in caller without a device."""
        self._sockets += 1
        return Caller(Role.PERSON, cid, SessionId(f"socket-{self._sockets}"), api_level=level)

    def collect(self, kind: type[E]) -> list[E]:
        """A list that grows with every event of a type."""
        events: list[E] = []

        def keep(event: E) -> None:
            events.append(event)
            self.heard.set()

        self.bus.subscribe(kind, keep)
        return events

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until deliveries or collected events made something true."""
        async with asyncio.timeout(5):
            while not true():
                self.heard.clear()
                await self.heard.wait()

    async def eventually(self, true: Callable[[], Awaitable[bool]]) -> None:
        """Ask the database again and again until something is true; for work of subscribers that nobody tells of."""
        async with asyncio.timeout(5):
            while not await true():
                continue

    def take(self, delivery: Delivery) -> None:
        """Keep a delivery."""
        self.deliveries.append(delivery)
        self.heard.set()


@asynccontextmanager
async def opened_office(dsn: str, folder: Path, *more: Any) -> AsyncIterator[Office]:
    """The features, started in the order of the module and stopped in the reverse one; `more` are further wirings."""
    bus = LocalBus(strict=True)
    db = Database(dsn, bus)
    await db.open()
    leases = Leases(db)
    clock, settings = ManualClock(), Settings(db, bus)
    routes = {name: Routes() for name in ("http", "https", "console")}
    context = Context(
        name="server",
        data=folder,
        bus=bus,
        db=db,
        routes=routes.__getitem__,
        settings=settings,
        secrets=Secrets(folder / "secrets"),
        clock=clock,
        leases=leases,
        metrics=Metrics(),
        jobs=Jobs(db, clock, "test"),
        local={},
    )
    office = Office(bus, db, clock, settings)
    bus.subscribe(Delivery, office.take)
    running: dict[str, Any] = {}
    for wiring in (directory, files, accounts, presence, *more):
        needed = {need: running[need] for need in needs_of(wiring.start)}
        running[wiring.__name__.split(".")[-2]] = await wiring.start(context, **needed)
    try:
        yield office
    finally:
        for feature in reversed(running.values()):
            await feature.stop()
        await bus.close()
        await leases.close()
        await db.close()


@pytest.fixture
async def office(dsn: str, tmp_path: Path) -> AsyncIterator[Office]:
    """A running company."""
    async with opened_office(dsn, tmp_path) as running:
        yield running
