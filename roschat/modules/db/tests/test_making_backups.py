"""An archive is made of everything, proven, and restored; what is wrong with an archive changes nothing."""

import asyncio
import gzip
import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from roschat.kernel.clock import ManualClock
from roschat.kernel.errors import RoschatError
from roschat.kernel.restore import Place, finish
from roschat.modules.db import archive, making, rehearsal, store
from roschat.modules.db.course import Course, Stopped
from roschat.modules.db.making import Installation
from roschat.modules.db.shelf import Archive, Shelf
from roschat.modules.db.tests.conftest import FILES

clock = ManualClock(1_790_000_000)


async def make(here: Installation, shelf: Shelf, passphrase: str = "", course: Course | None = None) -> Archive:
    return await making.make(here, shelf, clock, course or Course(), origin="hand", who="admin", passphrase=passphrase)


async def beside(here: Installation) -> list[str]:
    """Databases that somebody left beside ours."""
    return await store.databases(here.dsn, str(conninfo_to_dict(here.dsn)["dbname"]) + "_")


async def counted(dsn: str) -> int:
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as line:
        row = await (await line.execute("SELECT count(*) FROM kernel.outbox")).fetchone()
        assert row is not None
        return int(row[0])


def tree(data: Path) -> dict[str, bytes]:
    """What of a data folder belongs into a backup."""
    return {name: (data / name).read_bytes() for name in FILES}


async def test_an_archive_is_readable_by_tar_and_holds_everything(
    here: Installation, shelf: Shelf, tmp_path: Path
) -> None:
    made = await make(here, shelf)
    assert made.path.stat().st_mode & 0o777 == 0o600
    root = await asyncio.to_thread(untarred, made.path, tmp_path)
    assert root.name.startswith("backup-2026")
    for name, content in FILES.items():
        assert (root / archive_name(name)).read_bytes() == content
    assert "very secret" not in (root / "settings.json").read_text()
    assert "mx.example" in (root / "settings.json").read_text()
    assert not (root / "files" / "log").exists()
    found = sorted(path.name for path in root.iterdir())
    assert found == ["SHA256SUMS", "certificates", "dbs", "files", "manifest.json", "secrets", "settings.json"]
    assert not list(here.work.iterdir())


def untarred(path: Path, into: Path) -> Path:
    subprocess.run(["tar", "xzf", path, "-C", into], check=True)
    (root,) = into.iterdir()
    return root


def archive_name(name: str) -> str:
    return name if name.startswith(("secrets/", "certificates/")) else f"files/{name}"


@pytest.mark.parametrize("passphrase", ["", "correct horse"])
async def test_proof_counts_every_table_and_leaves_nothing(here: Installation, shelf: Shelf, passphrase: str) -> None:
    made = await make(here, shelf, passphrase)
    assert made.sealed is bool(passphrase)
    assert (b"very secret" in gzip_of(made)) is False
    manifest = await rehearsal.prove(here, made, passphrase, Course())
    assert manifest.tables["kernel.outbox"] == 1000
    assert manifest.files == len(FILES) + 2
    assert manifest.who == "admin"
    assert await beside(here) == []
    assert not list(here.work.iterdir())


def gzip_of(made: Archive) -> bytes:
    return b"" if not made.sealed else made.path.read_bytes()


async def test_files_deleted_meanwhile_are_in_the_archive(here: Installation, shelf: Shelf, data: Path) -> None:
    class Deleting(Course):
        async def at(self, text: str) -> None:
            if text == "the database is dumped":
                shutil.rmtree(data / "server")
            await super().at(text)

    made = await make(here, shelf, course=Deleting())
    await rehearsal.prove(here, made, "", Course())
    with tarfile.open(made.path) as packed:
        assert sum("picture.png" in name for name in packed.getnames()) == 1


async def test_restore_brings_back_rows_and_files(here: Installation, shelf: Shelf, data: Path) -> None:
    made = await make(here, shelf)
    before = tree(data)
    async with await psycopg.AsyncConnection.connect(here.dsn, autocommit=True) as line:
        await line.execute("DELETE FROM kernel.outbox")
        await line.execute("DROP TABLE kernel.audit CASCADE")
    shutil.rmtree(data / "server")
    (data / "secrets" / "access-token").write_bytes(b"another")
    (data / "secrets" / "newer").write_bytes(b"made after the backup")
    await rehearsal.prepare(here, made, "", Course(), clock, "admin")
    assert await counted(here.dsn) == 0  # nothing was changed yet
    assert not (data / "server").exists()
    assert await finish(data, here.dsn)
    assert await counted(here.dsn) == 1000
    assert tree(data) == before
    assert not (data / "secrets" / "newer").exists()
    assert (data / "secrets" / "access-token").stat().st_mode & 0o777 == 0o600
    plan = rehearsal.carried_out(here)
    assert plan is not None
    assert plan.archive == made.name
    assert rehearsal.carried_out(here) is None
    await rehearsal.clear(here, Course())
    assert await beside(here) == []
    assert not Place(data).replaced.exists()
    assert not await finish(data, here.dsn)


