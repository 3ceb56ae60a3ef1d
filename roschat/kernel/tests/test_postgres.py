"""The embedded server: first start, second start, kill -9, leftovers, and what it says when it cannot."""

import asyncio
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import LiteralString

import pytest

from roschat.kernel.bus_local import LocalBus
from roschat.kernel.db import Database
from roschat.kernel.errors import Unavailable
from roschat.kernel.postgres import Postgres
from roschat.kernel.postgres_binaries import PostgresFailed, check_reachable, find_binaries

SMALL = {"shared_buffers": "16MB"}

PROGRAM = """
import asyncio, sys
from pathlib import Path
from roschat.kernel.postgres import Postgres
async def run():
    server = Postgres(Path(sys.argv[1]))
    await server.start()
    print(server.pid, flush=True)
    await asyncio.Event().wait()
asyncio.run(run())
"""


@pytest.fixture
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="roschat-tests-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@asynccontextmanager
async def running(server: Postgres) -> AsyncIterator[Postgres]:
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


@asynccontextmanager
async def connected(server: Postgres) -> AsyncIterator[Database]:
    db = Database(server.dsn, LocalBus())
    await db.open()
    try:
        yield db
    finally:
        await db.close()


async def ask(db: Database, question: LiteralString) -> object:
    async with db.reading() as tx:
        return await tx.value(question)


