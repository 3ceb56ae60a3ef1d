"""What a process tells of its components, and how it is asked to stop, start and restart them or itself.

The questions come as events (wire/component.py), so that they reach every process of an installation; in one process
it is the same way with one answer.
"""

import logging
from collections.abc import Callable
from typing import Any

from roschat.kernel.aio import Tasks
from roschat.kernel.bus import Bus
from roschat.kernel.control import Control
from roschat.kernel.errors import RoschatError
from roschat.kernel.figures import Figures
from roschat.kernel.health import Parts, Report
from roschat.kernel.loader import Component, Loader
from roschat.kernel.service import Health, State
from roschat.wire.component import (
    ComponentChanged,
    ComponentState,
    ComponentWanted,
    PartState,
    ProcessAsked,
    ProcessTold,
    RestartWanted,
    WishTaken,
)

log = logging.getLogger(__name__)


class Components:
    """The components of this process. `restart` begins the restart of the whole process.

    `process` is its name on the bus, `name` that for people.
    """

    def __init__(
        self,
        bus: Bus,
        loader: Loader,
        parts: Parts,
        figures: Figures,
        restart: Callable[[], None],
        *,
        process: str = "",
        name: str = "",
    ) -> None:
        self._bus = bus
        self._loader = loader
        self._parts = parts
        self._figures = figures
        self._restart = restart
        self._process = process
        self._name = name
        self._tasks = Tasks("components")

    def open(self) -> None:
        """Answer from now on."""
        self._bus.subscribe(ProcessAsked, self._asked)
        self._bus.subscribe(ComponentWanted, self._wanted)
        self._bus.subscribe(RestartWanted, self._restart_wanted)
        self._loader.changed = self._changed

    def add_verbs(self, control: Control) -> None:
        """Answer `process` (how this one is), `component` {name, action} and `restart` on the control socket."""

        async def process(_: dict[str, Any]) -> Any:
            return await self.report()

        async def component(payload: dict[str, Any]) -> Any:
            name, action = str(payload.get("name", "")), str(payload.get("action", ""))
            self._loader.check(name, action)
            await self._act(name, action, "the command line")
            return await self.report()

        async def restart(_: dict[str, Any]) -> Any:
            self._restart()
            return {}

        for name, verb in {"process": process, "component": component, "restart": restart}.items():
            control.add(name, verb)

    async def close(self) -> None:
        """Answer nobody any more. The loader has stopped before, hence nothing is being restarted."""
        await self._tasks.stop()

    async def report(self, number: str = "") -> ProcessTold:
        """How this process is."""
        report = await self._parts.report()
        return ProcessTold(
            number,
            self._process,
            self._name,
            report.state.value,
            {name: health.state.value for name, health in report.parts.items()},
            [one for name, health in report.parts.items() for one in self._problems(name, health)],
            [self._view(component, report) for component in self._loader.components],
            self._figures.now(),
        )

    def _asked(self, event: ProcessAsked) -> None:
        self._tasks.spawn(self._tell(event.number), "report")

    async def _tell(self, number: str) -> None:
        self._bus.publish(await self.report(number))

    def _wanted(self, event: ComponentWanted) -> None:
        if event.process not in ("", self._process):
            return
        known = any(component.name == event.name for component in self._loader.components)
        if not known and not event.process:
            return
        try:
            self._loader.check(event.name, event.action)
        except RoschatError as error:
            self._bus.publish(WishTaken(event.number, self._process, error.code, error.text))
            return
        log.warning("%s wants to %s component %s", event.who, event.action, event.name)
        self._bus.publish(WishTaken(event.number, self._process))
        self._tasks.spawn(self._do(event.name, event.action, event.who), f"{event.action} {event.name}")

    async def _do(self, name: str, action: str, who: str) -> None:
        try:
            await self._act(name, action, who)
        except RoschatError as error:
            log.error("%s", error.text)

    async def _act(self, name: str, action: str, who: str) -> None:
        acts = {"restart": self._loader.restart_one, "stop": self._loader.stop_one, "start": self._loader.start_one}
        await acts[action](name, who)

    def _restart_wanted(self, event: RestartWanted) -> None:
        log.warning("%s wants the program to begin anew", event.who)
        try:
            self._restart()
        except RoschatError as error:
            self._bus.publish(WishTaken(event.number, self._process, error.code, error.text))
        else:
            self._bus.publish(WishTaken(event.number, self._process))

    def _changed(self, component: Component) -> None:
        self._bus.publish(
            ComponentChanged(self._process, component.name, component.state, component.text, component.who)
        )

    def _view(self, component: Component, report: Report) -> ComponentState:
        health = report.parts.get(component.name, Health())
        running = component.state == "running"
        return ComponentState(
            name=component.name,
            title=component.manifest.title,
            title_ru=component.manifest.title_ru,
            summary=component.manifest.summary,
            state=health.state.value if running else component.state,
            text=health.text if running else component.text,
            text_ru=health.ru,
            since=component.since,
            who=component.who,
            actions=self._loader.actions(component),
        )

    def _problems(self, part: str, health: Health) -> list[PartState]:
        required = self._parts.required(part)
        return [
            PartState(
                part,
                one.code or f"{part}-{one.state.value}",
                one.state.value,
                one.text,
                one.ru,
                one.fix,
                required,
            )
            for one in (health, *health.also)
            if one.state is not State.OK or one.text
        ]
