"""The control socket: how the command line speaks to a running server, `DATA/run/control.sock`, mode 0600.

One JSON object on a line each way: {"command": name, "payload": {…}}, and back {"reply": …} or {"error": code, "text":
sentence}. Who may open the file is the administrator, so callers are SYSTEM and reach the declared commands that SYSTEM
may call, and the verbs of this process that its program added (`health`, `settings-get` …).
"""

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Raw, Struct

from roschat.kernel.aio import Tasks
from roschat.kernel.bus import Bus
from roschat.kernel.bus_codec import encode, error_of
from roschat.kernel.errors import Denied, Invalid, NotFound, RoschatError, Unavailable
from roschat.kernel.options import did_you_mean
from roschat.types import Role
from roschat.wire.declare import declarations, declared
from roschat.wire.message import SYSTEM, Command

log = logging.getLogger(__name__)

LINE = 16 * 1024 * 1024
"""Bytes of one request or reply."""
TIMEOUT = 60.0

Verb = Callable[[dict[str, Any]], Awaitable[Any]]


class Asked(Struct, frozen=True):
    """A request."""

    command: str
    payload: Raw = Raw(b"{}")


class Answered(Struct, frozen=True):
    """A reply as the command line reads it."""

    reply: Any = None
    error: str = ""
    text: str = ""
    fields: dict[str, str] = {}


_asked = msgspec.json.Decoder(Asked).decode
_answered = msgspec.json.Decoder(Answered).decode


class Control:
    """What the command line may ask, over the socket or in the same process."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._verbs: dict[str, Verb] = {}
        self._tasks = Tasks("control")
        self._server: asyncio.Server | None = None
        self._path = Path()

    def add(self, name: str, verb: Verb) -> None:
        """Answer a verb that is not a declared command."""
        self._verbs[name] = verb

    async def ask(self, name: str, payload: bytes) -> Any:
        """Carry out a command or verb with a JSON payload; answers what can be encoded. Raises RoschatError."""
        try:
            if name in self._verbs:
                return await self._verbs[name](msgspec.json.decode(payload or b"{}", type=dict[str, Any]))
            declaration = declared(name)
            if declaration is None or declaration.kind != "command":
                known = [one.name for one in declarations() if Role.SYSTEM in one.access] + list(self._verbs)
                raise NotFound(f"There is no command {name!r}{did_you_mean(name, known)}")
            if Role.SYSTEM not in declaration.access:
                raise Denied(f"{name} is for those who sign in, not for the command line.")
            command: Command[Any] = declaration.decode(payload)
        except msgspec.MsgspecError as error:
            raise Invalid(f"{name}: {error}.") from None
        return await self._bus.call(command, SYSTEM, TIMEOUT)

    async def open(self, path: Path) -> None:
        """Listen on a Unix socket that only our account may open."""
        one = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        one.setblocking(False)
        _remove(path)
        # The path may be longer than the 107 bytes of a socket address, its folder's handle is not.
        folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
        mask = os.umask(0o177)
        try:
            one.bind(f"/proc/self/fd/{folder}/{path.name}")
        finally:
            os.umask(mask)
            os.close(folder)
        self._path = path
        self._server = await asyncio.start_unix_server(self._accept, sock=one, limit=LINE)

    async def close(self) -> None:
        """Stop listening and end the conversations."""
        if self._server is not None:
            self._server.close()
            await self._tasks.stop()
            _remove(self._path)
            self._server = None

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.spawn(self._converse(reader, writer), "conversation")

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                writer.write(await self._answer(line) + b"\n")
                await writer.drain()
        except (ConnectionError, ValueError) as error:
            log.warning("a conversation on the control socket broke off: %s", error)
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> bytes:
        try:
            asked = _asked(line)
            return encode({"reply": await self.ask(asked.command, bytes(asked.payload))})
        except msgspec.MsgspecError as error:
            return encode({"error": Invalid.code, "text": f"This is no request: {error}."})
        except RoschatError as error:
            return encode({"error": error.code, "text": error.text, "fields": error.fields})
        except Exception:
            log.exception("a request on the control socket failed")
            return encode({"error": RoschatError.code, "text": "The server failed; its log has the cause."})


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)


class Line:
    """The other end: one conversation with a running server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, path: Path) -> "Line | None":
        """A conversation, or None when no server runs on this folder. Raises Denied without the right to it."""
        try:
            folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
        except OSError:
            return None
        try:
            return cls(*await asyncio.open_unix_connection(f"/proc/self/fd/{folder}/{path.name}", limit=LINE))
        except PermissionError:
            raise Denied(f"{path} belongs to another account; run this as the account of the server.") from None
        except OSError:
            return None
        finally:
            os.close(folder)

    async def ask(self, name: str, payload: bytes) -> Any:
        """As Control.ask; the reply in plain JSON types."""
        self._writer.write(b'{"command":%s,"payload":%s}\n' % (encode(name), payload))
        try:
            async with asyncio.timeout(TIMEOUT + 10):
                await self._writer.drain()
                line = await self._reader.readline()
        except (TimeoutError, ConnectionError):
            line = b""
        if not line:
            raise Unavailable(f"The server did not answer {name}; it is stopping or too busy, try again.")
        answer = _answered(line)
        if answer.error:
            raise error_of(answer.error, answer.text, answer.fields)
        return answer.reply

    async def close(self) -> None:
        """End the conversation."""
        self._writer.close()