async def keep_42(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.run("CREATE TABLE kept AS SELECT 42 AS number")


async def test_life(data: Path) -> None:
    server = Postgres(data, settings=SMALL)
    assert "not been started" in await server.health()
    async with running(server), connected(server) as db:
        assert await server.health() == ""
        assert await ask(db, "SHOW data_checksums") == "on"
        assert await ask(db, "SHOW synchronous_commit") == "on"
        assert await ask(db, "SHOW fsync") == "on"
        assert await ask(db, "SHOW listen_addresses") == ""
        assert await ask(db, "SHOW shared_buffers") == "16MB"
        assert await ask(db, "SELECT lower('ПРИВЕТ')") == "привет"
        await keep_42(db)
    assert "stopped" in await server.health()
    assert server.pid == 0

    again = Postgres(data, settings=SMALL)
    begun = time.monotonic()
    async with running(again):
        # Under a second alone on a machine; the other tests of the run may share it.
        assert time.monotonic() - begun < 5
        async with connected(again) as db:
            assert await ask(db, "SELECT number FROM kept") == 42


def _owner_and_mode(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_uid, found.st_mode & 0o777


async def test_private_and_unprivileged(data: Path) -> None:
    async with running(Postgres(data, settings=SMALL)) as server:
        process, _ = _owner_and_mode(Path(f"/proc/{server.pid}"))
        assert process != 0
        assert _owner_and_mode(server.socket) == (process, 0o700)
        assert _owner_and_mode(data / "postgres/cluster") == (process, 0o700)
        assert _owner_and_mode(data) == (os.geteuid(), 0o711)


async def test_killed_server_comes_back_and_so_does_the_pool(data: Path) -> None:
    told: asyncio.Queue[str] = asyncio.Queue()
    server = Postgres(data, settings=SMALL, on_trouble=told.put_nowait)
    async with running(server), connected(server) as db, asyncio.timeout(60):
        await keep_42(db)
        before = server.pid
        async with db.reading() as tx:
            os.kill(before, signal.SIGKILL)
            assert "killed" in await told.get()
            assert "killed" in await server.health()
            with pytest.raises(Unavailable):
                await tx.value("SELECT pg_sleep(10)")
        assert await told.get() == ""
        assert server.pid not in (0, before)
        assert await ask(db, "SELECT number FROM kept") == 42
        assert await server.health() == ""
        assert await db.health() == ""


async def test_server_that_cannot_come_back_stays_red_until_it_can(data: Path) -> None:
    told: asyncio.Queue[str] = asyncio.Queue()
    server = Postgres(data, settings=SMALL, on_trouble=told.put_nowait, retry_limit=0.1)
    version = data / "postgres/cluster/PG_VERSION"
    async with running(server), asyncio.timeout(60):
        kept = version.read_bytes()
        version.unlink()
        os.kill(server.pid, signal.SIGKILL)
        assert "killed" in await told.get()
        assert "is not a database cluster directory" in await told.get()
        assert "is not a database cluster directory" in await server.health()
        version.write_bytes(kept)
        while await told.get():
            pass
        assert await server.health() == ""


async def program(data: Path) -> tuple[asyncio.subprocess.Process, int]:
    """A run of the program in a process of its own; answers it and its server's number."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, str(data), stdout=asyncio.subprocess.PIPE, env={"PYTHONPATH": os.getcwd()}
    )
    assert process.stdout is not None
    return process, int(await asyncio.wait_for(process.stdout.readline(), 60))


async def test_server_of_a_killed_program_is_taken_over(data: Path) -> None:
    process, pid = await program(data)
    process.kill()
    await process.wait()
    async with running(Postgres(data)) as later, connected(later) as db:
        assert later.pid == pid
        assert await ask(db, "SELECT 42") == 42


async def test_program_and_server_killed_together(data: Path) -> None:
    process, pid = await program(data)
    process.kill()
    os.kill(pid, signal.SIGKILL)
    await process.wait()
    async with running(Postgres(data)) as later:
        assert later.pid != pid
        assert await later.health() == ""


async def test_number_of_the_server_belongs_to_another_process_now(data: Path) -> None:
    async with running(Postgres(data, settings=SMALL)):
        pass
    cluster = data / "postgres/cluster"
    owner, _ = _owner_and_mode(cluster)
    stranger = await asyncio.create_subprocess_exec("/bin/sleep", "600", preexec_fn=lambda: os.setuid(owner))
    (cluster / "postmaster.pid").write_text(f"{stranger.pid}\n{cluster}\n1\n5432\n\n\n\n")
    try:
        async with running(Postgres(data, settings=SMALL)) as later:
            assert later.pid != stranger.pid
            assert await later.health() == ""
        assert stranger.returncode is None
    finally:
        stranger.kill()
        await stranger.wait()


async def test_frozen_server_is_red(data: Path) -> None:
    async with running(Postgres(data, settings=SMALL, answer_limit=0.5)) as server:
        os.kill(server.pid, signal.SIGSTOP)
        try:
            assert "does not answer" in await server.health()
        finally:
            os.kill(server.pid, signal.SIGCONT)
        assert await server.health() == ""


async def test_interrupted_first_start(data: Path) -> None:
    half = data / "postgres/cluster.new/base"
    half.mkdir(parents=True)
    async with running(Postgres(data, settings=SMALL)) as server:
        assert await server.health() == ""
    assert not half.exists()


async def test_deep_folder_has_its_socket_elsewhere(data: Path) -> None:
    server = Postgres(data / ("deep" * 20) / ("folder" * 10), settings=SMALL)
    async with running(server):
        assert await server.health() == ""
        assert data not in server.socket.parents
    server.socket.rmdir()


async def test_socket_folder_of_somebody_else_is_refused(data: Path) -> None:
    server = Postgres(data / ("deep" * 20) / ("folder" * 10), settings=SMALL)
    server.socket.symlink_to("/tmp")
    try:
        with pytest.raises(PostgresFailed, match="belongs to somebody else"):
            await server.start()
    finally:
        server.socket.unlink()


async def test_bad_setting_is_told_in_one_sentence(data: Path) -> None:
    server = Postgres(data, settings={"max_connections": "many"}, retry_limit=0.1)
    with pytest.raises(PostgresFailed, match=r"configuration file .* contains errors"):
        await server.start()


async def test_cluster_of_another_major_version(data: Path) -> None:
    async with running(Postgres(data, settings=SMALL)):
        pass
    (data / "postgres/cluster/PG_VERSION").write_text("9\n")
    with pytest.raises(PostgresFailed, match="belongs to PostgreSQL 9, but only"):
        await Postgres(data).start()


def test_no_binaries(tmp_path: Path) -> None:
    with pytest.raises(PostgresFailed, match="install"):
        find_binaries(tmp_path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to change the account")
async def test_closed_parent(data: Path) -> None:
    closed = data / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(PostgresFailed, match=f"may not enter {closed}: choose another data"):
        await Postgres(closed / "data").start()
    check_reachable(closed, None, "our own account needs no check")
