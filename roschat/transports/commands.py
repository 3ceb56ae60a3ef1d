"""From an event on a socket to a command on the bus, and its reply back as the ack.

Order: the commands of one session start in the order in which they came. A command normally waits for those before it.
Reading ones and the sending of messages overlap: each is a task of its own, and because a task runs its service without
a break up to the first wait, messages still enter the running batch in the order of the socket. A command that does not
overlap begins when all before it are done, and those after it wait for it; so an edit finds the message that was sent
just before. Until somebody has signed in nothing overlaps, so what a client sends right behind `login` is already its
own.

A slow command never keeps pings from being answered: they do not pass here. When `in_flight` commands wait, the socket
is not read until they are fewer.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import msgspec

from roschat.kernel.bus import Bus
from roschat.kernel.errors import Denied, Invalid, NotSignedIn, RoschatError
from roschat.proto.socketio import first_argument
from roschat.transports.crypto import InstallationKey
from roschat.transports.session import NORMAL, Session, error_payload
from roschat.transports.settings import Settings
from roschat.types import Role
from roschat.wire.declare import INTERNAL, Declaration, declared
from roschat.wire.message import Caller, Command, Grant

log = logging.getLogger(__name__)

EMPTY = b"{}"
UNKNOWN = b'{"error":"unknown"}'

OVERLAPPING = ("send-message", "send-bot-message", "get-", "search")
"""Beginnings of the names of commands that need not wait for each other."""

_encode = msgspec.json.Encoder().encode

Builtin = Callable[[Session, bytes, bytes], Awaitable[None]]
Bind = Callable[[Session, Caller], None]


class Entry(NamedTuple):
    """What a name on the socket stands for: a declared command, or a service of the transport itself."""

    name: str
    declaration: Declaration | None
    builtin: Builtin | None
    overlaps: bool


class Waiting(NamedTuple):
    """A command in line."""

    entry: Entry
    ack: bytes
    payload: bytes
    data: bytes


class Commands:
    """Runs the commands of all sessions. `bind` is told who a session has become; `opened` when its ack is written."""

    def __init__(
        self, bus: Bus, key: InstallationKey, limits: Callable[[], Settings], bind: Bind, opened: Bind
    ) -> None:
        self._bus = bus
        self._key = key
        self._limits = limits
        self._bind = bind
        self._opened = opened
        self._tasks: set[asyncio.Task[None]] = set()
        self._known: dict[bytes, Entry] = {
            name.encode(): Entry(name, None, builtin, False)
            for name, builtin in (("get-public-key", self._public_key), ("set-session-key", self._session_key))
        }

    def arrived(self, session: Session, ack: bytes, name: bytes, payload: bytes, data: bytes) -> None:
        """Start a command, or let it wait its turn."""
        entry = self._known.get(name) or self._look_up(name)
        if entry is None:
            shown = name[:64].decode("utf-8", "replace")
            log.debug("session %s sent the unknown command %r", session.id, shown)
            session.refuse(ack, RoschatError(f"There is no command {shown!r}.", "unknown-command"))
            return
        if not session.waiting and self._may_start(session, entry):
            self._start(session, entry, ack, payload, data)
            return
        if session.waiting is None:
            session.waiting = deque()
        session.waiting.append(Waiting(entry, ack, payload, data))
        if session.running + len(session.waiting) >= self._limits().in_flight:
            session.hold()

    async def close(self, patience: float) -> None:
        """Wait for the commands under way, at most `patience` seconds, then end them."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _look_up(self, name: bytes) -> Entry | None:
        text = name.decode("utf-8", "replace")
        declaration = declared(text)
        if declaration is None or not issubclass(declaration.type, Command) or declaration.access == INTERNAL:
            return None
        entry = self._known[name] = Entry(text, declaration, None, text.startswith(OVERLAPPING))
        return entry

    def _may_start(self, session: Session, entry: Entry) -> bool:
        if session.running == 0:
            return True
        return (
            not session.exclusive
            and entry.overlaps
            and session.caller.role is not Role.NOBODY
            and session.running < self._limits().in_flight
        )

    def _start(self, session: Session, entry: Entry, ack: bytes, payload: bytes, data: bytes) -> None:
        """Begin a command as a task; what is wrong with it before that is answered at once."""
        try:
            work = self._prepared(session, entry, ack, payload, data)
        except RoschatError as error:
            log.debug("session %s, %s: %s", session.id, entry.name, error.text)
            session.refuse(ack, error)
            if error.code == Invalid.code:
                session.fault()
            return
        session.running += 1
        session.exclusive = not (entry.overlaps and session.caller.role is not Role.NOBODY)
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _prepared(self, session: Session, entry: Entry, ack: bytes, payload: bytes, data: bytes) -> Any:
        declaration = entry.declaration
        if declaration is not None and session.caller.role not in declaration.access:
            if session.caller.role is Role.NOBODY:
                raise NotSignedIn(f"{entry.name} needs a signed-in socket; send login or start-bot first.")
            raise Denied(f"{entry.name} is not for the role {session.caller.role.value!r}.")
        if session.cipher is not None:
            payload = session.cipher.open(payload)
        if declaration is None:
            return self._served(session, entry, ack, payload)
        return self._called(session, entry, ack, _decoded(declaration, payload, data))

    async def _called(self, session: Session, entry: Entry, ack: bytes, command: Command[Any]) -> None:
        """Ask the bus and answer. Never raises."""
        try:
            reply = await self._bus.call(command, session.caller)
            if type(reply) is Grant:
                self._granted(session, ack, reply)
            else:
                session.answer(ack, EMPTY if reply is None else _encode(reply))
        except RoschatError as error:
            log.debug("session %s, %s: %s", session.id, entry.name, error.text)
            session.answer(ack, error_payload(error))
            if error.hang_up:
                session.end(NORMAL, error.code, for_good=True)
        except Exception:
            log.exception("command %s failed", entry.name)
            session.answer(ack, UNKNOWN)
        finally:
            self._finished(session)

    async def _served(self, session: Session, entry: Entry, ack: bytes, payload: bytes) -> None:
        """Serve what the transport itself offers. Never raises."""
        builtin = entry.builtin
        assert builtin is not None
        try:
            await builtin(session, ack, payload)
        except RoschatError as error:
            session.refuse(ack, error)
        except Exception:
            log.exception("command %s failed", entry.name)
            session.answer(ack, UNKNOWN)
        finally:
            self._finished(session)

    def _granted(self, session: Session, ack: bytes, grant: Grant[Any]) -> None:
        """Sign the session in; the ack leaves before anything that the sign-in lets in."""
        if session.closed:
            return
        if grant.caller.role is Role.NOBODY:
            session.answer(ack, _encode(grant.reply))
            return
        caller = msgspec.structs.replace(grant.caller, session=session.id, address=session.address)
        self._bind(session, caller)
        session.answer(ack, _encode(grant.reply))
        session.flush()
        self._opened(session, caller)

    def _finished(self, session: Session) -> None:
        session.running -= 1
        session.exclusive = False
        while session.waiting and self._may_start(session, session.waiting[0].entry):
            self._start(session, *session.waiting.popleft())
        if session.held and session.running + len(session.waiting or ()) < self._limits().in_flight:
            session.release()

    async def _public_key(self, session: Session, ack: bytes, payload: bytes) -> None:
        session.answer(ack, _encode({"publicKey": await self._key.public_key()}))

    async def _session_key(self, session: Session, ack: bytes, payload: bytes) -> None:
        cipher = await self._key.session_cipher(payload)
        session.answer(ack, EMPTY)
        session.cipher = cipher


def _decoded(declaration: Declaration, payload: bytes, data: bytes) -> Command[Any]:
    """The command in a payload. When the bytes are not one JSON value, the event may have had several arguments."""
    try:
        try:
            command: Command[Any] = declaration.decode(payload)
        except msgspec.ValidationError:
            raise
        except msgspec.DecodeError:
            command = declaration.decode(first_argument(data)[1])
    except (msgspec.DecodeError, ValueError) as error:
        raise Invalid(f"The payload of {declaration.name} has not the form it should: {error}.") from None
    return command
