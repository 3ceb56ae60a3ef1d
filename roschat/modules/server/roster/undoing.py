"""Taking an applied plan back, batch by batch: what was before comes back where nobody has changed it since.

A contact that the plan added leaves the directory, unless it has been used: then it stays, as its messages do.
"""

from collections.abc import Sequence

import psycopg

from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.jobs import Job
from roschat.modules.server.roster import store
from roschat.modules.server.roster.journal import record
from roschat.modules.server.roster.staff import store as staff
from roschat.modules.server.roster.staff.store import Current
from roschat.modules.server.roster.store import Outcome, PlannedRow
from roschat.modules.server.roster.writing import Change, Told, write
from roschat.wire.message import Caller

BATCH = 100
SIGNED_OUT = "a mass change was taken back"


class Undoing:
    """Takes plans back."""

    def __init__(self, db: Database, clock: Clock, told: Told) -> None:
        self._db = db
        self._clock = clock
        self._told = told

    async def run(self, job: Job, plan: int, caller: Caller) -> dict[str, int]:
        """Take back all rows that were done; answers how many came back and how many were kept."""
        async with self._db.reading() as tx:
            total = await store.count_in(tx, plan, "done")
        position, seen, undone = 0, 0, 0
        while not job.cancelled:
            async with self._db.reading() as tx:
                rows = await store.rows_in(tx, plan, "done", position, BATCH)
            if not rows:
                break
            position = rows[-1].position
            undone += await self._batch(plan, rows, caller)
            seen += len(rows)
            await job.progress(seen, total)
        async with self._db.transaction() as tx:
            if job.cancelled:
                await store.turn(tx, plan, ["undoing"], "applied")
            else:
                await store.undone(tx, plan, self._clock.now())
        return {"undone": undone, "kept": seen - undone}

    async def _batch(self, plan: int, rows: Sequence[PlannedRow], caller: Caller) -> int:
        try:
            return await self._write(plan, rows, caller)
        except psycopg.errors.UniqueViolation:
            undone = 0
            for row in rows:
                try:
                    undone += await self._write(plan, [row], caller)
                except psycopg.errors.UniqueViolation:
                    await self._keep(plan, row, "number-taken")
            return undone

    async def _write(self, plan: int, rows: Sequence[PlannedRow], caller: Caller) -> int:
        changes: list[Change] = []
        outcomes: list[Outcome] = []
        async with self._db.transaction() as tx:
            await staff.lock(tx)
            cids = [row.cid for row in rows]
            current = await staff.people(tx, cids)
            used = await staff.used(tx, [row.cid for row in rows if _made_by(row)])
            for row in rows:
                now = current.get(row.cid)
                if why := _obstacle(row, now, used={row.cid} <= used):
                    outcomes.append(Outcome(position=row.position, state="kept", outcome=why))
                    continue
                assert now is not None
                outcome = _note(row, now)
                target = row.before or now.person.released()
                changes.append(Change(now.person, target, row.old_hash if not outcome and target.login else ""))
                outcomes.append(Outcome(position=row.position, state="undone", outcome=outcome))
            views = await write(tx, changes, self._clock, SIGNED_OUT)
            await store.finish(tx, plan, outcomes)
            await record(tx, caller, "undo-mass-plan", plan, changes)
        await self._told(views)
        return len(changes)

    async def _keep(self, plan: int, row: PlannedRow, why: str) -> None:
        async with self._db.transaction() as tx:
            await store.finish(tx, plan, [Outcome(position=row.position, state="kept", outcome=why)])


def _made_by(row: PlannedRow) -> bool:
    """Whether the contact, or its account, exists because of the row."""
    return row.before is None or (not row.before.login and bool(row.after and row.after.login))


def _obstacle(row: PlannedRow, now: Current | None, *, used: bool) -> str:
    if now is None or now.deleted:
        return "not-found"
    if row.after is None or not now.person.same(row.after):
        return "changed"
    return "used" if used else ""


def _note(row: PlannedRow, now: Current) -> str:
    """What of a row does not come back: a password that its owner has changed since."""
    return "password-changed" if row.new_hash and row.old_hash and now.hash != row.new_hash else ""
