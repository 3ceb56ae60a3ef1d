"""What every file store keeps: run against a folder of this host and against an S3 service."""

import asyncio
import os
import re
import resource
import signal
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from secrets import token_hex
from threading import Thread

import boto3
import pytest

from roschat.kernel.errors import Invalid, NotFound, Unavailable
from roschat.modules.server.files.driver import FileStore, StorageFull, connect


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The address of an S3 service in a process of its own, with a bucket `files`."""
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stderr is not None
        lines = (re.search(rb"http://127\.0\.0\.1:\d+", line) for line in process.stderr)
        address = next((found.group().decode() for found in lines if found), "")
        assert address, "the S3 service ended"
        reader = Thread(target=process.stderr.read)  # a full pipe would stop the service
        reader.start()
        client = boto3.client(
            "s3", endpoint_url=address, region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="s"
        )
        client.create_bucket(Bucket="files")
        client.close()
        yield address
        process.terminate()
        reader.join()


def options(address: str, **more: object) -> dict[str, object]:
    return {"bucket": "files", "endpoint": address, "access_key": "k", "secret_key": "s", **more}


@pytest.fixture(params=["local", "s3"])
async def files(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[FileStore]:
    if request.param == "s3":
        store = await connect("s3", options(request.getfixturevalue("s3"), prefix=f"{token_hex(4)}/"), tmp_path)
    else:
        store = await connect("local", {}, tmp_path / "files")
    yield store
    await store.close()


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def content(store: FileStore, name: str, start: int = 0, length: int | None = None) -> bytes:
    return b"".join([chunk async for chunk in store.open(name, start, length)])


async def test_keeps_what_it_is_given(files: FileStore) -> None:
    name = token_hex(16)
    assert not await files.exists(name)
    assert await files.put(name, pieces(b"one ", b"", b"two")) == 7
    assert await files.exists(name)
    assert await content(files, name) == b"one two"


async def test_an_empty_file_is_a_file(files: FileStore) -> None:
    name = token_hex(16)
    assert await files.put(name, pieces()) == 0
    assert await files.exists(name)
    assert await content(files, name) == b""


async def test_a_file_of_several_parts(files: FileStore) -> None:
    name = token_hex(16)
    block = bytes(range(256)) * 4096  # 1 MiB
    assert await files.put(name, pieces(*[block] * 17, b"end")) == 17 * len(block) + 3
    assert await content(files, name, 16 * len(block) + 5) == block[5:] + b"end"
    assert await content(files, name, 8 * len(block) - 2, 4) == block[-2:] + block[:2]


async def test_a_file_of_exactly_one_part(files: FileStore) -> None:
    name = token_hex(16)
    assert await files.put(name, pieces(b"x" * 8_388_608)) == 8_388_608
    assert await content(files, name, 8_388_600) == b"x" * 8


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [(0, None, b"0123456789"), (3, None, b"3456789"), (3, 4, b"3456"), (9, 1, b"9"), (8, 100, b"89"), (0, 0, b"")],
)
async def test_ranges(files: FileStore, start: int, length: int | None, expected: bytes) -> None:
    name = token_hex(16)
    await files.put(name, pieces(b"0123456789"))
    assert await content(files, name, start, length) == expected


async def test_an_unknown_name_is_not_found(files: FileStore) -> None:
    with pytest.raises(NotFound):
        await content(files, token_hex(16))
    await files.delete(token_hex(16))


async def test_a_deleted_file_is_gone(files: FileStore) -> None:
    name = token_hex(16)
    await files.put(name, pieces(b"x"))
    await files.delete(name)
    assert not await files.exists(name)
    with pytest.raises(NotFound):
        await content(files, name)


@pytest.mark.parametrize("before", [10, 9_000_000])
async def test_a_broken_stream_keeps_nothing(files: FileStore, before: int) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * before
        raise ConnectionResetError("gone")

    name = token_hex(16)
    with pytest.raises(ConnectionResetError):
        await files.put(name, broken())
    assert not await files.exists(name)


async def test_a_cancelled_put_keeps_nothing(files: FileStore) -> None:
    started = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        yield b"x"
        started.set()
        await asyncio.Event().wait()

    name = token_hex(16)
    task = asyncio.create_task(files.put(name, endless()))
    await asyncio.wait_for(started.wait(), 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not await files.exists(name)


async def test_many_at_once(files: FileStore) -> None:
    names = [token_hex(16) for _ in range(12)]
    await asyncio.gather(*(files.put(name, pieces(name.encode())) for name in names))
    assert await asyncio.gather(*(content(files, name) for name in names)) == [name.encode() for name in names]


async def test_a_reader_may_stop_early(files: FileStore) -> None:
    name = token_hex(16)
    await files.put(name, pieces(b"x" * 1_000_000))
    reader = files.open(name)
    assert await anext(reader)
    await reader.aclose()  # type: ignore[attr-defined]


async def test_it_is_well(files: FileStore) -> None:
    await files.check()


async def test_a_driver_that_there_is_not(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="'tape'"):
        await connect("tape", {}, tmp_path)
    with pytest.raises(Invalid, match="options"):
        await connect("local", {"fodler": "x"}, tmp_path)
    with pytest.raises(Invalid, match="options"):
        await connect("s3", {}, tmp_path)


# What only a folder has.


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


async def test_files_of_a_folder_are_private_and_fanned_out(tmp_path: Path) -> None:
    store = await connect("local", {}, tmp_path)
    name = token_hex(16)
    await store.put(name, pieces(b"x"))
    path = tmp_path / name[:2] / name[2:4] / name
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["../../../etc/passwd", "..", "a/b" * 8, ".abcdefabcdefabcdef", "", "имя" * 10])
async def test_names_cannot_leave_the_folder(tmp_path: Path, name: str) -> None:
    store = await connect("local", {}, tmp_path / "files")
    with pytest.raises(NotFound):
        await store.put(name, pieces(b"x"))
    with pytest.raises(NotFound):
        await content(store, name)


async def test_a_start_clears_what_a_crash_left(tmp_path: Path) -> None:
    unfinished = tmp_path / "ab" / "cd" / ".abcdefabcdefabcd"
    unfinished.parent.mkdir(parents=True)
    unfinished.write_bytes(b"half")
    await connect("local", {}, tmp_path)
    assert leftovers(tmp_path) == []


@pytest.fixture
def small_files() -> Iterator[Callable[[int], None]]:
    """Lets no file of this process grow over a size, as a full disk would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    previous = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, previous)


