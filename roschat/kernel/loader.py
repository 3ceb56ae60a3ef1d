"""Modules: found as folders, started in the order of their needs, stopped in the reverse order.

A module is a folder with a `module.toml` and a `module.py` that holds one subclass of `kernel.service.Module`. All
declarations of all modules are imported first, also of those that this process does not run: their commands may be
served elsewhere. A required module that does not start ends the program; an optional one is *failed* in health.

A module can be stopped and started again while the program runs, with those that need it. What a run has registered is
known to its scope (kernel/scope.py) and taken back: first what lets somebody in, then the module stops, then the rest.
"""

import asyncio
import importlib
import logging
from collections.abc import Awaitable, Callable, Iterable
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from msgspec import Struct

from roschat.kernel.clock import Clock
from roschat.kernel.errors import Invalid, NotFound, RoschatError, Unavailable
from roschat.kernel.health import Parts, failed
from roschat.kernel.options import did_you_mean
from roschat.kernel.scope import Scope
from roschat.kernel.service import Context, Health, Module, State
from roschat.kernel.toml import read
from roschat.wire.describe import import_declarations
from roschat.wire.message import Caller
from roschat.wire.process import EventsMissed
from roschat.wire.session import SessionOpened

log = logging.getLogger(__name__)

START_LIMIT = 60.0
STOP_LIMIT = 15.0


class Manifest(Struct, frozen=True):
    """The keys of module.toml."""

    name: str
    """As the folder."""
    summary: str
    """One sentence."""
    title: str = ""
    """What the console calls it."""
    title_ru: str = ""
    uses: list[str] = []
    """Modules whose api.py it imports."""
    needs: list[str] = []
    """Modules that must run before it."""
    optional: bool = False
    """The program goes on without it."""
    outlives: bool = False
    """It needs others only to start: it runs on while they are stopped, as the console does that starts them again."""
    singleton: bool = False
    """Only one process of an installation may do its work; it holds a lease."""
    ports: dict[str, int] = {}
    """Default ports by name."""


class ModuleFailed(RoschatError):
    """A module that the program cannot do without did not start."""

    code = "module-failed"


def scan(folder: Path) -> dict[str, Manifest]:
    """The manifests of all module folders, in an order in which they can be started. Raises Invalid."""
    found: dict[str, Manifest] = {}
    for file in sorted(folder.glob("*/module.toml")):
        manifest = read(file, Manifest)
        if manifest.name != file.parent.name:
            raise Invalid(f"{file}: name is {manifest.name!r}, it must be that of the folder, {file.parent.name!r}.")
        found[manifest.name] = manifest
    for manifest in found.values():
        for key, names in (("needs", manifest.needs), ("uses", manifest.uses)):
            for name in names:
                if name not in found:
                    raise Invalid(f"{manifest.name}/module.toml: {key} {name!r}{did_you_mean(name, found)}")
    try:
        order = TopologicalSorter({name: sorted(manifest.needs) for name, manifest in found.items()}).static_order()
        return {name: found[name] for name in order}
    except CycleError as error:
        raise Invalid(f"Modules need each other in a circle: {' → '.join(error.args[1])}.") from None


def chosen(manifests: dict[str, Manifest], names: Iterable[str], *, alone: bool) -> list[Manifest]:
    """The manifests of the named modules (none named: of all) in their order.

    What they need comes too when this process is `alone`; else it runs in another one. Raises Invalid.
    """
    wanted: set[str] = set()
    waiting = list(names) or list(manifests)
    while waiting:
        name = waiting.pop()
        if name not in manifests:
            raise Invalid(f"There is no module {name!r}{did_you_mean(name, manifests)}")
        if name not in wanted:
            wanted.add(name)
            waiting += manifests[name].needs if alone else []
    return [manifest for name, manifest in manifests.items() if name in wanted]


class Component:
    """A module of this process in all its runs."""

    def __init__(self, manifest: Manifest) -> None:
        self.manifest = manifest
        self.module: Module | None = None
        self.scope: Scope | None = None
        self.state = "stopped"
        """running, starting, stopping, stopped, failed"""
        self.text = ""
        self.since = 0.0
        self.who = ""
        self.with_: str = ""
        """The component whose stop took this one along; empty when it was stopped itself."""

    @property
    def name(self) -> str:
        """That of the module."""
        return self.manifest.name


