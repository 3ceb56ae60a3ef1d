"""Sessions and processes as the others see them, over a real nats-server."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from roschat.kernel import bus_peers
from roschat.kernel.bus_nats import NatsBus
from roschat.kernel.roll import PART, Roll
from roschat.types import ContactId, Role, SessionId
from roschat.wire.message import Caller
from roschat.wire.process import BusLost, EventsMissed, PeerGone
from roschat.wire.session import SessionClosed, SessionOpened
from tests.harness.nats import NatsServer


class Process:
    """A process with sockets; `there` is what it knows of all sessions, `told` what its modules were told."""

    def __init__(self, address: str) -> None:
        self.bus = NatsBus(address)
        self.there: dict[SessionId, ContactId] = {}
        self.told: list[object] = []
        for kind in (EventsMissed, BusLost, PeerGone):
            self.bus.subscribe(kind, self.told.append)
        self.bus.subscribe(SessionOpened, self._opened)
        self.bus.subscribe(SessionClosed, self._closed)

    async def open(self, *, holds: bool = True) -> "Process":
        await self.bus.open()
        Roll(self.bus, self.bus.process, holds=holds)
        self.bus.introduce()
        await self.bus.settled()
        return self

    def sign_in(self, number: int, cid: int = 1) -> Caller:
        caller = Caller(Role.PERSON, ContactId(cid), SessionId(f"{self.bus.process}{number}"))
        self.bus.publish(SessionOpened(caller))
        return caller

    def _opened(self, event: SessionOpened) -> None:
        assert event.caller.session not in self.there, "told twice"
        self.there[event.caller.session] = event.caller.cid

    def _closed(self, event: SessionClosed) -> None:
        del self.there[event.caller.session]


async def eventually(true: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 - the condition belongs to code that tells nobody
            await asyncio.sleep(0.005)


@pytest.fixture
async def nats_server(tmp_path: Path) -> AsyncIterator[NatsServer]:
    server = NatsServer(tmp_path)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def processes(nats_server: NatsServer) -> AsyncIterator[list[Process]]:
    made = [await Process(nats_server.address).open() for _ in range(2)]
    yield made
    for process in made:
        await process.bus.close()


async def test_sessions_are_known_everywhere_and_go_everywhere(processes: list[Process]) -> None:
    here, there = processes
    alice, bob = here.sign_in(1), there.sign_in(1, cid=2)
    await eventually(lambda: len(here.there) == len(there.there) == 2)
    changed = Caller(Role.PERSON, ContactId(3), alice.session)
    here.bus.publish(SessionClosed(alice))
    here.bus.publish(SessionOpened(changed))
    await eventually(lambda: there.there.get(alice.session) == 3)
    there.bus.publish(SessionClosed(bob))
    await eventually(lambda: list(here.there) == [alice.session])


async def test_a_newcomer_learns_who_is_there(processes: list[Process], nats_server: NatsServer) -> None:
    here, there = processes
    for number in range(2 * PART + 1):
        here.sign_in(number)
    there.sign_in(1)
    late = await Process(nats_server.address).open(holds=False)
    await eventually(lambda: len(late.there) == 2 * PART + 2)
    await late.bus.close()
    await eventually(lambda: here.told)
    assert here.told == [PeerGone(late.bus.process)]


async def test_who_says_goodbye_takes_the_sessions_along(processes: list[Process], nats_server: NatsServer) -> None:
    here = processes[0]
    other = await Process(nats_server.address).open()
    other.sign_in(1)
    await eventually(lambda: here.there)
    await other.bus.close()
    await eventually(lambda: not here.there)
    assert here.told == [PeerGone(other.bus.process)]


async def test_a_killed_process_is_noticed_and_something_was_missed(
    nats_server: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus_peers, "ANNOUNCE_EVERY", 0.05)
    monkeypatch.setattr(bus_peers, "SILENT_AFTER", 0.5)
    here = await Process(nats_server.address).open()
    other = await Process(nats_server.address).open()
    other.sign_in(1)
    await eventually(lambda: here.there)
    await other.bus._nats.close()  # The line breaks, no goodbye.
    await eventually(lambda: not here.there)
    assert [type(event) for event in here.told] == [PeerGone, EventsMissed]
    gone = here.told[0]
    assert isinstance(gone, PeerGone)
    assert gone.silent
    await here.bus.close()
    await other.bus.close()


async def test_an_outage_is_told_and_forgets_nobody(
    processes: list[Process], nats_server: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus_peers, "GATHER", 0.2)
    here, there = processes
    here.sign_in(1)
    await eventually(lambda: there.there)
    await nats_server.stop()
    await eventually(lambda: here.bus.health() and there.bus.health())
    assert here.told == there.told == [BusLost()]
    here.sign_in(2)
    await nats_server.start()
    await eventually(lambda: len(here.told) == len(there.told) == 2)
    assert [type(event) for event in there.told] == [BusLost, EventsMissed]
    await eventually(lambda: len(there.there) == 2)
