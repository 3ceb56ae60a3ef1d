"""Backups as the console and the command line see them: one piece of work at a time, each a job with a record."""

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

from roschat.kernel import audit
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid, NotFound, RoschatError, Unavailable
from roschat.kernel.jobs import Job, Jobs
from roschat.kernel.restore import Place
from roschat.kernel.service import Health
from roschat.kernel.settings import Live
from roschat.modules.db import making, rehearsal, rules, store
from roschat.modules.db.api import (
    BackupProgress,
    BackupProof,
    BackupRun,
    BackupsView,
    BackupView,
    RestorePlan,
)
from roschat.modules.db.archive import Manifest
from roschat.modules.db.course import Course
from roschat.modules.db.making import Installation, note_of
from roschat.modules.db.seal import WrongPassphrase
from roschat.modules.db.settings import Settings
from roschat.modules.db.shelf import Archive, Note, Proof, Shelf
from roschat.wire.message import SYSTEM, Caller

log = logging.getLogger(__name__)

SHOWN_RUNS = 20

Work = Callable[[Course], Awaitable[dict[str, object]]]


class Backups:
    """All that can be done about backups. `alone`: no other process works on the data folder."""

    def __init__(
        self, db: Database, jobs: Jobs, clock: Clock, here: Installation, settings: Live[Settings], *, alone: bool
    ) -> None:
        self._db = db
        self._jobs = jobs
        self._clock = clock
        self._here = here
        self._settings = settings
        self._alone = alone
        self._busy = ""

    @property
    def shelf(self) -> Shelf:
        """The folder of the settings."""
        chosen = self._settings.value.folder
        return Shelf(Path(chosen) if chosen else self._here.data / "backups")

    async def view(self) -> BackupsView:
        """Everything for the page."""
        shelf, settings = self.shelf, self._settings.value
        plan = Place(self._here.data).plan()
        async with self._db.reading() as tx:
            runs = await store.runs(tx, SHOWN_RUNS)
            last = await store.last_scheduled(tx)
        return BackupsView(
            backups=[shown(archive) for archive in shelf.listed()],
            folder=str(shelf.folder),
            free=shelf.free() if shelf.folder.exists() else Shelf(self._here.data).free(),
            next_time=rules.next_time(settings, max(last, self._clock.now())),
            sealing=bool(settings.passphrase),
            busy=bool(self._busy),
            plan=None
            if plan is None or plan.state not in ("ready", "failed")
            else RestorePlan(plan.archive, plan.who, plan.made, plan.state, plan.text),
            runs=[
                BackupRun(run.kind, run.archive, run.origin, run.who, run.started, run.ended, run.ok, run.text)
                for run in runs
            ],
        )

    async def make(self, caller: Caller, origin: str = "hand") -> int:
        """Begin to make an archive; the number of the job. Raises `busy`."""

        async def work(course: Course) -> dict[str, object]:
            return {"name": (await self._made(course, caller, origin)).name}

        self._take("a backup is being made")
        return await self._start("backup", caller, "", origin, work)

    async def prove(self, name: str, passphrase: str, caller: Caller) -> int:
        """Begin to prove an archive; the number of the job. Raises NotFound, `busy`."""
        archive = self.shelf.get(name)

        async def work(course: Course) -> dict[str, object]:
            await self._proven(archive, self._phrase(passphrase), course)
            return {"name": name, "ok": True}

        self._take(f"{name} is being proven")
        return await self._start("backup-proof", caller, name, archive.note.origin, work)

    async def restore(self, name: str, confirm: str, passphrase: str, caller: Caller) -> int:
        """Begin to prepare a restore; the number of the job. Raises NotFound, Invalid, `busy`."""
        archive = self.shelf.get(name)
        _check_typed(name, confirm)
        if not self._alone:
            raise Invalid(
                "Several processes work on this data folder: stop all of them and use `roschat backup restore` on the "
                "command line."
            )

        async def work(course: Course) -> dict[str, object]:
            await self._made(course, caller, "safety")
            try:
                manifest = await rehearsal.prepare(
                    self._here, archive, self._phrase(passphrase), course, self._clock, caller.name
                )
            except RoschatError as error:
                self._judged(archive, error)
                raise
            self.shelf.note(name, msgspec.structs.replace(_proven(archive, manifest, self._clock.now())))
            async with self._db.transaction() as tx:
                await audit.record(tx, caller, "backup-restore", name)
            return {"name": name, "restart": True}

        self._take(f"{name} is being restored")
        return await self._start("backup-restore", caller, name, archive.note.origin, work)

    async def cancel_restore(self, caller: Caller) -> None:
        """Drop a plan. Raises NotFound."""
        self._take("a prepared restore is being dropped")
        try:
            if not await rehearsal.cancel(self._here, Course()):
                raise NotFound("No restore was prepared, so there is none to cancel.")
            async with self._db.transaction() as tx:
                await audit.record(tx, caller, "backup-restore-cancel", "")
        finally:
            self._busy = ""

    async def remove(self, name: str, confirm: str, caller: Caller) -> None:
        """Delete an archive. Raises NotFound, Invalid."""
        archive = self.shelf.get(name)
        _check_typed(name, confirm)
        async with self._db.transaction() as tx:
            await audit.record(tx, caller, "backup-remove", name, before={"made": archive.note.made})
            self.shelf.remove(name)

    async def uploaded(self, path: Path, caller: Caller) -> BackupView:
        """An archive that has arrived on the shelf."""
        self.shelf.note(path.name, Note(made=self._clock.now(), origin="upload", who=caller.name))
        async with self._db.transaction() as tx:
            await audit.record(tx, caller, "backup-upload", path.name)
        return shown(self.shelf.get(path.name))

    async def downloaded(self, name: str, caller: Caller) -> Archive:
        """An archive that somebody takes along: it holds everything, so the journal tells. Raises NotFound."""
        archive = self.shelf.get(name)
        async with self._db.transaction() as tx:
            await audit.record(tx, caller, "backup-download", name)
        return archive

    async def progress(self, number: int) -> BackupProgress:
        """How far a job is. Raises NotFound."""
        job = await self._jobs.view(number)
        return BackupProgress(job.state, job.done, job.total, job.text, job.result)

    async def make_due(self) -> None:
        """What the schedule does when its time has come: make, and remove what is too old."""
        settings = self._settings.value
        self._take("a backup by schedule is being made")
        try:
            await self._recorded("make", "", "schedule", SYSTEM, lambda: self._made(Course(), SYSTEM, "schedule"))
        finally:
            self._busy = ""
        for archive in rules.outdated(self.shelf.listed(), settings, self._clock.now()):
            log.info("the backup %s is too old and is removed", archive.name)
            self.shelf.remove(archive.name)

    async def due_in(self) -> float | None:
        """Seconds until the schedule makes the next one (0: now, one was missed); None without a schedule."""
        now = self._clock.now()
        async with self._db.reading() as tx:
            last = await store.last_scheduled(tx) or await store.first_change(tx)
        due = rules.next_time(self._settings.value, min(last, now))
        return max(0.0, due - now) if due else None

    async def tell(self) -> None:
        """At a start: write down a restore that it has carried out; the restored database does not know of it."""
        plan = rehearsal.carried_out(self._here)
        if plan is not None:
            now = self._clock.now()
            async with self._db.transaction() as tx:
                await store.add_run(tx, "restore", plan.archive, "hand", plan.who, plan.made, now, "")
                await audit.record(tx, SYSTEM, "backup-restored", plan.archive, after={"who": plan.who})

    async def clear(self) -> None:
        """After a start: remove the replaced data, and what an interrupted run left."""
        await rehearsal.clear(self._here, Course())
        if self.shelf.folder.exists():
            self.shelf.sweep()

    async def health(self) -> Health:
        """The age of the last backup, and whether the last one failed."""
        plan = Place(self._here.data).plan()
        async with self._db.reading() as tx:
            since = await store.first_change(tx)
            good = await store.last_run(tx, "make", ok=True)
            failed = await store.last_run(tx, "make", ok=False)
        return rules.health(
            self._settings.value,
            self._clock.now(),
            since,
            good.ended if good else 0.0,
            failed.ended if failed else 0.0,
            failed.text if failed else "",
            plan.archive if plan is not None and plan.state == "ready" else "",
        )

    def _take(self, what: str) -> None:
        if self._busy:
            raise RoschatError(f"Wait: {self._busy}.", "busy")
        self._busy = what

    async def _start(self, kind: str, caller: Caller, name: str, origin: str, work: Work) -> int:
        """The job; `_take` has been called. What it does is recorded however it ends."""

        async def run(job: Job) -> object:
            try:
                step = {"backup": "make", "backup-proof": "prove"}.get(kind, "restore")
                return await self._recorded(step, name, origin, caller, lambda: work(Course(job)))
            finally:
                self._busy = ""

        try:
            return await self._jobs.start(kind, caller, run, title=name)
        except BaseException:
            self._busy = ""
            raise

    async def _recorded(
        self, kind: str, name: str, origin: str, caller: Caller, work: Callable[[], Awaitable[object]]
    ) -> object:
        started, text = self._clock.now(), "It was interrupted."
        result: object = None
        try:
            result = await work()
            text = ""
        except RoschatError as error:
            text = error.text
            raise
        finally:
            made = result.name if isinstance(result, Archive) else name
            if isinstance(result, dict):
                made = str(result.get("name", name))
            try:
                async with self._db.transaction() as tx:
                    await store.add_run(
                        tx, kind, made, origin, caller.name or caller.role.value, started, self._clock.now(), text
                    )
            except Unavailable as error:
                log.warning("the run of a backup is not recorded: %s", error.text)
        return result

    async def _made(self, course: Course, caller: Caller, origin: str) -> Archive:
        shelf = self.shelf
        shelf.open()
        who = caller.name or caller.role.value
        archive = await making.make(
            self._here, shelf, self._clock, course, origin=origin, who=who, passphrase=self._settings.value.passphrase
        )
        async with self._db.transaction() as tx:
            await audit.record(tx, caller, "backup-make", archive.name, after={"size": archive.size, "origin": origin})
        return archive

    async def _proven(self, archive: Archive, passphrase: str, course: Course) -> None:
        try:
            manifest = await rehearsal.prove(self._here, archive, passphrase, course)
        except RoschatError as error:
            self._judged(archive, error)
            raise
        self.shelf.note(archive.name, _proven(archive, manifest, self._clock.now()))

    def _judged(self, archive: Archive, error: RoschatError) -> None:
        """Keep on the note that an archive is bad; a lack of room or a wrong passphrase says nothing about it."""
        if error.code == "backup-damaged":
            proof = Proof(self._clock.now(), ok=False, text=error.text)
            self.shelf.note(archive.name, msgspec.structs.replace(archive.note, proof=proof))

    def _phrase(self, given: str) -> str:
        return given or self._settings.value.passphrase


def shown(archive: Archive) -> BackupView:
    """An archive for the page."""
    note, proof = archive.note, archive.note.proof
    return BackupView(
        archive.name,
        note.made,
        archive.size,
        note.origin,
        note.who,
        archive.sealed,
        note.program,
        note.tables,
        note.rows,
        note.files,
        note.bytes,
        BackupProof(proof.time, proof.ok, proof.text) if proof is not None else None,
    )


def _proven(archive: Archive, manifest: Manifest, now: float) -> Note:
    """The note of an archive that was read as a whole: one that was uploaded is known only now."""
    origin = archive.note.origin if archive.note.origin == "upload" else manifest.origin
    return msgspec.structs.replace(note_of(manifest), origin=origin, proof=Proof(now, ok=True))


def _check_typed(name: str, confirm: str) -> None:
    if confirm != name:
        raise Invalid("Type the name of the backup to confirm.", fields={"confirm": "bad-value"})


__all__ = ["Backups", "WrongPassphrase", "shown"]
