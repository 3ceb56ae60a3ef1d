"""What one run of a module has registered, so that all of it can be taken back and the module started again.

`over(context)` gives the module views of the bus, the routes, the settings and the metrics which note down what goes
through them. Nothing is added to the way of a message: `publish`, `call` and `ask` of the view are those of the bus.

    close()      commands answer `unavailable`, routes 503: nobody new comes in while the module stops
    withdraw()   the rest: events, hooks, listeners of settings, gauges
    guard()      the hooks that it answered are refused until its successor answers them
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

from msgspec import Struct
from prometheus_client import Gauge

from roschat.kernel.bus import Bus, Undo
from roschat.kernel.errors import Unavailable
from roschat.kernel.http import MAX_BODY, Handler, Route, Routes
from roschat.kernel.metrics import Metrics
from roschat.kernel.service import Context
from roschat.kernel.settings import Live, Settings
from roschat.wire.message import Caller, Command, Event, Hook
from roschat.wire.session import SessionOpened

E = TypeVar("E", bound=Event)
H = TypeVar("H", bound=Hook)
R = TypeVar("R")
S = TypeVar("S", bound=Struct)

log = logging.getLogger(__name__)


class Scope:
    """The registrations of one run of the module `name`."""

    def __init__(self, name: str, bus: Bus) -> None:
        self.name = name
        self.bus = bus
        self.served: list[Undo] = []
        self.routes: list[tuple[Routes, Route]] = []
        self.heard: list[Undo] = []
        self.answered: list[tuple[type[Hook], int]] = []
        self.listeners: list[tuple[Live[Any], Callable[[Any], None]]] = []
        self.gauges: list[tuple[Metrics, Gauge]] = []
        self.sessions: list[Callable[[SessionOpened], object]] = []
        """Who was told of signed-in sockets: a fresh run must be told of those that are there already."""

    def over(self, context: Context) -> Context:
        """The context that notes down here what the module registers."""
        return replace(
            context,
            bus=ScopedBus(context.bus, self),
            routes=lambda name: ScopedRoutes(context.routes(name), self),
            settings=ScopedSettings(context.settings, self)
            if isinstance(context.settings, Settings)
            else context.settings,
            metrics=ScopedMetrics(context.metrics, self),
        )

    async def close(self) -> None:
        """Let nobody new in."""
        await self._undo(self.served)
        for routes, route in self.routes:
            routes.suspend(route, f"The component {self.name} is stopped; try again later.")
        self.routes.clear()

    async def withdraw(self) -> None:
        """Take back everything, the last first."""
        await self.close()
        await self._undo(self.heard)
        self.answered.clear()
        self.sessions.clear()
        while self.listeners:
            live, listener = self.listeners.pop()
            live.forget(listener)
        while self.gauges:
            metrics, gauge = self.gauges.pop()
            metrics.drop(gauge)

    def guard(self) -> list[Undo]:
        """Refuse what the module decides, until this is undone: a rule must not lapse because its module restarts."""

        async def refuse(hook: Hook) -> None:
            raise Unavailable(f"The component {self.name} is being restarted; try again in a moment.")

        return [self.bus.answer(kind, refuse, order) for kind, order in set(self.answered)]

    async def _undo(self, undos: list[Undo]) -> None:
        while undos:
            undo = undos.pop()
            try:
                await undo()
            except Exception:
                log.exception("something that %s registered could not be taken back", self.name)


class ScopedBus:
    """A bus that notes down who serves, hears and answers."""

    def __init__(self, bus: Bus, scope: Scope) -> None:
        self._bus = bus
        self._scope = scope
        # Not wrapped: these are the ways of every message.
        self.publish = bus.publish
        self.call = bus.call
        self.ask = bus.ask
        self.asked = bus.asked

    def subscribe(self, kind: type[E], fn: Callable[[E], Awaitable[None] | None]) -> Undo:
        """See Bus."""
        undo = self._bus.subscribe(kind, fn)
        self._scope.heard.append(undo)
        if issubclass(kind, SessionOpened):
            self._scope.sessions.append(fn)  # type: ignore[arg-type]
        return undo

    def serve(self, kind: type[Command[R]], fn: Callable[[Any, Caller], Awaitable[R]]) -> Undo:
        """See Bus."""
        undo = self._bus.serve(kind, fn)
        self._scope.served.append(undo)
        return undo

    def answer(self, kind: type[H], fn: Callable[[H], Awaitable[None]], order: int = 100) -> Undo:
        """See Bus."""
        undo = self._bus.answer(kind, fn, order)
        self._scope.heard.append(undo)
        self._scope.answered.append((kind, order))
        return undo


class ScopedRoutes(Routes):
    """The same routes; what is added through this view is noted down."""

    def __init__(self, routes: Routes, scope: Scope) -> None:
        self._routes = routes._routes
        self._whole = routes
        self._scope = scope

    def add(self, method: str, pattern: str, handler: Handler, *, max_body: int | None = MAX_BODY) -> Route:
        """See Routes."""
        route = super().add(method, pattern, handler, max_body=max_body)
        self._scope.routes.append((self._whole, route))
        return route


class ScopedMetrics(Metrics):
    """The same registry; gauges, which may ask an object of the module, are noted down."""

    def __init__(self, metrics: Metrics, scope: Scope) -> None:
        self.registry = metrics.registry
        self._known = metrics._known
        self._whole = metrics
        self._scope = scope

    def gauge(self, name: str, text: str, labels: Any = ()) -> Gauge:
        """See Metrics."""
        gauge = super().gauge(name, text, labels)
        self._scope.gauges.append((self._whole, gauge))
        return gauge


class ScopedSettings(Settings):
    """The same settings; the module has a `Live` of its own, which follows the common one until it is withdrawn."""

    def __init__(self, settings: Settings, scope: Scope) -> None:
        vars(self).update(vars(settings))
        self._scope = scope
        self._own: dict[str, Live[Any]] = {}

    async def section(self, name: str, kind: type[S]) -> Live[S]:
        """See Settings."""
        common = await super().section(name, kind)
        if name not in self._own:
            own = self._own[name] = Live(common.value)
            common.on_change(own.become)
            self._scope.listeners.append((common, own.become))
        return self._own[name]