class Loader:
    """The modules of this process. `package` is the import name of the folder of modules.

    `sessions` answers the signed-in sockets that there are:
    a module that is started again is told of them. `changed` hears of every new state of a component.
    """

    def __init__(
        self,
        package: str,
        manifests: list[Manifest],
        context: Callable[[str], Context],
        parts: Parts,
        *,
        sessions: Callable[[], list[Caller]] = list,
        clock: Clock | None = None,
    ) -> None:
        self._package = package
        self._context = context
        self._parts = parts
        self._sessions = sessions
        self._components = {manifest.name: Component(manifest) for manifest in manifests}
        self._one = asyncio.Lock()
        self.changed: Callable[[Component], None] = lambda _: None
        self._clock = clock or Clock()
        self._ended = False

    @property
    def components(self) -> list[Component]:
        """All components, in the order in which they start."""
        return list(self._components.values())

    def component(self, name: str) -> Component:
        """A component by name. Raises NotFound."""
        if name not in self._components:
            raise NotFound(f"No component {name!r} runs in this process{did_you_mean(name, self._components)}")
        return self._components[name]

    async def start(self) -> None:
        """Start all. Raises ModuleFailed for the first required one that fails; what had started is stopped again."""
        import_declarations()
        for component in self.components:
            await self._start(component)
            if component.state == "failed" and not component.manifest.optional:
                await self.stop()
                raise ModuleFailed(f"Module {component.name} did not start: {component.text}")

    async def stop(self) -> None:
        """Stop all in the reverse order; a module that cannot is logged and passed over after fifteen seconds."""
        self._ended = True
        async with self._one:
            for component in reversed(self.components):
                if component.module is not None:
                    await self._stop(component)

    def check(self, name: str, action: str) -> None:
        """Raise Invalid or NotFound when an action cannot be done with a component now."""
        component = self.component(name)
        self._check_running()
        allowed = self.actions(component)
        if action not in allowed:
            possible = f"only {' or '.join(allowed)} is possible" if allowed else "wait until that has ended"
            raise Invalid(f"Component {name} is {component.state}, so {action!r} cannot be done; {possible}.")

    def _check_running(self) -> None:
        if self._ended:
            raise Unavailable("The program is stopping; its components stop with it.")

    def actions(self, component: Component) -> list[str]:
        """What can be done with a component now."""
        return {"running": ["restart", "stop"], "stopped": ["start"], "failed": ["restart", "stop"]}.get(
            component.state, []
        )

    async def stop_one(self, name: str, who: str) -> None:
        """Stop a component and before it those that need it. Raises NotFound."""
        async with self._one:
            self._check_running()
            await self._stop_with_dependants(self.component(name), who)

    async def start_one(self, name: str, who: str) -> None:
        """Start a component, before it what it needs, after it what its stop took along. Raises ModuleFailed."""
        async with self._one:
            self._check_running()
            await self._start_again([*self._needs_of(name), name, *self._taken_along(name)], name, who)

    async def restart_one(self, name: str, who: str) -> None:
        """Stop and start a component and those that need it. Raises ModuleFailed when it does not come back."""
        async with self._one:
            self._check_running()
            component = self.component(name)
            stopped = [one for one in self._dependants(name) if one.module is not None]
            guards = [undo for one in (component, *stopped) if one.scope is not None for undo in one.scope.guard()]
            try:
                await self._stop_with_dependants(component, who)
                await self._start_again([*self._needs_of(name), name, *self._taken_along(name)], name, who)
            finally:
                for undo in guards:
                    await undo()

    async def _stop_with_dependants(self, component: Component, who: str) -> None:
        for one in reversed(self._dependants(component.name)):
            if one.module is not None:
                await self._stop(one, who)
                one.with_ = component.name
        if component.module is not None:
            await self._stop(component, who)
        else:
            self._become(component, "stopped", f"Stopped by {who}.", who)
        component.with_ = ""
        for one in (component, *self._dependants(component.name)):
            if one.state == "stopped":
                self._say_stopped(one)

    async def _start_again(self, names: list[str], wanted: str, who: str) -> None:
        started: list[Component] = []
        for component in [one for one in self.components if one.name in names]:
            if component.module is None:
                await self._start(component, who)
                if component.module is not None:
                    component.with_ = ""
                    started.append(component)
        await self._tell_sessions(started)
        component = self._components[wanted]
        if component.state == "failed":
            raise ModuleFailed(f"Component {wanted} did not start: {component.text}")

    async def _tell_sessions(self, started: list[Component]) -> None:
        """What remembers sockets learns of those that are there; then their clients ask what they missed."""
        heard = [fn for one in started if one.scope is not None for fn in one.scope.sessions]
        if not heard:
            return
        for caller in self._sessions():
            for fn in heard:
                heard_it = fn(SessionOpened(caller))
                if isinstance(heard_it, Awaitable):
                    await heard_it
        for one in started:
            if one.scope is not None and one.scope.sessions:
                one.scope.bus.publish(EventsMissed(f"component {one.name} was started again"))
                return

    def _dependants(self, name: str) -> list[Component]:
        """What cannot run without a component, directly or through others, in the order of starting."""
        lost = {name}
        found: list[Component] = []
        for one in self.components:
            if lost.intersection(one.manifest.needs) and not one.manifest.outlives:
                lost.add(one.name)
                found.append(one)
        return found

    def _needs_of(self, name: str) -> list[str]:
        """What a component needs of this process, directly or through others."""
        wanted = {name}
        for one in reversed(self.components):
            if one.name in wanted and not one.manifest.outlives:
                wanted.update(need for need in one.manifest.needs if need in self._components)
        return [one for one in wanted if one != name]

    def _taken_along(self, name: str) -> list[str]:
        return [one.name for one in self.components if one.module is None and one.with_ == name]

    async def _start(self, component: Component, who: str = "") -> None:
        name, manifest = component.name, component.manifest
        self._become(component, "starting", "", who)
        lost = [need for need in manifest.needs if need in self._components and self._components[need].module is None]
        scope: Scope | None = None
        try:
            if lost and not (manifest.outlives and who):
                raise ModuleFailed(
                    f"it needs {', '.join(lost)}, which {'is' if len(lost) == 1 else 'are'} not running."
                )
            context = self._context(name)
            scope = Scope(name, context.bus)
            module = self._build(name)
            async with asyncio.timeout(START_LIMIT):
                await module.start(scope.over(context))
        except Exception as error:
            reason = _reason(error)
            if scope is not None:
                await scope.withdraw()
            # What ends the program is told by who ends it, but for the trace of a defect.
            quiet = not manifest.optional and not who and _trace(error) is None
            log.log(
                logging.DEBUG if quiet else logging.ERROR,
                "module %s did not start: %s",
                name,
                reason,
                exc_info=_trace(error),
            )
            self._become(component, "failed", reason, who)
            self._parts.add(name, failed(reason), required=not manifest.optional)
            return
        component.module, component.scope = module, scope
        self._parts.add(name, module.health, required=not manifest.optional)
        self._become(component, "running", "", who)
        log.info("module %s runs", name)

    async def _stop(self, component: Component, who: str = "") -> None:
        name, module, scope = component.name, component.module, component.scope
        assert module is not None
        assert scope is not None
        self._become(component, "stopping", "", who)
        component.module = component.scope = None
        if who:
            await scope.close()
        try:
            async with asyncio.timeout(STOP_LIMIT):
                await module.stop()
        except TimeoutError:
            log.error("module %s did not stop within %g s", name, STOP_LIMIT)
        except Exception:
            log.exception("module %s failed while it stopped", name)
        else:
            log.info("module %s has stopped", name)
        if who:
            await scope.withdraw()
        self._become(component, "stopped", f"Stopped by {who}." if who else "", who)

    def _say_stopped(self, component: Component) -> None:
        """Let health tell who stopped it."""
        with_ = f" together with {component.with_}" if component.with_ else ""
        with_ru = f" вместе с {component.with_}" if component.with_ else ""
        component.text = f"stopped by {component.who}{with_}."
        health = Health(
            State.DEGRADED if component.manifest.optional else State.FAILED,
            component.text,
            ru=f"остановлен{with_ru}: {component.who}.",
            code="component-stopped",
            fix="/monitor",
        )

        async def ask() -> Health:
            return health

        self._parts.add(component.name, ask, required=not component.manifest.optional)

    def _become(self, component: Component, state: str, text: str, who: str) -> None:
        component.state, component.text, component.who = state, text, who
        component.since = self._clock.now()
        self.changed(component)

    def _build(self, name: str) -> Module:
        file = importlib.import_module(f"{self._package}.{name}.module")
        classes = [
            value
            for value in vars(file).values()
            if isinstance(value, type) and issubclass(value, Module) and value.__module__ == file.__name__
        ]
        if len(classes) != 1:
            raise Invalid(f"{name}/module.py must hold one subclass of Module, it holds {len(classes)}.")
        module: Module = classes[0]()
        return module


def _reason(error: Exception) -> str:
    if isinstance(error, RoschatError):
        return error.text
    if isinstance(error, TimeoutError):
        return f"it took longer than {START_LIMIT:g} s."
    return f"{type(error).__name__}: {error}"


def _trace(error: Exception) -> Exception | None:
    """An error that was meant for the reader needs no trace."""
    return None if isinstance(error, RoschatError) else error
