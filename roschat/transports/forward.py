"""One HTTP request handed on to another process, and its answer on the way back, both streamed.

The other end is our own `transports/http.py` on a Unix socket, so this speaks exactly what that understands: a
connection for each request, a body only after `100 Continue` (so that a refused body never travels, RFC 9110 section
10.1.1), and the client's address in X-Forwarded-For, which is believed there because the socket is ours alone.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from roschat.kernel.errors import Unavailable
from roschat.kernel.http import Request, Response
from roschat.kernel.unix_path import reachable

log = logging.getLogger(__name__)

CONNECT = 5.0
ANSWER = 300.0
"""Seconds until the head of an answer; long polls take their time."""
CHUNK = 65_536
NO_BODY = (204, 304)

HOP = frozenset(
    [
        *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer"),
        *("transfer-encoding", "upgrade", "expect", "content-length", "host", "forwarded"),
    ]
)
"""Headers of one connection (RFC 9110 section 7.6.1) and those that are written anew."""

Headers = list[tuple[str, str]]


async def forward(request: Request, address: str) -> Response:
    """The answer of the process at a Unix socket. Raises Unavailable when it is away or breaks off."""
    # When the client is gone our connection closes, and the other end decides what that means.
    request.ends_with_client = True
    reader, writer = await _connected(address)
    try:
        async with asyncio.timeout(ANSWER):
            writer.write(_head(request))
            status, headers = await _answered(request, reader, writer)
        return _response(request, status, headers, reader, writer)
    except TimeoutError:
        writer.close()
        raise Unavailable(f"{request.path!r} was not answered within {ANSWER:g} s; try again.") from None
    except (OSError, EOFError, ValueError) as error:
        # IncompleteReadError is an EOFError, LimitOverrunError a ValueError in all but name.
        writer.close()
        raise Unavailable(f"The process that serves {request.path!r} broke off ({error}); try again.") from None
    except BaseException:
        writer.close()
        raise


def forwarded_headers(request: Request) -> Headers:
    """What the other process must know of the client."""
    return [
        ("x-forwarded-for", request.address),
        ("x-forwarded-proto", "https" if request.secure else "http"),
        ("x-forwarded-host", request.host),
    ]


async def _connected(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    try:
        async with asyncio.timeout(CONNECT):
            with reachable(Path(address)) as path:
                return await asyncio.open_unix_connection(path, limit=CHUNK)
    except (OSError, TimeoutError):
        raise Unavailable("The process that serves this is not running; try again in a moment.") from None


def _head(request: Request) -> bytes:
    target = f"{request.path}?{request.query_string}" if request.query_string else request.path
    lines = [f"{request.method} {target} HTTP/1.1", f"host: {request.host or 'localhost'}", "connection: close"]
    kept = [
        (name, value)
        for name, value in request.headers.items()
        if name not in HOP and not name.startswith("x-forwarded-")
    ]
    lines += [f"{name}: {value}" for name, value in [*kept, *forwarded_headers(request)]]
    if _has_body(request):
        size = "transfer-encoding: chunked" if request.length is None else f"content-length: {request.length}"
        lines += [size, "expect: 100-continue"]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _has_body(request: Request) -> bool:
    return bool(request.length) or "transfer-encoding" in request.headers


async def _answered(
    request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> tuple[int, Headers]:
    """The head of the answer; the body of the request goes while it is waited for."""
    sending: asyncio.Task[None] | None = None
    answer = asyncio.ensure_future(_read_head(reader))
    try:
        while True:
            await asyncio.wait({answer} if sending is None else {answer, sending}, return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                assert sending is not None
                await sending  # Raises when the body is not what it should be; else the answer will come.
                await asyncio.wait({answer})
            status, headers = await answer
            if status != 100:
                return status, headers
            sending = asyncio.ensure_future(_send_body(request, writer))
            answer = asyncio.ensure_future(_read_head(reader))
    finally:
        for task in (answer, sending):
            if task is not None and not task.done():
                task.cancel()
        await asyncio.gather(*(task for task in (answer, sending) if task is not None), return_exceptions=True)


async def _send_body(request: Request, writer: asyncio.StreamWriter) -> None:
    chunked = request.length is None
    async for chunk in request.chunks():
        try:
            writer.write(b"%x\r\n%s\r\n" % (len(chunk), chunk) if chunked else chunk)
            await writer.drain()
        except OSError:
            return  # It has answered and closed; what it said is read.
    if chunked:
        writer.write(b"0\r\n\r\n")


async def _read_head(reader: asyncio.StreamReader) -> tuple[int, Headers]:
    try:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    except asyncio.LimitOverrunError as error:
        raise ValueError(str(error)) from None
    headers = []
    for line in filter(None, lines[1:]):
        name, _, value = line.partition(":")
        headers.append((name.strip().lower(), value.strip()))
    return int(lines[0].split(" ", 2)[1]), headers


def _response(
    request: Request, status: int, headers: Headers, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> Response:
    values = dict(headers)
    length = int(values["content-length"]) if "content-length" in values else None
    empty = request.method == "HEAD" or status in NO_BODY
    body = Incoming(reader, writer, 0 if empty else length, chunked=not empty and "chunked" in _coding(headers))
    kept = {name: value for name, value in headers if name not in HOP and name not in ("set-cookie", "date")}
    cookies = tuple(value for name, value in headers if name == "set-cookie")
    return Response(status, body, kept, length=length, cookies=cookies)


def _coding(headers: Iterable[tuple[str, str]]) -> str:
    return next((value.lower() for name, value in headers if name == "transfer-encoding"), "")


class Incoming(AsyncIterator[bytes]):
    """The body of an answer; `aclose` ends the connection, whether or not anybody has read."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, length: int | None, *, chunked: bool
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._left = length
        """Bytes to come of the body, or of its chunk; None: up to the end of the connection."""
        self._chunked = chunked
        if chunked:
            self._left = 0

    async def __anext__(self) -> bytes:
        if self._chunked and not self._left:
            # Between two chunks; the line break behind the last one was read with it.
            self._left = int((await self._reader.readuntil(b"\r\n")).partition(b";")[0], 16)
        if self._left == 0:
            await self.aclose()
            raise StopAsyncIteration
        data = await self._reader.read(CHUNK if self._left is None else min(CHUNK, self._left))
        if not data:
            await self.aclose()
            if self._left is None:
                raise StopAsyncIteration
            raise EOFError(f"{self._left} bytes of the body did not come")
        if self._left is not None:
            self._left -= len(data)
            if self._chunked and not self._left:
                await self._reader.readexactly(2)
        return data

    async def aclose(self) -> None:
        """Hang up."""
        self._writer.close()
