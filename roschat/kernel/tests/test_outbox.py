"""Events are published after the commit, and also when the process died before it could."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from roschat.kernel.db import Database
from roschat.kernel.outbox import Outbox
from roschat.types import ContactId
from roschat.wire.message import Event
from roschat.wire.session import SessionsEnded


class Wire:
    """The way to other processes; remembers what went over it."""

    def __init__(self) -> None:
        self.sent: list[tuple[int, int]] = []

    def publish(self, event: Event, number: int) -> None:
        assert isinstance(event, SessionsEnded)
        self.sent.append((number, event.cid))

    @property
    def cids(self) -> list[int]:
        return [cid for _, cid in self.sent]


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
async def outbox(db: Database, wire: Wire) -> AsyncIterator[Outbox]:
    made = Outbox(db, wire.publish, every=60, abandoned=0)
    db.outbox = made
    yield made
    await made.stop()


async def emit(db: Database, *cids: int) -> None:
    async with db.transaction() as tx:
        for cid in cids:
            tx.emit(SessionsEnded(ContactId(cid)))


async def rows(db: Database) -> int:
    async with db.reading() as tx:
        return int(await tx.value("SELECT count(*) FROM kernel.outbox"))


async def test_published_in_order_after_the_commit(db: Database, outbox: Outbox, wire: Wire) -> None:
    async with db.transaction() as tx:
        for cid in (5, 3, 9):
            tx.emit(SessionsEnded(ContactId(cid)))
        assert wire.sent == []
    assert wire.cids == [5, 3, 9]
    assert [number for number, _ in wire.sent] == sorted({number for number, _ in wire.sent})


async def test_rolled_back_events_are_not_kept(db: Database, outbox: Outbox, wire: Wire) -> None:
    async def fail() -> None:
        async with db.transaction() as tx:
            tx.emit(SessionsEnded(ContactId(1)))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert wire.sent == []
    assert await rows(db) == 0


async def test_published_rows_go_away(db: Database, outbox: Outbox) -> None:
    await emit(db, 1, 2)
    assert await rows(db) == 2
    await outbox.stop()
    assert await rows(db) == 0


async def test_what_a_killed_process_left_is_published_with_its_ids(
    db: Database, outbox: Outbox, monkeypatch: pytest.MonkeyPatch, wire: Wire
) -> None:
    monkeypatch.setattr(outbox, "release", lambda ids, events: None)  # killed between commit and publishing
    await emit(db, 5, 3)
    await emit(db, 9)
    assert wire.sent == []
    later = Outbox(db, wire.publish, abandoned=0)
    assert await later.sweep() == 3
    assert wire.cids == [5, 3, 9]
    assert await later.sweep() == 0
    assert await rows(db) == 0


async def test_fresh_rows_of_others_are_left_alone(
    db: Database, outbox: Outbox, monkeypatch: pytest.MonkeyPatch, wire: Wire
) -> None:
    monkeypatch.setattr(outbox, "release", lambda ids, events: None)
    await emit(db, 1)
    assert await Outbox(db, wire.publish, abandoned=60).sweep() == 0
    assert wire.sent == []


async def test_own_published_rows_are_not_swept(db: Database, outbox: Outbox, wire: Wire) -> None:
    await emit(db, 1)
    assert await outbox.sweep() == 0
    assert wire.cids == [1]


async def test_sweepers_do_not_take_the_same_row(db: Database, outbox: Outbox, wire: Wire) -> None:
    async with db.transaction() as tx:
        await outbox.keep(tx, [SessionsEnded(ContactId(cid)) for cid in range(100)])
    sweepers = [Outbox(db, wire.publish, abandoned=0) for _ in range(4)]
    await asyncio.gather(*(sweeper.sweep() for sweeper in sweepers))
    assert sorted(wire.cids) == list(range(100))


async def test_unknown_and_damaged_events_do_not_block_the_rest(
    db: Database, outbox: Outbox, wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    async with db.transaction() as tx:
        await tx.run(
            "INSERT INTO kernel.outbox (name, payload) VALUES ('of-tomorrow', '{}'), ('sessions-ended', 'nonsense'), "
            """('sessions-ended', '{"cid":7}')"""
        )
    assert await outbox.sweep() == 3
    assert wire.cids == [7]
    assert "'of-tomorrow'" in caplog.text
    assert "cannot be read" in caplog.text


async def test_running_outbox_sweeps_and_deletes(db: Database, wire: Wire) -> None:
    arrived = asyncio.Event()

    def publish(event: Event, number: int) -> None:
        wire.publish(event, number)
        if len(wire.sent) == 2:
            arrived.set()

    running = Outbox(db, publish, every=0.01, abandoned=0)
    async with db.transaction() as tx:
        await running.keep(tx, [SessionsEnded(ContactId(1)), SessionsEnded(ContactId(2))])
    running.start()
    await asyncio.wait_for(arrived.wait(), 10)
    await running.stop()
    assert wire.cids[:2] == [1, 2]
