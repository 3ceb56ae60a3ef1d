"""One holder at a time, also when connections die and hosts are frozen."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from roschat.kernel.bus_local import LocalBus
from roschat.kernel.db import Database
from roschat.kernel.lease import ANSWER, BEAT, SILENCE, Leases


class Process:
    """One process that wants the lease, as the others see it."""

    def __init__(self, leases: Leases) -> None:
        self.leases = leases
        self.told: asyncio.Queue[str] = asyncio.Queue()
        self.finish = asyncio.Event()

    async def work(self) -> None:
        self.told.put_nowait("began")
        try:
            await self.finish.wait()
        finally:
            self.told.put_nowait("ended")

    async def hears(self, what: str) -> None:
        assert await self.told.get() == what

    def hold(self, name: str = "sync") -> asyncio.Task[None]:
        return asyncio.create_task(self.leases.hold(name, self.work))


@pytest.fixture
async def two(db: Database, dsn: str) -> AsyncIterator[tuple[Process, Process]]:
    other = Database(dsn, LocalBus())
    await other.open()
    processes = [Process(Leases(base, beat=BEAT, try_again=0.02)) for base in (db, other)]
    yield processes[0], processes[1]
    for process in processes:
        await process.leases.close()
    await other.close()


async def cut(db: Database) -> None:
    """End the sessions of whoever holds advisory locks, as a dying connection does."""
    async with db.reading() as tx:
        await tx.value(
            "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_locks "
            "WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database "
            "WHERE datname = current_database())"
        )


async def ended(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_only_one_holder_and_the_next_when_it_is_done(two: tuple[Process, Process]) -> None:
    one, other = two
    async with asyncio.timeout(10):
        first = one.hold()
        await one.hears("began")
        second = other.hold()
        free = other.hold("something else")
        await other.hears("began")
        await ended(free)
        await other.hears("ended")
        assert other.told.empty()
        one.finish.set()
        await first
        await one.hears("ended")
        await other.hears("began")
        await ended(second)


async def test_holders_in_one_process_take_turns(db: Database) -> None:
    leases = Leases(db, beat=BEAT, try_again=0.02)
    together, most = 0, 0

    async def work() -> None:
        nonlocal together, most
        together += 1
        most = max(most, together)
        await asyncio.sleep(0)
        together -= 1

    async with asyncio.timeout(10):
        await asyncio.gather(*(leases.hold("sync", work) for _ in range(5)))
    assert most == 1
    await leases.close()


async def test_lost_connection_ends_the_work_and_frees_the_lease(two: tuple[Process, Process], db: Database) -> None:
    one, other = two
    async with asyncio.timeout(10):
        first = one.hold()
        await one.hears("began")
        await cut(db)
        await one.hears("ended")
        await one.hears("began")
        second = other.hold()
        await ended(first)
        await one.hears("ended")
        await other.hears("began")
        await ended(second)


async def test_giving_up_frees_the_lease(two: tuple[Process, Process]) -> None:
    one, other = two
    async with asyncio.timeout(10):
        first = one.hold()
        await one.hears("began")
        second = other.hold()
        await ended(first)
        await one.hears("ended")
        await other.hears("began")
        await ended(second)


async def test_failing_work_fails_the_holder(db: Database) -> None:
    leases = Leases(db)

    async def fail() -> None:
        raise ValueError("no good")

    with pytest.raises(ValueError, match="no good"):
        await leases.hold("sync", fail)
    await leases.close()


async def test_frozen_holder_is_ended_by_the_server(dsn: str, db: Database) -> None:
    """A host that stops without a word sends no beat; here the beat is longer than the silence the server bears."""
    other = Database(dsn, LocalBus())
    await other.open()
    frozen = Process(Leases(db, beat=60, silence=0.2))
    awake = Process(Leases(other, beat=BEAT, try_again=0.02))
    async with asyncio.timeout(10):
        first = frozen.hold()
        await frozen.hears("began")
        second = awake.hold()
        await awake.hears("began")
        await ended(first, second)
    await frozen.leases.close()
    await awake.leases.close()
    await other.close()


def test_holder_stops_before_the_server_gives_the_lease_away() -> None:
    assert BEAT + ANSWER < SILENCE
