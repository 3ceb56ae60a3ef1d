"""The disk of the files is full: uploads are refused with a sentence, nothing is left over, all else goes on."""

import asyncio
import io
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.harness.client import trust_anything
from tests.harness.load import Load
from tests.harness.server import SpawnedServer, folder
from tests.harness.web import complaints

ROOM = 12_000_000
"""Bytes of the disk."""


@pytest.fixture
def disk() -> Iterator[Path]:
    """A small disk of its own; without the right to mount one, the test says so."""
    place = folder()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(place)]
    done = subprocess.run(mount, capture_output=True, text=True)
    if done.returncode:
        shutil.rmtree(place)
        pytest.skip(f"a disk that can be filled needs the right to mount: {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", place], check=True)
    shutil.rmtree(place)


@pytest.fixture
async def load(spawned_server: SpawnedServer, disk: Path) -> Load:
    config = spawned_server.data / "etc"
    config.mkdir()
    (config / "server.toml").write_text(f'[files.options]\nfolder = "{disk}"\n')
    await spawned_server.start("--modules", "server,web_client")
    control = spawned_server.data / "run" / "control.sock"
    return await Load.begin(control, spawned_server.url("websocket"), pairs=1)


class Uploader:
    """Sends files as one person."""

    def __init__(self, server: SpawnedServer, token: str) -> None:
        self._url = server.url("https") + "/messages"
        self._web = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=trust_anything()),
            headers={"authorization": f"Bearer {token}", "accept": "application/json"},
        )

    async def __aenter__(self) -> "Uploader":
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._web.close()

    async def form(self, content: bytes) -> tuple[int, Any]:
        """One form with one file."""
        form = aiohttp.FormData()
        form.add_field("file", io.BytesIO(content), filename="a.bin")
        async with self._web.post(f"{self._url}/data", data=form) as response:
            return response.status, await response.json()

    async def begin(self, size: int) -> str:
        """Begin a resumable upload."""
        async with self._web.post(f"{self._url}/uploads", json={"name": "b.bin", "size": size}) as response:
            assert response.status == 201
            return str((await response.json())["upload"])

    async def piece(self, upload: str, offset: int, content: bytes) -> tuple[int, Any]:
        """A piece of it."""
        headers = {"upload-offset": str(offset)}
        async with self._web.patch(
            f"{self._url}/uploads/{upload}", data=io.BytesIO(content), headers=headers
        ) as response:
            return response.status, await response.json()

    async def get(self, name: str) -> bytes:
        """The bytes of a file."""
        async with self._web.get(f"{self._url}/data/{name}") as response:
            assert response.status == 200
            return await response.read()


def kept(disk: Path) -> set[str]:
    """The files on the disk."""
    return {path.name for path in disk.rglob("*") if path.is_file()}


def check_refused(answer: tuple[int, Any], disk: Path) -> None:
    status, body = answer
    assert (status, body["error"]) == (507, "no-space")
    assert body["text"].endswith(".")
    assert str(disk) not in body["text"], "paths of the server are nobody's business"


async def test_full(spawned_server: SpawnedServer, load: Load, disk: Path) -> None:
    small = b"s" * 100_000
    async with Uploader(spawned_server, load.writers[0].token) as uploader:
        status, first = await uploader.form(small)
        assert status == 201
        upload = await uploader.begin(2_000_000)
        assert (await uploader.piece(upload, 0, small))[0] == 200
        before = kept(disk)
        filler = disk / "filler"
        with pytest.raises(OSError, match="No space"):
            filler.write_bytes(b"f" * ROOM)
        # Room for the beginning of each, not for all of it; several at once.
        os.truncate(filler, filler.stat().st_size - 200_000)
        answers = await asyncio.gather(
            uploader.form(b"x" * 1_000_000),
            uploader.form(b"x" * 1_000_000),
            uploader.piece(upload, len(small), b"y" * 1_900_000),
        )
        for answer in answers:
            check_refused(answer, disk)
        assert kept(disk) == before | {"filler"}
        assert await uploader.get(first["file"]) == small
        async with load.running():
            await load.acknowledged(20)
        filler.unlink()
        assert (await uploader.form(b"x" * 1_000_000))[0] == 201
        status, whole = await uploader.piece(upload, len(small), b"y" * 1_900_000)
        assert status == 201, whole
        assert await uploader.get(whole["file"]) == small + b"y" * 1_900_000
    await load.verify()
    assert await spawned_server.stop() == 0
    assert complaints(spawned_server) == []
