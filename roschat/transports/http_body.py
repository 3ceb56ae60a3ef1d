"""Bodies of HTTP messages: a request's on its way from socket to handler, a response's from disk to socket."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, BinaryIO

from roschat.kernel.errors import Invalid
from roschat.kernel.http import Response

READ_AHEAD = 262_144
"""Bytes of a request's body that wait for their reader before the client is slowed down."""
CHUNK = 262_144
"""Bytes of a file that are read at once."""


class Source:
    """The body of a request between the socket and the handler."""

    def __init__(self, pause: Callable[[], None], resume: Callable[[], None], wanted: Callable[[], None]) -> None:
        self._chunks: deque[bytes] = deque()
        self._size = 0
        self._pause = pause
        self._resume = resume
        self._wanted = wanted
        self._paused = False
        self._more: asyncio.Future[None] | None = None
        self.complete = False
        self._lost = False

    def put(self, data: bytes) -> None:
        """Bytes came."""
        self._chunks.append(data)
        self._size += len(data)
        if self._size > READ_AHEAD and not self._paused:
            self._paused = True
            self._pause()
        self._wake()

    def end(self) -> None:
        """The body is complete."""
        self.complete = True
        self._wake()

    def lose(self) -> None:
        """The connection broke."""
        self._lost = True
        self._wake()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self._wanted()
        while True:
            while self._chunks:
                chunk = self._chunks.popleft()
                self._size -= len(chunk)
                yield chunk
            if self.complete:
                return
            if self._lost:
                raise Invalid("The connection was lost before the whole body had come; send it again.")
            if self._paused:
                self._paused = False
                self._resume()
            self._more = asyncio.get_running_loop().create_future()
            await self._more

    def _wake(self) -> None:
        if self._more is not None and not self._more.done():
            self._more.set_result(None)


def size_of(response: Response) -> int | None:
    """Bytes of the body when they are known beforehand."""
    body = response.body
    if isinstance(body, bytes):
        return len(body)
    if response.length is not None:
        return response.length
    return max(0, body.stat().st_size - response.start) if isinstance(body, Path) else None


async def file_chunks(path: Path, start: int, length: int) -> AsyncIterator[bytes]:
    """A part of a file, read in a thread: a slow disk must not stop the loop."""
    file = await _opened(path)
    try:
        if start:
            file.seek(start)
        while length > 0:
            data = await asyncio.to_thread(file.read, min(CHUNK, length))
            if not data:
                raise OSError(f"{path.name} became shorter while it was sent")
            length -= len(data)
            yield data
    finally:
        file.close()


async def _opened(path: Path) -> BinaryIO:
    """Open a file in a thread; who is cancelled meanwhile leaves nothing open behind."""
    opening = asyncio.ensure_future(asyncio.to_thread(path.open, "rb"))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        opening.add_done_callback(_close_opened)
        raise


def _close_opened(opening: "asyncio.Future[Any]") -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()


async def close_chunks(chunks: AsyncIterator[bytes]) -> None:
    """Let a generator run its `finally` now."""
    close = getattr(chunks, "aclose", None)
    if close is not None:
        await close()
