"""Making an archive: one snapshot of the database, what the data folder held at that moment, written in one pass."""

import errno
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from roschat.kernel.clock import Clock
from roschat.kernel.errors import RoschatError
from roschat.kernel.migrate import program_version
from roschat.kernel.postgres_tools import PostgresTools
from roschat.modules.db import archive, store
from roschat.modules.db.archive import Manifest, Member
from roschat.modules.db.course import Course
from roschat.modules.db.holding import Holding
from roschat.modules.db.shelf import PLAIN, SEALED, Archive, Note, Shelf, unfinished


class Installation:
    """What is backed up and restored: a database and a data folder. `programs`: where pg_dump is, when told."""

    def __init__(self, dsn: str, data: Path, programs: Path | None = None) -> None:
        self.dsn = dsn
        self.data = data
        self.work = data / "db" / "work"
        self._programs = programs

    async def tools(self) -> PostgresTools:
        """pg_dump and pg_restore of the fitting version."""
        return await PostgresTools.find(await store.version(self.dsn), self.data, self._programs)

    def workplace(self) -> Path:
        """A fresh folder for files that live as long as one piece of work."""
        self.work.mkdir(mode=0o700, parents=True, exist_ok=True)
        place = self.work / secrets.token_hex(8)
        place.mkdir(mode=0o700)
        return place


async def make(
    here: Installation, shelf: Shelf, clock: Clock, course: Course, *, origin: str, who: str, passphrase: str
) -> Archive:
    """Make an archive of now. Raises `no-space`, ProgramFailed, Unavailable, Stopped; nothing is left of it then."""
    tools = await here.tools()
    database = await store.size(here.dsn)
    work = here.workplace()
    time = clock.now()
    root = f"backup-{datetime.fromtimestamp(time, UTC).astimezone():%Y%m%d%H%M%S}"
    path = shelf.fresh(root, SEALED if passphrase else PLAIN)
    dump, plain = work / "roschat.dump", work / "settings.json"
    holding = Holding(here.data, shelf.folder, work / "held")
    try:
        await course.at("files are looked at")
        await course.thread(holding.hold)
        shelf.check_room(database + holding.bytes)
        if here.data.stat().st_dev != shelf.folder.stat().st_dev:
            Shelf(work).check_room(database)
        async with store.snapshot(here.dsn) as (connection, snapshot):
            await course.thread(holding.hold)
            await course.at("the database is dumped")
            await course.waiting(tools.dump(here.dsn, dump, snapshot))
            tables = await store.counts(connection)
            applied = await store.migrations(connection)
            plain.write_bytes(msgspec.json.format(msgspec.json.encode(await store.settings(connection))))
            version = connection.info.server_version // 10_000

        def members() -> Iterator[Member]:
            yield Member(archive.DUMP, dump)
            yield Member(archive.SETTINGS, plain)
            yield from holding.members()

        def manifest(count: int, total: int, sums: str) -> Manifest:
            return Manifest(
                archive.FORMAT,
                program_version(),
                time,
                version,
                tables,
                applied,
                count,
                total,
                sums,
                database,
                origin,
                who,
            )

        course.done, course.total = 0, dump.stat().st_size + plain.stat().st_size + holding.bytes
        await course.at("the archive is written")
        rough = unfinished(path)
        made = await course.thread(
            lambda: archive.write(rough, root, members(), manifest, passphrase, course, int(time))
        )
        rough.rename(path)
        shelf.note(path.name, note_of(made))
        return shelf.get(path.name)
    except OSError as error:
        raise no_room(error, shelf.folder) from None
    finally:
        unfinished(path).unlink(missing_ok=True)
        await course.remove(work)


def note_of(made: Manifest) -> Note:
    """What the list shows of an archive, from its manifest."""
    return Note(
        made=made.made,
        origin=made.origin,
        who=made.who,
        program=made.program,
        tables=len(made.tables),
        rows=sum(made.tables.values()),
        files=made.files,
        bytes=made.bytes,
    )


def no_room(error: OSError, folder: Path) -> RoschatError:
    """What the file system refused, for a reader."""
    if error.errno == errno.ENOSPC:
        return RoschatError(f"The disk of {folder} is full; delete old backups or choose another folder.", "no-space")
    return RoschatError(f"{error.filename or folder}: {error.strerror}.", "backup-failed")
