"""Long work that somebody started and watches: a mass change, a backup, a restore.

    job = await jobs.start("contacts-import", caller, work, title="staff.csv", total=500)

`work(job)` runs on after the answer; it tells how far it is with `job.progress(...)` and looks at `job.cancelled`
between its steps. What it returns is kept as the result. State and progress are in the database, so any process and the
next start can tell them; a job whose process has ended is *interrupted*.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import Struct
from psycopg.types.json import Jsonb

from roschat.kernel.aio import Tasks
from roschat.kernel.audit import masked
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid, NotFound, RoschatError
from roschat.wire.message import Caller

log = logging.getLogger(__name__)

EVERY = 0.5
"""Seconds between two writings of progress."""
STOPPED = "The server was stopped."
KEPT = 30 * 86_400
"""Seconds that an ended job is remembered."""


class JobView(Struct, frozen=True, rename="camel", omit_defaults=True):
    """A job as its watcher sees it. Times are Unix seconds; `total` 0 is not known."""

    id: int
    kind: str
    title: str
    who: str
    state: str
    """running, done, failed, cancelled, interrupted"""
    done: int = 0
    total: int = 0
    text: str = ""
    result: Any = None
    started: float = 0.0
    ended: float = 0.0


class Job:
    """What the work itself sees."""

    def __init__(self, db: Database, clock: Clock, number: int, total: int) -> None:
        self.id = number
        self.cancelled = False
        """Somebody wants it to stop: end after the current step, what is done stays done."""
        self._db = db
        self._clock = clock
        self._total = total
        self._written = clock.monotonic()

    async def progress(self, done: int, total: int | None = None, text: str = "") -> None:
        """Tell how far the work is; written at most twice a second."""
        self._total = self._total if total is None else total
        now = self._clock.monotonic()
        if now - self._written < EVERY and done < self._total:
            return
        self._written = now
        async with self._db.transaction() as tx:
            await tx.run(
                "UPDATE kernel.job SET done = %s, total = %s, text = %s WHERE id = %s", done, self._total, text, self.id
            )


class Jobs:
    """The jobs of this process, and the record of all."""

    def __init__(self, db: Database, clock: Clock, process: str) -> None:
        self._db = db
        self._clock = clock
        self._process = process
        self._tasks = Tasks("jobs")
        self._running: dict[int, Job] = {}

    async def open(self) -> None:
        """Mark what an earlier run of this process left behind, forget what is old."""
        async with self._db.transaction() as tx:
            await tx.run(
                "UPDATE kernel.job SET state = 'interrupted', ended = now() WHERE state = 'running' AND process = %s",
                self._process,
            )
            await tx.run(
                "DELETE FROM kernel.job WHERE state <> 'running' AND started < now() - make_interval(secs => %s)", KEPT
            )

    async def start(
        self, kind: str, caller: Caller, work: Callable[[Job], Awaitable[object]], *, title: str = "", total: int = 0
    ) -> int:
        """Begin; answers the number of the job."""
        async with self._db.transaction() as tx:
            number = await tx.value(
                "INSERT INTO kernel.job (kind, title, who, total, process) VALUES (%s, %s, %s, %s, %s) RETURNING id",
                kind,
                title[:300],
                caller.name or caller.role.value,
                total,
                self._process,
            )
        job = self._running[number] = Job(self._db, self._clock, number, total)
        self._tasks.spawn(self._run(job, kind, work), f"{kind} {number}")
        return int(number)

    async def view(self, number: int) -> JobView:
        """One job of any process. Raises NotFound."""
        async with self._db.reading() as tx:
            found = await tx.row(
                "SELECT id, kind, title, who, state, done, total, text, result, extract(epoch FROM started)::float8, "
                "coalesce(extract(epoch FROM ended), 0)::float8 FROM kernel.job WHERE id = %s",
                number,
                kind=JobView,
            )
        if found is None:
            raise NotFound(f"There is no job {number}; ended ones are kept for thirty days.")
        return found

    async def listed(self, kind: str = "", count: int = 50) -> list[JobView]:
        """The newest jobs (of a kind), without their results."""
        async with self._db.reading() as tx:
            return await tx.rows(
                "SELECT id, kind, title, who, state, done, total, text, NULL, extract(epoch FROM started)::float8, "
                "coalesce(extract(epoch FROM ended), 0)::float8 FROM kernel.job WHERE (%s = '' OR kind = %s) "
                "ORDER BY id DESC LIMIT %s",
                kind,
                kind,
                count,
                kind=JobView,
            )

    def cancel(self, number: int) -> None:
        """Ask a job of this process to stop after its current step. Raises Invalid when it does not run here."""
        job = self._running.get(number)
        if job is None:
            raise Invalid(f"Job {number} does not run; only a running one can be cancelled.")
        job.cancelled = True

    async def close(self) -> None:
        """End what runs; it becomes *interrupted*."""
        await self._tasks.stop()
        # What was stopped before its first step could not say so itself.
        for number in list(self._running):
            await self._end(number, "interrupted", STOPPED, None)

    async def _run(self, job: Job, kind: str, work: Callable[[Job], Awaitable[object]]) -> None:
        state, text, result = "done", "", None
        try:
            result = masked(await work(job))
            if job.cancelled:
                state = "cancelled"
        except asyncio.CancelledError:
            state, text = "interrupted", STOPPED
            raise
        except RoschatError as error:
            state, text = "failed", error.text
        except Exception:
            log.exception("job %s %d failed", kind, job.id)
            state, text = "failed", "The server failed on it; its log has the cause."
        finally:
            self._running.pop(job.id, None)
            await self._end(job.id, state, text, result)

    async def _end(self, number: int, state: str, text: str, result: object) -> None:
        try:
            async with self._db.transaction() as tx:
                await tx.run(
                    "UPDATE kernel.job SET state = %s, text = %s, result = %s, ended = now(), "
                    "done = CASE WHEN %s = 'done' AND total > 0 THEN total ELSE done END WHERE id = %s",
                    state,
                    text,
                    None if result is None else Jsonb(result),
                    state,
                    number,
                )
        except RoschatError as error:
            log.warning("the end of job %d is not written: %s", number, error.text)