async def test_a_prepared_restore_can_be_cancelled(here: Installation, shelf: Shelf, data: Path) -> None:
    made = await make(here, shelf)
    await rehearsal.prepare(here, made, "", Course(), clock, "admin")
    assert len(await beside(here)) == 1
    assert await rehearsal.cancel(here, Course())
    assert await beside(here) == []
    assert not await finish(data, here.dsn)
    assert not await rehearsal.cancel(here, Course())


async def test_switch_killed_at_any_step_is_finished_by_the_next_start(
    here: Installation, shelf: Shelf, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The renames of the data folder fail one after the other, as if the process had died there."""
    made = await make(here, shelf)
    before = tree(data)
    (data / "ports.json").write_bytes(b"{}")
    (data / "server" / "files" / "ab" / "picture.png").unlink()
    await rehearsal.prepare(here, made, "", Course(), clock, "admin")
    rename, steps = Path.rename, 0

    class Killed(Exception):
        pass

    deaths = 0
    for survives in range(20):

        def dying(self: Path, target: Any, survives: int = survives) -> Path:
            nonlocal steps
            steps += 1
            if steps > survives:
                raise Killed
            return rename(self, target)

        monkeypatch.setattr(Path, "rename", dying)
        steps = 0
        try:
            await finish(data, here.dsn)
            break
        except Killed:
            deaths += 1
    monkeypatch.undo()
    assert deaths >= 3
    assert tree(data) == before
    assert await counted(here.dsn) == 1000


async def test_plan_without_its_database_keeps_the_old_data(here: Installation, shelf: Shelf, data: Path) -> None:
    made = await make(here, shelf)
    await rehearsal.prepare(here, made, "", Course(), clock, "admin")
    (data / "ports.json").write_bytes(b"{}")
    (prepared,) = await beside(here)
    await store.drop_database(here.dsn, prepared)
    assert not await finish(data, here.dsn)
    plan = Place(data).plan()
    assert plan is not None
    assert plan.state == "failed"
    assert "gone" in plan.text
    assert (data / "ports.json").read_bytes() == b"{}"
    assert await counted(here.dsn) == 1000


async def test_switch_ends_sessions_that_are_open(here: Installation, shelf: Shelf, data: Path) -> None:
    made = await make(here, shelf)
    await rehearsal.prepare(here, made, "", Course(), clock, "admin")
    async with await psycopg.AsyncConnection.connect(here.dsn, autocommit=True) as line:
        await line.execute("SELECT 1")
        assert await finish(data, here.dsn)
        with pytest.raises(psycopg.OperationalError):
            await line.execute("SELECT 1")


async def test_no_room_is_said_and_leaves_nothing(
    here: Installation, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: type("Usage", (), {"free": 70_000_000})())
    with pytest.raises(RoschatError) as refused:
        await make(here, shelf)
    assert refused.value.code == "no-space"
    assert "delete old backups" in refused.value.text
    assert shelf.listed() == []
    assert not list(here.work.iterdir())


async def test_cancelled_making_leaves_nothing(here: Installation, shelf: Shelf) -> None:
    class Cancelled(Course):
        async def at(self, text: str) -> None:
            self.stop = self.stop or text == "the archive is written"
            await super().at(text)

    with pytest.raises(Stopped):
        await make(here, shelf, course=Cancelled())
    assert [entry for entry in os.listdir(shelf.folder) if entry != "other.txt"] == []
    assert not list(here.work.iterdir())


async def test_archive_of_a_newer_program_is_refused(here: Installation, shelf: Shelf, data: Path) -> None:
    async with await psycopg.AsyncConnection.connect(here.dsn, autocommit=True) as line:
        await line.execute(
            "INSERT INTO kernel.migration (owner, name, sha256, program) VALUES ('server', '9999_x.sql', '', '99.0')"
        )
    made = await make(here, shelf)
    with pytest.raises(RoschatError) as refused:
        await rehearsal.prepare(here, made, "", Course(), clock, "admin")
    assert refused.value.code == "backup-refused"
    assert "9999_x.sql" in refused.value.text
    assert await beside(here) == []
    assert not Place(data).staged.exists()


def test_gzip_reads_what_is_not_sealed(tmp_path: Path) -> None:
    empty = tmp_path / "x.tar.gz"
    empty.write_bytes(gzip.compress(b""))
    with pytest.raises(RoschatError):
        archive.beginning(empty)
