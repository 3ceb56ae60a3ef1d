"""The tar format as far as backups need it (POSIX ustar with GNU's long names), written and read as a stream.

Written so that every `tar` can unpack it. The reader is for files from anywhere: it takes regular files alone, holds
one block at a time, and trusts neither a name nor a size.
"""

import tarfile
from collections.abc import Callable
from typing import Protocol

from roschat.modules.db.seal import Damaged

BLOCK = 512
RECORD = 20 * BLOCK
"""Other programs fill the last record with empty blocks."""
PIECE = 1_048_576
LONGEST_NAME = 4096


class Source(Protocol):
    """What is read from; fewer bytes than asked for come only at the end."""

    def read(self, size: int, /) -> bytes: ...  # noqa: D102


class Target(Protocol):
    """What is written to."""

    def write(self, data: bytes, /) -> object: ...  # noqa: D102


class Writer:
    """Puts one member after the other into `target`; all are dated `time`."""

    def __init__(self, target: Target, time: int) -> None:
        self._target = target
        self._time = time

    def add(self, name: str, size: int, content: Source, taken: Callable[[bytes], None]) -> None:
        """One file of exactly `size` bytes: a content that ends earlier is filled with zeros, a longer one is cut."""
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, 0o600, self._time
        self._target.write(info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape"))
        left = size
        while left:
            piece = content.read(min(PIECE, left))
            if not piece:
                piece = bytes(min(PIECE, left))
            self._target.write(piece)
            taken(piece)
            left -= len(piece)
        self._target.write(bytes(-size % BLOCK))

    def end(self) -> None:
        """The two empty blocks."""
        self._target.write(bytes(2 * BLOCK))


class Reader:
    """Members of `source` in their order: `next()`, then `read()` until it is empty."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._left = 0
        self._padding = 0

    def next(self) -> tuple[str, int] | None:
        """Name and size of the next file, or None at the end. Raises Damaged."""
        while self._left:
            self.read()
        self._exactly(self._padding)
        self._padding = 0
        name = ""
        while True:
            block = self._exactly(BLOCK)
            if block.count(0) == BLOCK:
                self._end()
                return None
            info = _head(block)
            if info.type == tarfile.GNUTYPE_LONGNAME and not name:
                if not 0 < info.size <= LONGEST_NAME:
                    raise Damaged(f"The archive holds a name of {info.size} bytes; the longest is {LONGEST_NAME}.")
                raw = self._exactly(info.size + -info.size % BLOCK)[: info.size]
                name = raw.rstrip(b"\0").decode("utf-8", "surrogateescape")
                continue
            if info.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or info.size < 0:
                raise Damaged(f"{name or info.name!r} in the archive is no regular file; backups hold nothing else.")
            self._left, self._padding = info.size, -info.size % BLOCK
            return name or info.name, info.size

    def read(self) -> bytes:
        """The next piece of the current member; empty at its end. Raises Damaged."""
        piece = self._exactly(min(PIECE, self._left))
        self._left -= len(piece)
        return piece

    def _end(self) -> None:
        padding = self._exactly(BLOCK)
        while piece := self._source.read(RECORD):
            padding += piece
            if len(padding) > RECORD:
                break
        if len(padding) > RECORD or padding.count(0) != len(padding):
            raise Damaged("The archive goes on behind its end; it was tampered with or joined from two.")

    def _exactly(self, size: int) -> bytes:
        parts: list[bytes] = []
        missing = size
        while missing:
            part = self._source.read(missing)
            if not part:
                raise Damaged("The archive ends too early: it was cut off.")
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)


def _head(block: bytes) -> tarfile.TarInfo:
    try:
        return tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except (tarfile.TarError, ValueError) as error:
        raise Damaged(f"The archive is no backup or is damaged: {error}.") from None
