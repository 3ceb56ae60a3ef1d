"""PostgreSQL as the program sees it: transactions that tell facts after the commit, single reads, rows as types.

A small pool of autocommit connections keeps the one used last on top, so that few are warm. A pool with timers waits
for its own back-off when a database returns; this one opens a connection when somebody asks for it, so the first
request after the return succeeds. Connections that the server closed meanwhile are found by their readable socket,
before a statement is lost on them.

Not promised: when the line breaks during COMMIT nobody knows the outcome; the caller gets Unavailable and repeats with
the same message key. A notification that must not be lost when the process dies right after the commit needs the
outbox (kernel/outbox.py); without one `emit` is a plain publish after the commit.
"""

import asyncio
import logging
import select
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, LiteralString, Protocol, TypeVar

import psycopg
from psycopg import AsyncConnection, AsyncCursor
from psycopg.abc import PQGen
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.waiting import wait_async

from roschat.kernel.bus import Bus
from roschat.kernel.errors import Invalid, RoschatError, Unavailable
from roschat.wire.message import Event

T = TypeVar("T")
Cursor = AsyncCursor[tuple[Any, ...]]

log = logging.getLogger(__name__)

CONNECT_TIMEOUT = 5
STATEMENT_TIMEOUT = 15
"""Seconds; the server ends a longer statement itself."""
GRACE = 5
"""Seconds after which a server that did not even do that is taken as gone."""


class Connection(AsyncConnection[tuple[Any, ...]]):
    """A line to the database that is cut when its user gives up waiting.

    psycopg would ask the server to end the statement and wait for that, up to 10 s; a server that hangs answers
    neither, and whoever gave up has waited long enough.
    """

    async def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:  # noqa: ASYNC109
        """Drive a conversation with the server (see psycopg)."""
        try:
            return await wait_async(gen, self.pgconn.socket, interval=interval, timeout=timeout)
        except asyncio.CancelledError:
            self.pgconn.finish()
            raise


