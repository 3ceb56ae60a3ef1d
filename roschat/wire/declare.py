"""The decorators that declare a message, and the register of all declarations.

`api.py` files declare; the loader imports them; transports, generators (TypeScript, OpenAPI, docs) and the bus read the
register. A name is declared once in the whole program.
"""

import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from roschat.types import Role
from roschat.wire.message import Command, Event, Hook, Message

M = TypeVar("M", bound=type[Message])

PERSON = frozenset({Role.PERSON})
BOT = frozenset({Role.BOT})
PERSON_OR_BOT = PERSON | BOT
DEVELOPER = frozenset({Role.DEVELOPER})
SECURITY = frozenset({Role.SECURITY, Role.SYSTEM})
ADMIN = frozenset({Role.ADMIN, Role.SYSTEM})
OPERATOR = ADMIN | {Role.OPERATOR}
CONSOLE = OPERATOR | SECURITY
"""Everybody who is signed in to the console."""
ANYONE = frozenset(Role)
INTERNAL = frozenset({Role.SYSTEM})
"""Callable by other modules only; never reachable from a socket."""


@dataclass(frozen=True)
class Shape:
    """What an already encoded value holds, for readers and generators: `Annotated[msgspec.Raw, Shape(list[Card])]`."""

    type: Any


@dataclass(frozen=True)
class Declaration:
    """One declared message: its name on the wire, its type, who may send it and what comes back."""

    name: str
    type: type[Message]
    kind: str
    access: frozenset[Role] = frozenset()
    reply: Any = None
    bare: str = ""
    decoder: msgspec.json.Decoder[Any] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "decoder", msgspec.json.Decoder(self.type, strict=False))

    def decode(self, payload: bytes) -> Any:
        """The message in a client's JSON payload.

        Absent, null and empty payloads stand for `{}`. A payload that is not an object is taken as the field `bare`
        when the declaration has one (`[156,172]` of get-bot-unwatched-messages). Raises `msgspec.ValidationError` or
        `msgspec.DecodeError`.
        """
        if not payload or payload == b"null":
            payload = b"{}"
        elif self.bare and payload[:1] != b"{":
            payload = b'{"%s":%s}' % (self.bare.encode(), payload)
        return self.decoder.decode(payload)


_by_name: dict[str, Declaration] = {}
_by_type: dict[type[Message], Declaration] = {}


def _declare(kind: str, name: str, access: frozenset[Role], bare: str) -> Callable[[M], M]:
    def mark(cls: M) -> M:
        known = _by_name.get(name)
        if known is not None and known.type.__qualname__ != cls.__qualname__:
            raise ValueError(f"{name!r} is declared twice: {known.type.__module__} and {cls.__module__}")
        declaration = Declaration(name, cls, kind, access, _reply_of(cls), bare)
        _by_name[name] = declaration
        _by_type[cls] = declaration
        return cls

    return mark


def _reply_of(cls: type[Message]) -> Any:
    for base in getattr(cls, "__orig_bases__", ()):
        if typing.get_origin(base) is Command:
            return typing.get_args(base)[0]
    return None


def command(name: str, *, access: frozenset[Role], bare: str = "") -> Callable[[M], M]:
    """Declare a command that callers in one of the roles `access` may send under `name`."""
    return _declare("command", name, access, bare)


def event(name: str) -> Callable[[M], M]:
    """Declare an event; a `ClientEvent` reaches sockets under this name."""
    return _declare("event", name, frozenset(), "")


def hook(name: str) -> Callable[[M], M]:
    """Declare a hook."""
    return _declare("hook", name, frozenset(), "")


def declared(name: str) -> Declaration | None:
    """The declaration under a wire name, or None."""
    return _by_name.get(name)


def declaration_of(cls: type[Message]) -> Declaration:
    """The declaration of a message type; KeyError when it is not declared."""
    return _by_type[cls]


def declarations() -> Iterator[Declaration]:
    """All declarations, in the order of their names."""
    return iter(sorted(_by_name.values(), key=lambda d: d.name))


def is_kind(cls: type[Message], kind: type[Command[Any]] | type[Event] | type[Hook]) -> bool:
    """Whether a declared type is a command, an event or a hook."""
    return issubclass(cls, kind)
