"""Files in a folder of this host: `<folder>/ab/cd/abcd…`, mode 0600.

A file is written beside its place under a name with a dot, flushed to the disk, and renamed, so a name either has all
of its bytes or is not there. What a crash leaves behind begins with a dot and is cleared at the next start.
"""

import asyncio
import errno
import logging
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from roschat.kernel.errors import Invalid, NotFound, Unavailable
from roschat.modules.server.files.driver import CHUNK, FileStore, StorageFull

log = logging.getLogger(__name__)

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`folder`: where to keep the files when not in the data folder."""

    folder: str = ""


async def connect(options: dict[str, Any], folder: Path) -> FileStore:
    """Open the folder, making it when it is not there."""
    try:
        wanted = msgspec.convert(options, Options).folder
    except msgspec.ValidationError as error:
        raise Invalid(f"The options of the local file store are wrong: {error}.") from error
    store = FolderStore(Path(wanted) if wanted else folder)
    await asyncio.to_thread(store.prepare)
    return store


class FolderStore:
    """See the module docstring. Blocking calls run in threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def prepare(self) -> None:
        """Make the folder and clear unfinished files of an earlier run."""
        with _spoken(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for leftover in self._folder.glob("*/*/.*"):
                leftover.unlink(missing_ok=True)

    async def put(self, name: str, chunks: AsyncIterator[bytes]) -> int:
        """See FileStore."""
        path = self._path(name)
        unfinished = path.with_name(f".{name}")
        with _spoken(self._folder):
            out = await asyncio.to_thread(_create, unfinished)
            size = 0
            try:
                async for chunk in chunks:
                    await asyncio.to_thread(_write, out, chunk)
                    size += len(chunk)
                await asyncio.to_thread(_finish, out, unfinished, path)
            except BaseException:
                # Not awaited: a cancelled upload must clean up too. Closing and unlinking do not wait for the disk.
                with suppress(OSError):
                    out.close()
                unfinished.unlink(missing_ok=True)
                raise
        return size

    async def open(self, name: str, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        """See FileStore."""
        with _spoken(self._folder):
            try:
                file = await asyncio.to_thread(self._path(name).open, "rb")
            except FileNotFoundError:
                raise NotFound(f"There is no file {name!r} in the store.") from None
            with file:
                file.seek(start)
                left = length
                while left is None or left > 0:
                    chunk = await asyncio.to_thread(file.read, CHUNK if left is None else min(CHUNK, left))
                    if not chunk:
                        return
                    left = None if left is None else left - len(chunk)
                    yield chunk

    async def delete(self, name: str) -> None:
        """See FileStore."""
        with _spoken(self._folder):
            await asyncio.to_thread(self._path(name).unlink, missing_ok=True)

    async def exists(self, name: str) -> bool:
        """See FileStore."""
        return await asyncio.to_thread(self._path(name).is_file)

    async def check(self) -> None:
        """Whether the folder can be written and has some room."""
        with _spoken(self._folder):
            if not await asyncio.to_thread(os.access, self._folder, os.W_OK):
                raise Unavailable(f"The folder {self._folder} cannot be written; give its owner the right to.")
            room = await asyncio.to_thread(os.statvfs, self._folder)
        if room.f_bavail * room.f_frsize < 16 * 1_048_576:
            raise StorageFull(f"The disk of {self._folder} has less than 16 MiB left; free some room.")

    async def close(self) -> None:
        """Nothing is held."""

    def _path(self, name: str) -> Path:
        if not (name.isascii() and name.isalnum() and len(name) >= 16):
            raise NotFound(f"There is no file {name[:80]!r} in the store.")
        return self._folder / name[:2] / name[2:4] / name


def _create(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb", buffering=0)


def _write(out: BinaryIO, chunk: bytes) -> None:
    view = memoryview(chunk)
    while view:  # an unbuffered write may take less than it is given
        view = view[out.write(view) :]


def _finish(out: BinaryIO, unfinished: Path, path: Path) -> None:
    os.fsync(out.fileno())
    out.close()
    unfinished.rename(path)
    for folder in (path.parent, path.parent.parent, path.parent.parent.parent):
        _sync(folder)


def _sync(folder: Path) -> None:
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(held)
    finally:
        os.close(held)


@contextmanager
def _spoken(folder: Path) -> Iterator[None]:
    """Say in our errors what the disk says; where the folder is stays between the log and the administrator."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            log.warning("there is no room for a file in %s: %s", folder, error.strerror)
            raise StorageFull(
                f"There is no room for the file on the server ({error.strerror}); ask your administrator to free some."
            ) from error
        if isinstance(error, TimeoutError | ConnectionError):
            raise
        log.error("the file store %s does not work: %s", folder, error)
        raise Unavailable(f"The file store does not work ({error.strerror}); the server's log says more.") from error
