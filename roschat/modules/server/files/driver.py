"""The extension point of file storage: a place that keeps streams of bytes under names.

A driver is a folder in `drivers/` with a `driver.py` that has `connect`. The server chooses the names (letters and
digits, at least 16, never used twice), limits sizes and remembers who may see what; a driver keeps bytes and nothing
else. Every driver passes `tests/contract/test_file_store.py`.
"""

import importlib
import importlib.util
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Protocol, cast

from roschat.kernel.errors import Invalid, Unavailable

CHUNK = 262_144
"""Bytes that are read from a store at a time."""


class StorageFull(Unavailable):
    """There is no room; nothing was kept."""

    code = "no-space"


class FileStore(Protocol):
    """Keeps files. Every method raises Unavailable when the place is away; an operation then has changed nothing."""

    async def put(self, name: str, chunks: AsyncIterator[bytes]) -> int:
        """Keep a new file and answer its size; when it returns, the bytes survive a power cut.

        An error of `chunks` comes through, and nothing is kept. Raises StorageFull.
        """

    def open(self, name: str, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from `start`, to the end or `length` of them. The first step raises NotFound when not kept."""

    async def delete(self, name: str) -> None:
        """Forget a file; an unknown name is no error."""

    async def exists(self, name: str) -> bool:
        """Whether there is a complete file under this name."""

    async def check(self) -> None:
        """Raise Unavailable with the cause when files could not be kept now. Answers within 5 seconds."""

    async def close(self) -> None:
        """Let go of connections."""


class Driver(Protocol):
    """What `drivers/<name>/driver.py` holds."""

    async def connect(self, options: dict[str, Any], folder: Path) -> FileStore:
        """Open the store with its options; `folder` is where this host may keep files. Raises Invalid, Unavailable."""


async def connect(driver: str, options: dict[str, Any], folder: Path) -> FileStore:
    """Open the store of a driver by the driver's folder name. Raises Invalid for a driver that there is not."""
    package = f"{__package__}.drivers"
    if not driver.isidentifier() or importlib.util.find_spec(f"{package}.{driver}") is None:
        raise Invalid(f"There is no file store driver {driver!r}; use the name of a folder in files/drivers.")
    module = cast(Driver, importlib.import_module(f"{package}.{driver}.driver"))
    return await module.connect(options, folder)
