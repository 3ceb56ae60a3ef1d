"""Transactions, events after the commit, and connections that the server closed."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import psycopg
import pytest

from roschat.kernel.bus_local import LocalBus
from roschat.kernel.db import Database, Transaction
from roschat.kernel.errors import Unavailable
from roschat.types import ContactId
from roschat.wire.session import SessionsEnded


@dataclass(frozen=True)
class Word:
    number: int
    text: str


@pytest.fixture
async def words(db: Database) -> Database:
    async with db.transaction() as tx:
        await tx.run("CREATE TABLE word (number int PRIMARY KEY, text text NOT NULL)")
    return db


@pytest.fixture
def heard(bus: LocalBus) -> list[int]:
    found: list[int] = []
    bus.subscribe(SessionsEnded, lambda event: found.append(event.cid))
    return found


def ended(number: int) -> SessionsEnded:
    return SessionsEnded(ContactId(number))


async def test_rows_become_what_the_caller_wants(words: Database) -> None:
    async with words.transaction() as tx:
        assert await tx.run("INSERT INTO word VALUES (%s, %s), (%s, %s)", 1, "one", 2, "два") == 2
    async with words.reading() as tx:
        assert await tx.rows("SELECT * FROM word ORDER BY number", kind=Word) == [Word(1, "one"), Word(2, "два")]
        assert await tx.row("SELECT * FROM word WHERE number = %s", 2, kind=Word) == Word(2, "два")
        assert await tx.row("SELECT * FROM word WHERE number = 3", kind=Word) is None
        assert await tx.value("SELECT count(*) FROM word WHERE number = ANY(%s)", [1, 2, 3]) == 2
        assert await tx.value("SELECT text FROM word WHERE number = 3") is None
        assert await tx.value("SELECT '100%'") == "100%"


async def test_exception_rolls_back_and_publishes_nothing(words: Database, heard: list[int]) -> None:
    async def fail() -> None:
        async with words.transaction() as tx:
            await tx.run("INSERT INTO word VALUES (1, 'one')")
            tx.emit(ended(1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with words.reading() as tx:
        assert await tx.value("SELECT count(*) FROM word") == 0
    assert heard == []


async def test_errors_of_a_statement_come_through(words: Database) -> None:
    with pytest.raises(psycopg.errors.UniqueViolation):
        async with words.transaction() as tx:
            await tx.run("INSERT INTO word VALUES (1, 'one'), (1, 'again')")
    async with words.transaction() as tx:
        assert await tx.run("INSERT INTO word VALUES (1, 'one')") == 1


async def test_timeouts_of_the_caller_are_the_callers(db: Database) -> None:
    async def fail() -> None:
        async with db.transaction() as tx:
            await tx.value("SELECT 1")
            raise TimeoutError

    with pytest.raises(TimeoutError):
        await fail()


async def test_events_follow_the_commit_in_order(words: Database, heard: list[int]) -> None:
    async with words.transaction() as tx:
        for number in (3, 1, 2):
            tx.emit(ended(number))
        await tx.run("INSERT INTO word VALUES (1, 'one')")
        assert heard == []
    assert heard == [3, 1, 2]


async def test_failed_commit_publishes_nothing(words: Database, heard: list[int]) -> None:
    async with words.transaction() as tx:
        await tx.run("ALTER TABLE word ADD UNIQUE (text) DEFERRABLE INITIALLY DEFERRED")

    async def fail() -> None:
        async with words.transaction() as tx:
            await tx.run("INSERT INTO word VALUES (1, 'same'), (2, 'same')")
            tx.emit(ended(1))

    with pytest.raises(psycopg.errors.UniqueViolation):
        await fail()
    assert heard == []


async def test_emit_needs_a_transaction(db: Database) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        async with db.reading() as tx:
            tx.emit(ended(1))


@asynccontextmanager
async def opened(dsn: str, size: int = 12) -> AsyncIterator[Database]:
    db = Database(dsn, LocalBus(), size=size)
    await db.open()
    try:
        yield db
    finally:
        await db.close()


async def test_cancelled_transaction_leaves_the_pool_usable(dsn: str) -> None:
    started = asyncio.Event()

    async def slow(db: Database) -> None:
        async with db.transaction() as tx:
            await tx.run("CREATE TABLE half_made ()")
            started.set()
            await tx.run("SELECT pg_sleep(60)")

    async with opened(dsn, size=1) as db:
        task = asyncio.create_task(slow(db))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with db.reading() as tx:
            assert await tx.value("SELECT to_regclass('half_made')") is None


async def test_as_many_connections_as_the_pool_may_have(dsn: str) -> None:
    together, most, meet = 0, 0, asyncio.Barrier(3)

    async def use(db: Database) -> int:
        nonlocal together, most
        async with db.transaction() as tx:
            together += 1
            most = max(most, together)
            await meet.wait()
            pid = int(await tx.value("SELECT pg_backend_pid()"))
            together -= 1
            return pid

    async with opened(dsn, size=3) as db, asyncio.timeout(30):
        assert len(set(await asyncio.gather(*(use(db) for _ in range(30))))) == 3
    assert most == 3


async def test_connections_closed_by_the_server_cost_no_statement(db: Database) -> None:
    async def pid(tx: Transaction) -> int:
        return int(await tx.value("SELECT pg_backend_pid()"))

    async with db.reading() as one, db.reading() as two, db.reading() as killer:
        victims = [await pid(one), await pid(two)]
        await killer.value("SELECT count(pg_terminate_backend(p, 5000)) FROM unnest(%s) AS p", victims)
    for _ in range(3):
        async with db.transaction() as tx:
            assert await pid(tx) not in victims


async def test_broken_connection_is_unavailable(words: Database, heard: list[int]) -> None:
    async def broken() -> None:
        async with words.transaction() as tx, words.reading() as killer:
            await tx.run("INSERT INTO word VALUES (1, 'one')")
            tx.emit(ended(1))
            await killer.value("SELECT pg_terminate_backend(%s, 5000)", await tx.value("SELECT pg_backend_pid()"))
            await tx.run("INSERT INTO word VALUES (2, 'two')")

    with pytest.raises(Unavailable):
        await broken()
    assert heard == []
    async with words.reading() as tx:
        assert await tx.value("SELECT count(*) FROM word") == 0


async def test_line_that_breaks_before_commit_is_unavailable(words: Database, heard: list[int]) -> None:
    async def broken() -> None:
        async with words.transaction() as tx, words.reading() as killer:
            tx.emit(ended(1))
            await killer.value("SELECT pg_terminate_backend(%s, 5000)", await tx.value("SELECT pg_backend_pid()"))

    with pytest.raises(Unavailable):
        await broken()
    assert heard == []


async def test_statements_have_a_time_limit(db: Database) -> None:
    async with db.reading() as tx:
        assert await tx.value("SHOW statement_timeout") == "15s"
        await tx.run("SET statement_timeout = '20ms'")
        with pytest.raises(Unavailable):
            await tx.run("SELECT pg_sleep(30)")


async def test_options_of_the_connection_string_are_kept(dsn: str) -> None:
    given = psycopg.conninfo.make_conninfo(dsn, options="-c work_mem=7MB")
    async with opened(given) as db, db.reading() as tx:
        assert await tx.value("SHOW work_mem") == "7MB"
        assert await tx.value("SHOW statement_timeout") == "15s"


async def test_own_connection_prepares_and_is_closed(db: Database) -> None:
    async with db.connection() as connection:
        tx = Transaction(connection)
        await tx.value("SELECT %s::int", 1)
        prepared = await tx.value("SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT $1::int'")
        assert prepared == 1
    assert connection.closed


async def test_away(tmp_path: object) -> None:
    db = Database(f"host={tmp_path} user=roschat dbname=roschat", LocalBus())
    with pytest.raises(Unavailable, match="not available"):
        await db.open()
    assert "not available" in await db.health()


async def test_closed_pool(db: Database) -> None:
    assert await db.health() == ""
    await db.close()
    with pytest.raises(Unavailable, match="closed"):
        async with db.reading():
            pass
    assert "closed" in await db.health()


async def test_who_gives_up_does_not_wait_for_a_server_that_hangs(db: Database) -> None:
    async with db.reading() as tx:
        pid = await tx.value("SELECT pg_backend_pid()")
        os.kill(pid, signal.SIGSTOP)
        try:
            began = asyncio.get_running_loop().time()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await tx.value("SELECT 1")
            assert asyncio.get_running_loop().time() - began < 3
        finally:
            os.kill(pid, signal.SIGCONT)
    async with db.reading() as tx:
        assert await tx.value("SELECT pg_backend_pid()") != pid


async def test_the_cause_is_logged_once_and_not_told(tmp_path: object, caplog: pytest.LogCaptureFixture) -> None:
    db = Database(f"host={tmp_path} user=roschat dbname=roschat", LocalBus())
    for _ in range(2):
        with pytest.raises(Unavailable) as refusal:
            await db.open()
        assert str(tmp_path) not in refusal.value.text
    [line] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert str(tmp_path) in line.getMessage()
