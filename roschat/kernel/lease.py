"""Work that exactly one process of an installation does: directory sync, polling bridges, sweeps.

A lease is a session advisory lock of PostgreSQL. All leases of a process live on one connection of their own: the lock
goes with the connection, so a process that was killed loses it at once and nobody has to wait for a time to pass.

Two clocks keep "only one holder" true when a host freezes or the line is cut without a word. The holder sends a beat
every 2 s and stops its work when one is not answered within 3 s; the server ends a session that was silent for 10 s.
So the work of a cut-off holder was cancelled before the lock goes to another. When the server itself ends the session
the holder cancels as soon as it hears of it, which may be a moment after the lock is free: work under a lease stays
correct, if wasteful, when it overlaps for that moment.
"""

import asyncio
import hashlib
import logging
import os
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import LiteralString

import psycopg

from roschat.kernel.aio import Tasks
from roschat.kernel.db import Connection, Database, Transaction
from roschat.kernel.errors import Unavailable

BEAT = 2.0
ANSWER = 3.0
SILENCE = 10.0
TRY_AGAIN = 1.0

log = logging.getLogger(__name__)


class Lost(Exception):
    """The lease is not ours any more."""


class Leases:
    """The leases of this process.

    All in seconds: `beat` between two beats, `silence` after which the server ends the session, `try_again` between two
    tries to win a lease.
    """

    def __init__(
        self, db: Database, *, beat: float = BEAT, silence: float = SILENCE, try_again: float = TRY_AGAIN
    ) -> None:
        self._db = db
        self._beat = beat
        self._silence = silence
        self._try_again = try_again
        self._tasks = Tasks("leases")
        self._line: _Line | None = None
        self._opening = asyncio.Lock()
        # A session gets a lock that it has already, so holders in this process take turns here first.
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def hold(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        """Wait for the lease `name`, then run while it is ours; returns when `run` does, raises what it raises.

        When the lease is lost, `run` is cancelled and started again after the lease was won back. Cancel the caller to
        give the lease up.
        """
        async with self._turns[name]:
            while True:
                try:
                    line = await self._connected()
                    if await line.lock(name):
                        await self._run(line, name, run)
                        return
                except (Lost, Unavailable) as error:
                    log.warning("lease %s: %s", name, error)
                await asyncio.sleep(self._try_again)

    async def close(self) -> None:
        """End the connection; all leases go to others."""
        await self._tasks.stop()
        self._line = None

    async def _run(self, line: "_Line", name: str, run: Callable[[], Awaitable[None]]) -> None:
        log.info("lease %s is ours", name)
        work = asyncio.ensure_future(run())
        try:
            await asyncio.wait({work, line.lost}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                await work
                return
        finally:
            if not work.done():
                work.cancel()
                await asyncio.wait({work})
            await line.unlock(name)
        raise Lost("lost with its database connection")

    async def _connected(self) -> "_Line":
        async with self._opening:
            if self._line is None or self._line.lost.done():
                line = self._line = _Line(asyncio.get_running_loop().create_future())
                self._tasks.spawn(self._live(line), "connection")
            line = self._line
        await asyncio.wait({line.ready, line.lost}, return_when=asyncio.FIRST_COMPLETED)
        return line

    async def _live(self, line: "_Line") -> None:
        try:
            async with self._db.connection() as connection:
                sql = "SELECT set_config('idle_session_timeout', %s, false), set_config('statement_timeout', %s, false)"
                await connection.execute(sql, (f"{self._silence * 1000:.0f}ms", f"{ANSWER * 1000:.0f}ms"))
                with line.using(connection):
                    while not line.lost.done():
                        await asyncio.wait({line.lost}, timeout=self._beat)
                        await line.ask("SELECT true")
        except (Unavailable, psycopg.Error) as error:
            log.warning("the connection of the leases is lost: %s", error)
        finally:
            line.lose()


class _Line:
    """The connection; `lost` is done as soon as it cannot be trusted."""

    def __init__(self, lost: asyncio.Future[None]) -> None:
        self.lost = lost
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._connection: Connection | None = None
        self._one = asyncio.Lock()

    @contextmanager
    def using(self, connection: Connection) -> Iterator[None]:
        """Ask on this connection, and see at once when the server closes it: between questions nothing is to be read.

        The socket is watched through a second handle, since psycopg watches its own during a question.
        """
        loop, handle = asyncio.get_running_loop(), os.dup(connection.fileno())
        loop.add_reader(handle, lambda: None if self._one.locked() else self.lose())
        try:
            self._connection = connection
            self.ready.set_result(None)
            yield
        finally:
            loop.remove_reader(handle)
            os.close(handle)

    def lose(self) -> None:
        if not self.lost.done():
            self.lost.set_result(None)

    async def lock(self, name: str) -> bool:
        return bool(await self.ask("SELECT pg_try_advisory_lock(%s)", _number(name)))

    async def unlock(self, name: str) -> None:
        if not self.lost.done():
            try:
                await self.ask("SELECT pg_advisory_unlock(%s)", _number(name))
            except Unavailable:
                self.lose()

    async def ask(self, sql: LiteralString, *args: int) -> object:
        """One question at a time; silence for longer than ANSWER is the end of the line."""
        if self._connection is None or self.lost.done():
            raise Unavailable("The database connection of the leases is lost.")
        try:
            async with self._one, asyncio.timeout(ANSWER):
                return await Transaction(self._connection).value(sql, *args)
        except TimeoutError:
            self.lose()
            raise Unavailable(f"The database did not answer a lease within {ANSWER:g} s.") from None
        except Unavailable:
            self.lose()
            raise


def _number(name: str) -> int:
    """Advisory locks are 64-bit numbers, shared by the whole database."""
    return int.from_bytes(hashlib.sha256(f"roschat lease {name}".encode()).digest()[:8], signed=True)
