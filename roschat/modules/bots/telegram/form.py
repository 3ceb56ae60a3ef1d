"""A call as it arrives over HTTP: its parameters as strings or JSON values, its files stored while they come.

Taken are the query, urlencoded bodies, JSON bodies and multipart forms, and a body without a content type when it is
empty. In a form a part with a file name is a file; everything else is a parameter. A file is handed on chunk by chunk.
"""

from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from roschat.kernel.http import Request
from roschat.modules.bots.telegram.refusals import Refused
from roschat.modules.server.files.api import FileInfo

MAX_FIELDS = 1_048_576
"""Bytes of all parameters that are not files."""
MAX_FILES = 20

Chunks = AsyncIterator[bytes]
Keep = Callable[[str, Chunks], Awaitable[FileInfo]]
"""Stores a file: its name as sent, its bytes."""


class Call(msgspec.Struct, frozen=True):
    """Parameters by name, and stored files by the name of their part."""

    params: dict[str, Any]
    files: dict[str, FileInfo] = {}


async def read(request: Request, keep: Keep) -> Call:
    """The call in a request; parameters of the body go before those of the query."""
    params: dict[str, Any] = dict(request.query)
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind == b"multipart/form-data":
        call = await _form(options.get(b"boundary", b""), request.chunks(), keep)
        return Call(params | call.params, call.files)
    body = await _body(request)
    return Call(params | plain(kind, body))


def plain(kind: bytes, body: bytes) -> dict[str, Any]:
    """The parameters of a body that is no multipart form."""
    if not body.strip():
        return {}
    if kind == b"application/json":
        try:
            found = msgspec.json.decode(body)
        except msgspec.DecodeError as error:
            raise Refused(f"can't parse JSON: {error}") from None
        if not isinstance(found, dict):
            raise Refused("the JSON body must be an object")
        return {name: value for name, value in found.items() if value is not None}
    if kind in (b"application/x-www-form-urlencoded", b""):
        try:
            return dict(parse_qsl(body.decode(), keep_blank_values=True))
        except ValueError:
            raise Refused("strings must be encoded in UTF-8") from None
    raise Refused(
        f"the content type {kind.decode('latin-1')[:80]!r} is not known; use application/json, "
        "application/x-www-form-urlencoded or multipart/form-data"
    )


async def _body(request: Request) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for chunk in request.chunks():
        size += len(chunk)
        if size > MAX_FIELDS:
            raise Refused(f"the body has more than {MAX_FIELDS} bytes", 413)
        parts.append(chunk)
    return b"".join(parts)


async def _form(boundary: bytes, chunks: AsyncIterator[bytes], keep: Keep) -> Call:
    parts = _Parts(boundary, chunks)
    params: dict[str, Any] = {}
    files: dict[str, FileInfo] = {}
    size = 0
    while (part := await parts.next()) is not None:
        name, file_name = part
        if file_name is not None:
            if len(files) >= MAX_FILES:
                raise Refused(f"the form has more than {MAX_FILES} files", 413)
            files[name] = await keep(file_name or name, parts.content())
            continue
        value = b""
        async for chunk in parts.content():
            value += chunk
            if size + len(value) > MAX_FIELDS:
                raise Refused(f"the parameters have more than {MAX_FIELDS} bytes", 413)
        size += len(value)
        try:
            params[name] = value.decode()
        except UnicodeDecodeError:
            raise Refused("strings must be encoded in UTF-8") from None
    return Call(params, files)


class _Parts:
    """The parts of a form one after the other; the parser pushes, the reader pulls."""

    def __init__(self, boundary: bytes, chunks: AsyncIterator[bytes]) -> None:
        if not 0 < len(boundary) <= 70:
            raise Refused("the multipart form names no boundary")
        self._chunks = chunks
        self._events: deque[tuple[str, bytes] | None] = deque()
        self._header = (bytearray(), bytearray())
        self._disposition = ""
        self._parser = MultipartParser(
            boundary,
            {
                "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
                "on_header_end": self._header_ends,
                "on_headers_finished": self._headers_finished,
                "on_part_data": lambda data, start, end: self._events.append(("data", data[start:end])),
                "on_part_end": lambda: self._events.append(("end", b"")),
                "on_end": lambda: self._events.append(None),
            },
        )

    async def next(self) -> tuple[str, str | None] | None:
        """Name and file name (None: no file) of the next part; None at the end."""
        event = await self._event()
        if event is None:
            async for _ in self._chunks:  # what follows the form is read so that the sender can hear the answer
                pass
            return None
        _, options = parse_options_header(event[1])
        raw = options.get(b"filename")
        name = None if raw is None else raw.decode("utf-8", "replace").replace("%22", '"')
        return options.get(b"name", b"").decode("utf-8", "replace"), name

    async def content(self) -> AsyncIterator[bytes]:
        """The bytes of the part that `next` has named."""
        while (event := await self._event()) is not None and event[0] == "data":
            yield event[1]

    async def _event(self) -> tuple[str, bytes] | None:
        while not self._events:
            chunk = await anext(self._chunks, None)
            if chunk is None:
                raise Refused("the multipart form ends in the middle; send it again")
            try:
                self._parser.write(chunk)
            except MultipartParseError as error:
                raise Refused(f"the multipart form is not well-formed: {error}") from None
        return self._events.popleft()

    def _header_ends(self) -> None:
        field, value = self._header
        if field.lower() == b"content-disposition":
            self._disposition = value.decode("latin-1")
        self._header = (bytearray(), bytearray())

    def _headers_finished(self) -> None:
        self._events.append(("part", self._disposition.encode("latin-1")))
        self._disposition = ""
