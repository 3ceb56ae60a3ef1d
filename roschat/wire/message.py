"""The four kinds of message and who is speaking.

A message is a frozen msgspec struct. Field names are snake_case here and camelCase on the wire; a field that has its
default value is left out on the wire, so an optional field is absent, never null. Numbers may arrive as strings.
"""

from typing import Annotated, Generic, TypeVar

from msgspec import Meta, Struct

from roschat.types import NOBODY, ContactId, DeviceId, Role, SessionId

R = TypeVar("R")

Secret = Annotated[str, Meta(extra={"secret": True})]
"""A text that is never shown back, logged or kept in the audit: `password: Secret`."""


class Message(Struct, frozen=True, rename="camel", omit_defaults=True):
    """Anything that crosses a boundary: between processes, to a client, from a client."""


class Command(Message, Generic[R], frozen=True):
    """A typed request; exactly one module serves it; the reply is of type R."""


class Event(Message, frozen=True):
    """A typed fact; anyone may listen."""


class LocalEvent(Event, frozen=True):
    """A fact that every process learns in its own way: the bus hands it to the subscribers of this process alone."""


class ClientEvent(Event, frozen=True):
    """A fact that clients or bots see as a Socket.IO event. It is sent with `wire.delivery.deliver`."""


class Hook(Message, frozen=True):
    """A question asked in order before a fact. Listeners return None (no opinion) or raise `Denied`."""


class Empty(Message, frozen=True):
    """The answer `{}`: done, nothing to tell."""


class Caller(Message, frozen=True):
    """Who sends a command, as the transport established it. Never decoded from a client's bytes."""

    role: Role = Role.NOBODY
    cid: ContactId = NOBODY
    session: SessionId = SessionId("")
    device: DeviceId = DeviceId("")
    address: str = ""
    api_level: int = 9
    client: str = ""
    name: str = ""
    """The login of a console user, or the name of an API key; for the audit."""
    request: str = ""
    """The number of the HTTP request, for the audit and the log."""


SYSTEM = Caller(role=Role.SYSTEM)
"""The server itself, and an administrator at the command line."""


class Grant(Message, Generic[R], frozen=True):
    """The reply of a sign-in: from now on the socket speaks as `caller`; the client gets `reply`."""

    caller: Caller
    reply: R