async def test_a_full_disk_keeps_nothing_and_says_so(tmp_path: Path, small_files: Callable[[int], None]) -> None:
    store = await connect("local", {}, tmp_path)
    name = token_hex(16)
    small_files(100_000)
    with pytest.raises(StorageFull, match="no room") as caught:
        await store.put(name, pieces(b"x" * 60_000, b"x" * 60_000))
    assert caught.value.code == "no-space"
    assert leftovers(tmp_path) == []
    assert await store.put(name, pieces(b"x" * 60_000)) == 60_000


# What only a service has.


async def test_a_service_that_is_away(tmp_path: Path) -> None:
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    with pytest.raises(Unavailable, match="files"):
        await connect("s3", options(f"http://127.0.0.1:{port}", timeout=1), tmp_path)


async def test_a_service_that_talks_nonsense(tmp_path: Path) -> None:
    async def nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 418 no\r\ncontent-length: 5\r\nconnection: close\r\n\r\n<oops")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(nonsense, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        with pytest.raises(Unavailable, match="files"):
            await connect("s3", options(f"http://127.0.0.1:{port}", timeout=1), tmp_path)


async def test_a_service_that_does_not_answer(tmp_path: Path) -> None:
    silent = asyncio.Event()

    async def wait(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await silent.wait()
        writer.close()

    server = await asyncio.start_server(wait, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        with pytest.raises(Unavailable, match="files"):
            await connect("s3", options(f"http://127.0.0.1:{port}", timeout=0.2), tmp_path)
        silent.set()


async def test_a_bucket_that_there_is_not(s3: str, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="'nowhere'"):
        await connect("s3", options(s3, bucket="nowhere"), tmp_path)
