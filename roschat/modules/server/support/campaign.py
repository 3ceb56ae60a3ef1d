"""Sending announcements: one process of the installation takes those that are due and makes a job of each.

Everybody gets a message of the system contact by the same way as any other message, under a key of the announcement, so
a repeated try stores nothing twice. Who gets it is fixed in the database before the first message, and what was sent is
noted after each portion: a server that was stopped in the middle goes on.
"""

import asyncio
import logging

from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid, RoschatError, Unavailable
from roschat.kernel.jobs import Job, Jobs
from roschat.modules.server.messages.api import StoreMessage
from roschat.modules.server.support import store
from roschat.modules.server.support.api import AnnouncementDue
from roschat.modules.server.support.audience import Audience
from roschat.modules.server.support.store import Plan
from roschat.types import ContactId, MessageId, Role
from roschat.wire.message import Caller

log = logging.getLogger(__name__)

SENDER = ContactId(1)
"""The system contact РОСЧАТ."""
PORTION = 100
LOOK = 20.0
"""Seconds after which the clock and the table are looked at again in any case."""
AWAY = 2.0
"""Seconds to wait when the database is away."""


class Campaign:
    """See the module docstring."""

    def __init__(self, db: Database, bus: Bus, clock: Clock, jobs: Jobs, audience: Audience) -> None:
        self._db = db
        self._bus = bus
        self._clock = clock
        self._jobs = jobs
        self._audience = audience
        self._changed = asyncio.Event()
        self._running: set[int] = set()

    def look(self, _: AnnouncementDue | None = None) -> None:
        """There may be something to send."""
        self._changed.set()

    async def running(self) -> None:
        """Send what is due until cancelled."""
        while True:
            self._changed.clear()
            pause = LOOK
            try:
                pause = await self.start_due()
            except RoschatError as error:
                log.warning("announcements wait: %s", error.text)
            try:
                async with asyncio.timeout(pause):
                    await self._changed.wait()
            except TimeoutError:
                continue

    async def start_due(self) -> float:
        """Begin what is due; answers in how many seconds to look again. Raises Unavailable."""
        async with self._db.reading() as tx:
            plans = await store.open_plans(tx, self._clock.seconds())
        for plan in plans:
            if plan.id not in self._running and await self._prepared(plan):
                await self._begin(plan)
        async with self._db.reading() as tx:
            soonest = await store.next_due(tx)
        return LOOK if soonest is None else min(LOOK, max(soonest - self._clock.now(), 0.05))

    async def _prepared(self, plan: Plan) -> bool:
        """Fix who gets it. A filter that means nothing any more ends the announcement."""
        if plan.state == "sending":
            return True
        try:
            people = await self._audience.of(plan.audience, plan.cids, plan.filter)
        except Invalid as error:
            log.error("announcement %d is not sent: %s", plan.id, error.text)
            async with self._db.transaction() as tx:
                await store.end(tx, plan.id, "cancelled", self._clock.seconds())
            return False
        async with self._db.transaction() as tx:
            return await store.begin(tx, plan.id, people, self._clock.seconds())

    async def _begin(self, plan: Plan) -> None:
        async def work(job: Job) -> object:
            try:
                return await self._send(plan, job)
            finally:
                self._running.discard(plan.id)

        self._running.add(plan.id)
        try:
            number = await self._jobs.start(
                "announcement", Caller(Role.ADMIN, name=plan.who), work, title=plan.text[:80]
            )
        except RoschatError:
            self._running.discard(plan.id)
            raise
        async with self._db.transaction() as tx:
            await store.set_job(tx, plan.id, number)

    async def _send(self, plan: Plan, job: Job) -> dict[str, int]:
        while not job.cancelled:
            try:
                if not await self._portion(plan, job):
                    break
            except Unavailable as error:
                log.warning("announcement %d waits: %s", plan.id, error.text)
                await asyncio.sleep(AWAY)
        async with self._db.transaction() as tx:
            await store.end(tx, plan.id, "cancelled" if job.cancelled else "done", self._clock.seconds())
            view = await store.view(tx, plan.id)
        return {"total": view.total, "sent": view.sent, "failed": view.failed} if view else {}

    async def _portion(self, plan: Plan, job: Job) -> bool:
        """Write to some; False when nobody is left. Raises Unavailable."""
        async with self._db.reading() as tx:
            people = await store.portion(tx, plan.id, PORTION)
        if not people:
            return False
        settled = await asyncio.gather(*[self._write(plan, cid) for cid in people])
        async with self._db.transaction() as tx:
            await store.put_sent(tx, plan.id, settled)
            done = await store.done_so_far(tx, plan.id)
            view = await store.view(tx, plan.id)
        await job.progress(done, view.total if view else None)
        return True

    async def _write(self, plan: Plan, cid: ContactId) -> tuple[ContactId, MessageId, str]:
        try:
            sent = await self._bus.call(StoreMessage(SENDER, cid, plan.text, key=f"=announcement:{plan.id}:{cid}"))
        except Unavailable:
            raise
        except RoschatError as error:
            return cid, MessageId(0), error.text
        return cid, sent.id, ""
