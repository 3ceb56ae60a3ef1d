"""How a command is reached over HTTP: `@rest("PUT", "/contacts/{cid}", tag="directory")` above `@command(...)`.

The gateway of the console serves every such command under PREFIX; OpenAPI, the browsable page and the console's
TypeScript are written from the same declarations. A part of the path in braces is the field with that wire name. Of a
GET or DELETE the other fields come from the query (a list as a repeated key), of the others from a JSON body. Who may
call says the command's `access`.

What is streamed (an archive, a log) is no command: its module adds a handler to the console's routes itself, asks
`authenticate-console` who calls, and makes it known here with `stream`.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from msgspec import Struct

from roschat.types import Role
from roschat.wire.declare import Declaration, declaration_of
from roschat.wire.message import Command

PREFIX = "/api/v1"
COOKIE = "roschat_console"
"""The cookie of a session of the console; `authenticate-console` takes its value."""
METHODS = ("GET", "POST", "PUT", "DELETE")
READING = ("get-", "list-", "find-", "check-", "test-", "preview-", "count-", "try-", "verify-", "compare-")
"""Commands whose name begins so change nothing, also when they are sent with POST because their question is long."""

C = TypeVar("C", bound=type[Command[Any]])


class Rest(Struct, frozen=True):
    """One way in: the method and the path (under PREFIX, without it here), the group in the documentation."""

    method: str
    path: str
    tag: str
    declaration: Declaration
    max_body: int = 1_048_576

    @property
    def changes(self) -> bool:
        """Whether the call may change something, so that it belongs to the audit."""
        return self.method != "GET" and not self.declaration.name.startswith(READING)


class Stream(Struct, frozen=True):
    """A way in that is no command. `takes` and `gives` are content types; empty: JSON, or no body."""

    method: str
    path: str
    tag: str
    summary: str
    access: frozenset[Role]
    takes: str = ""
    gives: str = ""


_ways: dict[tuple[str, str], Rest] = {}
_streams: dict[tuple[str, str], Stream] = {}


def rest(method: str, path: str, *, tag: str, max_body: int = 1_048_576) -> Callable[[C], C]:
    """Reach a declared command over HTTP. `max_body` are the bytes of JSON that are let in."""
    if method not in METHODS or not path.startswith("/"):
        raise ValueError(
            f"{method} {path} is no way to a command: methods are {', '.join(METHODS)}, paths begin with /"
        )

    def mark(cls: C) -> C:
        declaration = declaration_of(cls)
        known = _ways.get((method, path))
        if known is not None and known.declaration.name != declaration.name:
            raise ValueError(f"{method} {path} leads to {known.declaration.name} and to {declaration.name}")
        _ways[method, path] = Rest(method, path, tag, declaration, max_body)
        return cls

    return mark


def stream(
    method: str, path: str, *, tag: str, summary: str, access: frozenset[Role], takes: str = "", gives: str = ""
) -> Stream:
    """Make a streamed way in known to the documentation."""
    way = _streams[method, path] = Stream(method, path, tag, summary, access, takes, gives)
    return way


def ways() -> Iterator[Rest]:
    """All commands that are reached over HTTP, by path."""
    return iter(sorted(_ways.values(), key=lambda way: (way.path, METHODS.index(way.method))))


def streams() -> Iterator[Stream]:
    """All streamed ways in, by path."""
    return iter(sorted(_streams.values(), key=lambda way: (way.path, way.method)))
