"""Files between bots and the files feature: taking them in, naming them, giving their bytes.

No bytes are handled twice: an upload becomes a request to `POST /messages/data` of this very server with the bot's
token, a download one to `GET /messages/data/<name>`, so limits, permissions and ranges are those of files. A `file_id`
is the stored name with a prefix, and a bot can only use what it may see.
"""

import hashlib
import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from roschat.kernel.bus import Bus
from roschat.kernel.errors import NotFound, RoschatError
from roschat.kernel.http import Request, Response, Routes
from roschat.kernel.http_client import HttpClient, public
from roschat.kernel.settings import Live
from roschat.modules.bots.telegram.people import as_bot
from roschat.modules.bots.telegram.refusals import Refused
from roschat.modules.bots.telegram.settings import Settings
from roschat.modules.server.files.api import FileInfo, GetFileInfo, StoreFile
from roschat.types import ContactId, FileName

PREFIX = "RC"
BOUNDARY = "roschat-telegram-7f3b9c2e"
FETCH_TIME = 30.0
_NAME = re.compile(r"[A-Za-z0-9_-]{16,128}")


class Stored(msgspec.Struct, frozen=True):
    """What an error answer of the files feature says."""

    error: str = "unknown"
    text: str = ""


class Media:
    """See the module docstring."""

    def __init__(self, bus: Bus, routes: Routes, client: HttpClient, settings: Live[Settings]) -> None:
        self._bus = bus
        self._routes = routes
        self._client = client
        self._settings = settings

    async def keep(self, token: str, name: str, chunks: AsyncIterator[bytes]) -> FileInfo:
        """Store a file as the bot with this token. Raises the refusal of the files feature."""
        headers = {
            "authorization": f"Bot {token}",
            "content-type": f"multipart/form-data; boundary={BOUNDARY}",
            "accept": "application/json",
        }
        answer = await self._routes.answer(
            Request("POST", "/messages/data", headers=headers, source=_form(name, chunks))
        )
        return msgspec.json.decode(_content(answer), type=FileInfo)

    async def keep_whole(self, bot: ContactId, name: str, chunks: AsyncIterator[bytes]) -> FileInfo:
        """Store a file that is in memory already, for a bot whose token is not at hand."""
        content = b"".join([chunk async for chunk in chunks])
        return await self._bus.call(StoreFile(bot, name, content))

    async def find(self, bot: ContactId, value: Any, files: dict[str, FileInfo], field: str) -> FileInfo:
        """The file that a media field means: a part of the form, `attach://part`, a file_id or an address."""
        if isinstance(value, str) and value.startswith("attach://"):
            field = value.removeprefix("attach://")
            if field not in files:
                raise Refused(f"the form has no file in the part {field[:80]!r}")
            return files[field]
        if value in (None, "") and field in files:
            return files[field]
        if not isinstance(value, str) or not value:
            raise Refused(f"there is no {field} in the request")
        if value.lower().startswith(("http://", "https://")):
            return await self._fetch(bot, value)
        return await self.info(bot, value)

    async def info(self, bot: ContactId, file_id: str) -> FileInfo:
        """Facts of a file by its file_id."""
        name = file_id.removeprefix(PREFIX)
        if name == file_id or not _NAME.fullmatch(name):
            raise Refused("wrong file identifier/HTTP URL specified")
        try:
            return await self._bus.call(GetFileInfo(FileName(name)), as_bot(bot))
        except NotFound:
            raise Refused("wrong file_id or the file is temporarily unavailable") from None

    async def download(self, token: str, path: str, request: Request) -> Response:
        """The bytes behind a `file_path`, ranges too."""
        name = path.removeprefix("files/").partition(".")[0]
        if not path.startswith("files/") or not _NAME.fullmatch(name):
            raise Refused("", 404)
        passed = ("range", "if-range", "if-none-match")
        headers = {key: request.headers[key] for key in passed if key in request.headers}
        headers["authorization"] = f"Bot {token}"
        answer = await self._routes.answer(Request(request.method, f"/messages/data/{name}", headers=headers))
        if answer.status == 404:
            raise Refused("", 404)
        if answer.status >= 400:
            _content(answer)
        return answer

    async def content(self, token: str, info: FileInfo, limit: int) -> bytes:
        """The bytes of a small file."""
        if info.size > limit:
            raise Refused(f"the file has {info.size} bytes, the limit is {limit}", 413)
        answer = await self._routes.answer(
            Request("GET", f"/messages/data/{info.file}", headers={"authorization": f"Bot {token}"})
        )
        if isinstance(answer.body, AsyncIterator):
            return b"".join([chunk async for chunk in answer.body])
        return _content(answer)

    async def _fetch(self, bot: ContactId, url: str) -> FileInfo:
        settings = self._settings.value
        if not settings.outside_urls:
            raise Refused(
                "this server does not fetch files by address (setting bots.telegram.outside_urls); upload the file"
            )
        try:
            answer = await self._client.request(
                "GET", url, limit=settings.outside_size, timeout=FETCH_TIME, allowed=public
            )
        except RoschatError as error:
            raise Refused(f"failed to get HTTP URL content: {error.text}") from None
        if answer.status != 200:
            raise Refused(f"failed to get HTTP URL content: it answered {answer.status}")
        name = urlsplit(url).path.rsplit("/", 1)[-1] or "file"
        return await self._bus.call(StoreFile(bot, name, answer.body))


def file_id(name: str) -> str:
    """A file_id."""
    return PREFIX + name


def unique_id(name: str) -> str:
    """The same for the same file, and no key to it."""
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def file_path(info: FileInfo) -> str:
    """The relative path that a download address ends with; the ending of the name helps programs to tell the kind."""
    ending = info.name.rpartition(".")[2]
    return f"files/{info.file}" + (f".{ending}" if ending.isascii() and ending.isalnum() and len(ending) < 9 else "")


async def _form(name: str, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    safe = quote(name, safe=" !#$&'()+,;=@[]^`{}~") if '"' in name or "\r" in name or "\n" in name else name
    yield (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{safe}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    ).encode()
    async for chunk in chunks:
        yield chunk
    yield f"\r\n--{BOUNDARY}--\r\n".encode()


def _content(answer: Response) -> bytes:
    body = answer.body if isinstance(answer.body, bytes) else b""
    if answer.status < 400:
        return body
    try:
        error = msgspec.json.decode(body, type=Stored)
    except msgspec.DecodeError:
        error = Stored(text="The files of this server are not served here; run the module server in this process.")
    if answer.status == 413:
        raise Refused(error.text, 413)
    raise RoschatError(error.text, error.error)
