"""Carrying a plan out, exactly as it was shown: a batch is one transaction, after its passwords were hashed.

A contact that is not any more as the preview saw it is left alone. When somebody took a number or login at the same
moment the batch is written row by row, so that one row does not cost the others.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg

from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid, RoschatError
from roschat.kernel.jobs import Job
from roschat.kernel.passwords import Passwords
from roschat.modules.server.accounts.api import EndDevices, MayHaveAccount, SignInRulesChanged
from roschat.modules.server.contacts.api import MayGrantService, ServiceType
from roschat.modules.server.contacts.services import APPLICATIONS
from roschat.modules.server.roster import store
from roschat.modules.server.roster.journal import record
from roschat.modules.server.roster.people import Person
from roschat.modules.server.roster.planning import Taken
from roschat.modules.server.roster.seal import Seal, random_password
from roschat.modules.server.roster.staff import store as staff
from roschat.modules.server.roster.staff.store import Current
from roschat.modules.server.roster.store import Outcome, PlannedRow
from roschat.modules.server.roster.writing import Change, Told, write
from roschat.wire.message import Caller

BATCH = 100
LICENSED_BATCH = 20
"""Rows between two questions whether there may be more: what a licence counts must be written before it is asked."""
AT_ONCE = 2
"""Passwords that are hashed at the same time; people who sign in meanwhile find a free core in between."""
SIGNED_OUT = "the password was set anew"


@dataclass(frozen=True)
class Ready:
    """A row with its password, clear and hashed; both empty without a new one."""

    row: PlannedRow
    clear: str = ""
    hash: str = ""


class Applying:
    """Carries plans out."""

    def __init__(self, db: Database, bus: Bus, clock: Clock, passwords: Passwords, seal: Seal, told: Told) -> None:
        self._db = db
        self._bus = bus
        self._clock = clock
        self._passwords = passwords
        self._seal = seal
        self._told = told

    async def run(self, job: Job, plan: int, caller: Caller) -> dict[str, int]:
        """Do all planned rows; answers how many were done and left alone."""
        async with self._db.reading() as tx:
            sealed, length = await store.secret_of(tx, plan)
            total = await store.count_in(tx, plan, "planned")
        given = self._seal.open(sealed, plan) if sealed else ""
        position, seen, done = 0, 0, 0
        size = LICENSED_BATCH if self._licensed else BATCH
        while not job.cancelled:
            async with self._db.reading() as tx:
                rows = await store.rows_in(tx, plan, "planned", position, size)
            if not rows:
                break
            position = rows[-1].position
            done += await self._batch(plan, await self._ready(plan, rows, given, length), caller)
            seen += len(rows)
            await job.progress(seen, total)
        async with self._db.transaction() as tx:
            left = await store.leave(tx, plan, "cancelled")
            await store.applied(tx, plan, self._clock.now())
        return {"done": done, "skipped": seen - done + left}

    @property
    def _licensed(self) -> bool:
        return self._bus.asked(MayHaveAccount) or self._bus.asked(MayGrantService)

    async def _ready(self, plan: int, rows: Sequence[PlannedRow], given: str, length: int) -> list[Ready]:
        """The rows with their passwords."""
        turns = asyncio.Semaphore(AT_ONCE)

        async def one(row: PlannedRow) -> Ready:
            clear = self._clear(plan, row, given, length)
            if not clear:
                return Ready(row)
            async with turns:
                return Ready(row, clear, await self._passwords.hash(clear))

        return list(await asyncio.gather(*(one(row) for row in rows)))

    def _clear(self, plan: int, row: PlannedRow, given: str, length: int) -> str:
        assert row.after is not None
        match row.password:
            case "random":
                return random_password(length)
            case "number":
                return row.after.first("number")
            case "value":
                clear = self._seal.open(row.secret, plan, row.position) if row.secret else given
                if not clear:
                    raise Invalid("The given password is not kept any more; make the plan anew.")
                return clear
        return ""

    async def _batch(self, plan: int, batch: Sequence[Ready], caller: Caller) -> int:
        """Write a batch; answers how many rows were done."""
        refused = await self._refused(batch)
        try:
            return await self._write(plan, batch, refused, caller)
        except psycopg.errors.UniqueViolation:
            done = 0
            for ready in batch:
                try:
                    done += await self._write(plan, [ready], refused, caller)
                except psycopg.errors.UniqueViolation:
                    await self._skip(plan, ready.row, "number-taken")
            return done

    async def _refused(self, batch: Sequence[Ready]) -> dict[int, str]:
        """Rows that may not be (licence), with the reason. Asked before the directory is locked."""
        refused: dict[int, str] = {}
        for ready in batch:
            before, after = ready.row.before or Person(ready.row.cid, active=False), ready.row.after
            assert after is not None
            try:
                if (
                    self._bus.asked(MayHaveAccount)
                    and after.login
                    and after.active
                    and not (before.login and before.active)
                ):
                    await self._bus.ask(MayHaveAccount(after.cid))
                for service in after.services.keys() - before.services.keys():
                    if self._bus.asked(MayGrantService):
                        await self._bus.ask(MayGrantService(after.cid, ServiceType(service)))
            except RoschatError as error:
                refused[ready.row.position] = error.text
        return refused

    async def _write(self, plan: int, batch: Sequence[Ready], refused: dict[int, str], caller: Caller) -> int:
        changes: list[Change] = []
        outcomes: list[Outcome] = []
        async with self._db.transaction() as tx:
            await staff.lock(tx)
            current = await staff.people(tx, [ready.row.cid for ready in batch])
            taken = await Taken.read(tx, [ready.row.after for ready in batch if ready.row.after])
            for ready in batch:
                now = current.get(ready.row.cid)
                why = refused.get(ready.row.position) or _obstacle(ready.row, now, taken)
                if why:
                    outcomes.append(Outcome(position=ready.row.position, state="skipped", outcome=why))
                    continue
                assert ready.row.after is not None
                changes.append(Change(now.person if now else None, ready.row.after, ready.hash))
                outcomes.append(self._done(plan, ready, now))
            views = await write(tx, changes, self._clock, SIGNED_OUT)
            await store.finish(tx, plan, outcomes)
            await record(tx, caller, "apply-mass-plan", plan, changes)
        await self._told(views)
        await self._end_applications(changes)
        return len(changes)

    async def _end_applications(self, changes: Sequence[Change]) -> None:
        """Sign out the applications whose service was taken away."""
        for change in changes:
            lost = change.before.services.keys() - change.after.services.keys() if change.before else set()
            kinds = [kind for service in lost for kind in APPLICATIONS.get(ServiceType(service), ())]
            if kinds:
                await self._bus.call(EndDevices(change.after.cid, kinds=kinds, reason="the service was taken away"))
                self._bus.publish(SignInRulesChanged([change.after.cid]))

    def _done(self, plan: int, ready: Ready, now: Current | None) -> Outcome:
        return Outcome(
            position=ready.row.position,
            state="done",
            secret=self._seal.close(ready.clear, plan, ready.row.position) if ready.clear else None,
            old_hash=now.hash if now and ready.hash else "",
            new_hash=ready.hash,
        )

    async def _skip(self, plan: int, row: PlannedRow, why: str) -> None:
        async with self._db.transaction() as tx:
            await store.finish(tx, plan, [Outcome(position=row.position, state="skipped", outcome=why)])


def _obstacle(row: PlannedRow, now: Current | None, taken: Taken) -> str:
    """Why a row cannot be done any more; empty when it can."""
    if row.before is None:
        if now is not None:
            return "changed"
    elif now is None or now.deleted:
        return "not-found"
    elif now.person.rev != row.before.rev or not now.person.same(row.before):
        return "changed"
    assert row.after is not None
    return next((fault.reason for fault in taken.faults(row.after, row.before)), "")
