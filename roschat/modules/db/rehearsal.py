"""Restoring beside: an archive is unpacked, its dump goes into a database of its own, and the rows are counted.

To prove an archive that database is dropped again. To restore, it and the unpacked files stay, and a plan is written
that the next start carries out (kernel/restore.py). Until that plan nothing of the installation is touched.
"""

import os
import secrets
import shutil
from pathlib import Path
from typing import BinaryIO

import msgspec

from roschat.kernel.clock import Clock
from roschat.kernel.errors import RoschatError
from roschat.kernel.migrate import MigrationRefused, migrate
from roschat.kernel.postgres_tools import database_of, with_database
from roschat.kernel.programs import ProgramFailed
from roschat.kernel.restore import Place, Plan
from roschat.modules.db import archive, store
from roschat.modules.db.archive import Manifest
from roschat.modules.db.course import Course
from roschat.modules.db.holding import unarchived
from roschat.modules.db.making import Installation, no_room
from roschat.modules.db.seal import Damaged
from roschat.modules.db.shelf import RESERVE, Archive

PROVING, RESTORING, BEFORE = "_proving_", "_restored_", "_before_"
"""Between the name of our database and a random end: names of databases that are of the moment."""


async def prove(here: Installation, found: Archive, passphrase: str, course: Course) -> Manifest:
    """Check every byte, restore into a database beside, compare the rows. Raises what is wrong with the archive."""
    work = here.workplace()
    database = database_of(here.dsn) + PROVING + secrets.token_hex(4)
    try:
        manifest, dump = await _unpacked(found, passphrase, course, work, None)
        await _filled(here, database, dump, manifest, course)
        return manifest
    except OSError as error:
        raise no_room(error, work) from None
    finally:
        await store.drop_database(here.dsn, database)
        await course.remove(work)


async def prepare(
    here: Installation, found: Archive, passphrase: str, course: Course, clock: Clock, who: str
) -> Manifest:
    """Everything short of the switch. Raises what is wrong; what was unpacked and filled is removed again then."""
    place = Place(here.data)
    work = here.workplace()
    name = database_of(here.dsn)
    end = secrets.token_hex(4)
    await course.remove(place.staged)
    await course.remove(place.replaced)
    try:
        manifest, dump = await _unpacked(found, passphrase, course, work, place.staged)
        entries = sorted(os.listdir(place.staged)) if place.staged.exists() else []
        _check_movable(here.data, entries)
        await _filled(here, name + RESTORING + end, dump, manifest, course)
        await course.at("the tables are brought up to date")
        try:
            await course.waiting(migrate(with_database(here.dsn, name + RESTORING + end)))
        except MigrationRefused as error:
            raise RoschatError(f"This program cannot work with the backup: {error.text}", "backup-refused") from None
        place.write(Plan(found.name, who, clock.now(), name + RESTORING + end, name + BEFORE + end, entries))
        return manifest
    except BaseException as error:
        await store.drop_database(here.dsn, name + RESTORING + end)
        await course.remove(place.staged)
        if isinstance(error, OSError):
            raise no_room(error, place.staged) from None
        raise
    finally:
        await course.remove(work)


async def cancel(here: Installation, course: Course) -> bool:
    """Drop what was prepared and not carried out; answers whether there was anything."""
    place = Place(here.data)
    plan = place.plan()
    if plan is None or plan.state not in ("ready", "failed"):
        return False
    place.forget()
    await course.remove(place.staged)
    await store.drop_database(here.dsn, plan.database)
    return True


def carried_out(here: Installation) -> Plan | None:
    """The plan that this start has carried out, once."""
    place = Place(here.data)
    plan = place.plan()
    if plan is None or plan.state != "done":
        return None
    place.write(msgspec.structs.replace(plan, state="recorded"))
    return plan


async def clear(here: Installation, course: Course) -> None:
    """After a start: remove the replaced data and what interrupted work left."""
    place = Place(here.data)
    plan = place.plan()
    await course.remove(here.work)
    wanted = {plan.database} if plan is not None and plan.state == "ready" else set()
    name = database_of(here.dsn)
    for beginning in (PROVING, RESTORING, BEFORE):
        for database in await store.databases(here.dsn, name + beginning):
            if database not in wanted:
                await store.drop_database(here.dsn, database)
    if plan is None or plan.state != "ready":
        await course.remove(place.staged)
        await course.remove(place.replaced)
    if plan is not None and plan.state in ("done", "recorded"):
        place.forget()


async def _unpacked(
    found: Archive, passphrase: str, course: Course, work: Path, staging: Path | None
) -> tuple[Manifest, Path]:
    """Read the whole archive; the dump goes to `work`, and the data folder to `staging` when there is one."""
    dump = work / "roschat.dump"
    room = max(0, shutil.disk_usage(work).free - RESERVE)
    taken = 0

    def take(name: str, size: int) -> BinaryIO | None:
        nonlocal taken
        if name == archive.DUMP:
            path = dump
        elif staging is not None and name != archive.SETTINGS:
            path = staging / unarchived(name)
        else:
            return None
        taken += size
        if taken > room:
            raise RoschatError(
                f"{found.name} unpacks to more than the {room:,} bytes that {work.parent} has room for; make room.",
                "no-space",
            )
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb")

    await course.at("the archive is checked")
    try:
        manifest = await course.thread(lambda: archive.read(found.path, passphrase, take, course))
    except FileExistsError as error:
        raise Damaged(f"The archive holds {Path(error.filename).name!r} twice; it was tampered with.") from None
    if not dump.exists():
        raise Damaged("The archive holds no dump of a database.")
    return manifest, dump


async def _filled(here: Installation, database: str, dump: Path, manifest: Manifest, course: Course) -> None:
    """Restore the dump into a fresh database and compare the rows with the manifest."""
    tools = await here.tools()
    await course.at("the dump is checked")
    try:
        await course.waiting(tools.readable(dump))
    except ProgramFailed as error:
        raise Damaged(f"The dump in the archive cannot be read: {error.text}") from None
    await store.check_may_create(here.dsn)
    _check_disk(here, manifest)
    await store.create_database(here.dsn, database)
    await course.at("the database is filled")
    dsn = with_database(here.dsn, database)
    try:
        await course.waiting(tools.restore(dsn, dump))
    except ProgramFailed as error:
        raise Damaged(f"The dump in the archive cannot be restored: {error.text}") from None
    await course.at("rows are counted")
    async with store.line(dsn) as connection:
        rows = await course.waiting(store.counts(connection))
    wrong = sorted(name for name in rows.keys() | manifest.tables.keys() if rows.get(name) != manifest.tables.get(name))
    if wrong:
        first = wrong[0]
        raise Damaged(
            f"The restored database is not the one that was backed up: {first} has {rows.get(first, 'no')} rows "
            f"instead of {manifest.tables.get(first, 'none')}, {len(wrong)} tables differ."
        )


def _check_disk(here: Installation, manifest: Manifest) -> None:
    """A private server fills the disk of the data folder; of another one we do not know."""
    if not (here.data / "postgres" / "cluster").exists():
        return
    free = max(0, shutil.disk_usage(here.data).free - RESERVE)
    if manifest.database > free:
        raise RoschatError(
            f"The database needs {manifest.database:,} bytes and {here.data} has room for {free:,}; make room.",
            "no-space",
        )


def _check_movable(data: Path, entries: list[str]) -> None:
    for name in entries:
        here = data / name
        if here.is_mount():
            raise RoschatError(
                f"{here} is a disk of its own and cannot be exchanged by renaming: unmount it first.", "restore-failed"
            )
