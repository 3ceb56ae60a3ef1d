"""The one file in a multipart/form-data body, as it arrives (RFC 7578). Nothing is held beyond one chunk."""

import re
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import unquote, unquote_to_bytes

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from roschat.kernel.errors import Invalid, TooLarge

_EXTENDED = re.compile(r"(?i);\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)")
_UTF8_PERCENTS = re.compile(r"%[C-Fc-f][0-9A-Fa-f]%[89ABab][0-9A-Fa-f]")

OVERHEAD = 65_536
"""Bytes that boundaries, headers and other small fields may add to a file."""


@dataclass(frozen=True)
class Part:
    """A file in a form: the name its sender gave it, and its bytes; they must be read to the end or given up."""

    name: str
    chunks: AsyncIterator[bytes]


class Form:
    """Reads the first part called `field` out of a body and passes over all others."""

    def __init__(self, content_type: str, body: AsyncIterator[bytes], field: str = "file") -> None:
        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary", b"")
        if kind != b"multipart/form-data" or not 0 < len(boundary) <= 70:
            raise Invalid(
                f"The content type is {content_type[:100]!r}; send multipart/form-data with the file in {field!r}."
            )
        self._body = body
        self._field = field.encode()
        self._data: deque[bytes] = deque()
        self._header = (bytearray(), bytearray())
        self._disposition = ""
        self._name: str | None = None
        self._inside = False
        self._done = False
        self._ended = False
        self._other = 0
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._part_begins,
                "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
                "on_header_end": self._header_ends,
                "on_headers_finished": self._headers_finished,
                "on_part_data": self._data_comes,
                "on_part_end": self._part_ends,
                "on_end": self._form_ends,
            },
        )

    async def file(self) -> Part:
        """The file, read up to its first bytes. Raises Invalid when the form has none or is not well-formed."""
        while self._name is None:
            if not await self._feed():
                raise Invalid(f"The form has no file in the field {self._field.decode()!r}.")
        return Part(self._name, self._chunks())

    async def _chunks(self) -> AsyncIterator[bytes]:
        while True:
            while self._data:
                yield self._data.popleft()
            if self._done:
                break
            if not await self._feed():
                raise Invalid("The form ends in the middle of the file; send it again.")
        while await self._feed():  # what follows is read so that the sender can hear the answer
            pass

    async def _feed(self) -> bool:
        chunk = await anext(self._body, None)
        if chunk is None:
            return False
        self._other += len(chunk)
        if not self._ended:
            try:
                self._parser.write(chunk)
            except MultipartParseError as error:
                raise Invalid(f"The form is not well-formed: {error}.") from error
        if self._other > OVERHEAD:
            raise TooLarge(f"The form has more than {OVERHEAD} bytes beside the file; send the file alone.")
        return True

    def _part_begins(self) -> None:
        self._disposition = ""

    def _header_ends(self) -> None:
        field, value = self._header
        if field.lower() == b"content-disposition":
            self._disposition = value.decode("latin-1")
        self._header = (bytearray(), bytearray())

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._inside = self._name is None and options.get(b"name") == self._field
        if self._inside:
            self._name = _told_name(options.get(b"filename", b""), self._disposition)

    def _data_comes(self, data: bytes, start: int, end: int) -> None:
        if self._inside and end > start:
            self._data.append(data[start:end])
            self._other -= end - start

    def _part_ends(self) -> None:
        if self._inside:
            self._inside = False
            self._done = True

    def _form_ends(self) -> None:
        self._ended = True


def _told_name(filename: bytes, disposition: str) -> str:
    """The name of a file as the many kinds of senders write it.

    Browsers write UTF-8 with quotes and line ends as percents, aiohttp writes all beyond ASCII as percents, requests
    wrote `filename*` of RFC 5987, which forms should not have.
    """
    extended = _EXTENDED.search(disposition)
    if not filename and extended:
        return unquote(extended[1], errors="replace")
    name = filename.decode("utf-8", "replace")
    if name.isascii():
        meant = unquote(name, errors="strict") if _UTF8_PERCENTS.search(name) and _is_utf8(name) else name
        if not meant.isascii():
            return meant
    return name.replace("%22", '"').replace("%0D", "").replace("%0A", "")


def _is_utf8(name: str) -> bool:
    try:
        unquote_to_bytes(name).decode()
    except UnicodeDecodeError:
        return False
    return True