class Transaction:
    """One conversation with the database. Every method raises Unavailable when the database is away.

    Placeholders are `%s`; lists become arrays (`= ANY(%s)`). A value that does not fit (SQLSTATE class 22) is Invalid.
    Other errors of the statement itself, such as `psycopg.errors.UniqueViolation`, come through as they are.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.events: list[Event] = []

    async def rows(self, sql: LiteralString, *args: Any, kind: Callable[..., T]) -> list[T]:
        """All rows, each as `kind(*row)`."""
        cursor = await self._execute(sql, args)
        return [kind(*row) for row in await cursor.fetchall()]

    async def row(self, sql: LiteralString, *args: Any, kind: Callable[..., T]) -> T | None:
        """The first row as `kind(*row)`, or None."""
        found = await (await self._execute(sql, args)).fetchone()
        return None if found is None else kind(*found)

    async def value(self, sql: LiteralString, *args: Any) -> Any:
        """The first column of the first row, or None."""
        found = await (await self._execute(sql, args)).fetchone()
        return None if found is None else found[0]

    async def run(self, sql: LiteralString, *args: Any) -> int:
        """Run a statement; answers the number of rows it touched."""
        return max((await self._execute(sql, args)).rowcount, 0)

    def emit(self, event: Event) -> None:
        """Publish an event on the bus after the commit, in the order of the calls; never when it rolls back."""
        self.events.append(event)

    async def _execute(self, sql: LiteralString, args: tuple[Any, ...]) -> Cursor:
        with away():
            try:
                async with asyncio.timeout(STATEMENT_TIMEOUT + GRACE):
                    return await self.connection.execute(sql, args or None)
            except TimeoutError as error:
                raise Unavailable("The database did not answer in time; try again.") from error
            except psycopg.DataError as error:
                # A time after the year 294276, a number of 40 digits: whoever sent it learns so, and so does the log.
                log.warning("a value does not fit: %s", error.diag.message_primary, exc_info=True)
                raise Invalid(f"A value is beyond what can be kept: {error.diag.message_primary}.") from error


class Keeps(Protocol):
    """What keeps events of a transaction safe until they are published: kernel/outbox.py."""

    async def keep(self, tx: Transaction, events: Sequence[Event]) -> list[int]:
        """Write the events with the transaction; answers their ids."""

    def release(self, ids: Sequence[int], events: Sequence[Event]) -> None:
        """Publish kept events; called after the commit."""


class Database:
    """A pool of at most `size` connections to the database `dsn` (a libpq connection string or address)."""

    def __init__(self, dsn: str, bus: Bus, *, size: int = 12) -> None:
        self.dsn = _with_defaults(dsn)
        self.outbox: Keeps | None = None
        self._bus = bus
        self._idle: deque[Connection] = deque()
        self._free = asyncio.Semaphore(size)
        self._open = False
        self._trouble = ""

    async def open(self) -> None:
        """Make one connection, so that a wrong address or password is known at once."""
        self._open = True
        async with self._borrowed():
            pass

    async def close(self) -> None:
        """Close the connections that nobody uses; the others close when they come back."""
        self._open = False
        while self._idle:
            await self._idle.pop().close()

    async def health(self) -> str:
        """Empty when the database answers a query, else a sentence that says what is wrong."""
        try:
            async with asyncio.timeout(2), self.reading() as tx:
                await tx.value("SELECT 1")
        except TimeoutError:
            return "The database did not answer within 2 s; look at its load and its log."
        except RoschatError as error:
            return error.text
        return ""

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """BEGIN … COMMIT; an exception rolls back. Emitted events are published after the commit."""
        ids: list[int] = []
        async with self._borrowed() as connection:
            tx = Transaction(connection)
            await tx.run("BEGIN")
            try:
                with away():
                    yield tx
                if tx.events and self.outbox is not None:
                    ids = await self.outbox.keep(tx, tx.events)
            except BaseException:
                await _roll_back(connection)
                raise
            await tx.run("COMMIT")
        if ids and self.outbox is not None:
            self.outbox.release(ids, tx.events)
            return
        for event in tx.events:
            self._bus.publish(event)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """Autocommit: every statement is a transaction of its own. For single SELECTs."""
        async with self._borrowed() as connection:
            tx = Transaction(connection)
            with away():
                yield tx
            if tx.events:
                raise RuntimeError("emit() needs transaction(), reading() has no commit to wait for")

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection of the caller's own, outside the pool, autocommit, every statement prepared at its first use.

        For a long-lived owner such as the group-commit writer, which opens a new one after it broke. Statements on it
        raise psycopg's errors; wrap it in `Transaction` to get ours.
        """
        connection = await self._connect(prepare_threshold=0)
        try:
            yield connection
        finally:
            await connection.close()

    @asynccontextmanager
    async def _borrowed(self) -> AsyncIterator[Connection]:
        if not self._open:
            raise Unavailable("The database pool is closed: the program is stopping or has not started.")
        async with self._free:
            connection = self._ready() or await self._connect(prepare_threshold=5)
            try:
                yield connection
            finally:
                if self._open and _reusable(connection):
                    self._idle.append(connection)
                else:
                    await connection.close()

    def _ready(self) -> Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if not _hung_up(connection):
                return connection
            connection.pgconn.finish()
        return None

    async def _connect(self, prepare_threshold: int) -> Connection:
        try:
            with away():
                async with asyncio.timeout(CONNECT_TIMEOUT + GRACE):
                    made = await Connection.connect(self.dsn, autocommit=True, prepare_threshold=prepare_threshold)
        except TimeoutError as error:
            self._note("it did not take a connection in time")
            raise Unavailable("The database did not take a connection in time; try again.") from error
        except Unavailable as error:
            self._note(str(error.__cause__).strip())
            raise
        self._note("")
        return made

    def _note(self, trouble: str) -> None:
        """Log that the database is away, and that it is back, once each."""
        if trouble and not self._trouble:
            log.error("the database is away: %s", trouble)
        elif self._trouble and not trouble:
            log.warning("the database is back")
        self._trouble = trouble


def _with_defaults(dsn: str) -> str:
    given = conninfo_to_dict(dsn)
    options = f"-c statement_timeout={STATEMENT_TIMEOUT}s -c timezone=UTC {given.pop('options', None) or ''}".strip()
    # A host that vanished without a word is noticed by TCP; both are ignored on a Unix socket.
    defaults: dict[str, Any] = {
        "connect_timeout": CONNECT_TIMEOUT,
        "keepalives_idle": 10,
        "tcp_user_timeout": 10_000,
        "application_name": "roschat",
    }
    return make_conninfo(**{**defaults, **given, "options": options})


def _reusable(connection: Connection) -> bool:
    return not connection.closed and connection.info.transaction_status is psycopg.pq.TransactionStatus.IDLE


def _hung_up(connection: Connection) -> bool:
    """An idle connection has nothing to read unless the server says goodbye."""
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.pgconn.socket, select.POLLIN)
    return bool(poll.poll(0))


async def _roll_back(connection: Connection) -> None:
    """Undo; a connection on which even that fails is not IDLE afterwards and goes to nobody else."""
    with suppress(psycopg.Error, TimeoutError):
        async with asyncio.timeout(GRACE):
            await connection.execute("ROLLBACK")


@contextmanager
def away() -> Iterator[None]:
    """Raise Unavailable for those of psycopg's errors that mean a database that is away, busy or a standby."""
    try:
        yield
    except psycopg.errors.ReadOnlySqlTransaction as error:
        raise Unavailable("The database is read-only, a standby perhaps; try again after the switch.") from error
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        # The cause names hosts and paths, which are nobody's business outside; Database logs it.
        raise Unavailable("The database is not available; try again.") from error
