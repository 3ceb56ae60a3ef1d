"""Four verbs between parts of the program: publish, subscribe, call, serve; and `ask` for hooks.

Two engines keep this contract: `bus_local.LocalBus` in one process and `bus_nats.NatsBus` between processes.

Promised: events from one publisher reach one subscriber in the order of publication; a command reaches exactly one
server or fails with `Unavailable`; an error raised by the server is raised at the caller with the same code and text.
Not promised: an order between events of different publishers; delivery to a subscriber that is away (consumers that may
not miss anything follow a table by revision instead); that `publish` returns after the subscribers ran.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

from roschat.wire.message import SYSTEM, Caller, Command, Event, Hook

E = TypeVar("E", bound=Event)
H = TypeVar("H", bound=Hook)
R = TypeVar("R")

Serving = Callable[[Any, Caller], Awaitable[R]]
Undo = Callable[[], Awaitable[None]]
"""Takes back what was registered, so that the same may be registered again. A second call does nothing."""


class Bus(Protocol):
    """See the module docstring."""

    def publish(self, event: Event) -> None:
        """Tell a fact. Returns at once; never raises because of a subscriber."""

    def subscribe(self, kind: type[E], fn: Callable[[E], Awaitable[None] | None]) -> Undo:
        """Hear every event of a type.

        A plain function runs inline and must be quick. A coroutine function has a queue of its own and gets one event
        after the other; its errors are logged and counted. Undone, it hears nothing new; what stands in its queue it
        still hears, for at most five seconds.
        """

    async def call(self, command: Command[R], caller: Caller = SYSTEM, timeout: float = 10.0) -> R:  # noqa: ASYNC109
        """Ask the one server of this command. Raises its RoschatError, or Unavailable when nobody serves or in time."""

    def serve(self, kind: type[Command[R]], fn: Callable[[Any, Caller], Awaitable[R]]) -> Undo:
        """Be the server of a command type. A second server in one process is a programming error."""

    def answer(self, kind: type[H], fn: Callable[[H], Awaitable[None]], order: int = 100) -> Undo:
        """Give an opinion on a hook: raise Denied, or return. Smaller `order` is asked first."""

    async def ask(self, hook: Hook) -> None:
        """Ask all opinions in order; raises the first Denied. With nobody answering it allows."""

    def asked(self, kind: type[Hook]) -> bool:
        """Whether anybody answers this hook: the hot path skips building a question that nobody hears."""
