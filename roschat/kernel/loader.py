"""Modules: found as folders, started in the order of their needs, stopped in the reverse order.

A module is a folder with a `module.toml` and a `module.py` that holds one subclass of `kernel.service.Module`. All
declarations of all modules are imported first, also of those that this process does not run: their commands may be
served elsewhere. A required module that does not start ends the program; an optional one is *failed* in health.
"""

import asyncio
import importlib
import logging
from collections.abc import Callable, Iterable
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from msgspec import Struct

from roschat.kernel.errors import Invalid, RoschatError
from roschat.kernel.health import Parts, failed
from roschat.kernel.options import did_you_mean
from roschat.kernel.service import Context, Module
from roschat.kernel.toml import read
from roschat.wire.describe import import_declarations

log = logging.getLogger(__name__)

START_LIMIT = 60.0
STOP_LIMIT = 15.0


class Manifest(Struct, frozen=True):
    """The keys of module.toml."""

    name: str
    """As the folder."""
    summary: str
    """One sentence."""
    uses: list[str] = []
    """Modules whose api.py it imports."""
    needs: list[str] = []
    """Modules that must run before it."""
    optional: bool = False
    """The program goes on without it."""
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


class Loader:
    """The modules of this process. `package` is the import name of the folder of modules."""

    def __init__(
        self, package: str, manifests: list[Manifest], context: Callable[[str], Context], parts: Parts
    ) -> None:
        self._package = package
        self._manifests = manifests
        self._context = context
        self._parts = parts
        self._running: list[tuple[str, Module]] = []
        self._failed: dict[str, str] = {}

    async def start(self) -> None:
        """Start all. Raises ModuleFailed for the first required one that fails; what had started is stopped again."""
        import_declarations()
        for manifest in self._manifests:
            name = manifest.name
            lost = [need for need in manifest.needs if need in self._failed]
            try:
                if lost:
                    raise ModuleFailed(f"it needs {', '.join(lost)}, which failed.")
                module = self._build(name)
                async with asyncio.timeout(START_LIMIT):
                    await module.start(self._context(name))
            except Exception as error:
                reason = _reason(error)
                if not manifest.optional:
                    await self.stop()
                    raise ModuleFailed(f"Module {name} did not start: {reason}") from error
                log.error("optional module %s did not start: %s", name, reason, exc_info=_trace(error))
                self._failed[name] = reason
                self._parts.add(name, failed(reason), required=False)
                continue
            self._running.append((name, module))
            self._parts.add(name, module.health, required=not manifest.optional)
            log.info("module %s runs", name)

    async def stop(self) -> None:
        """Stop in the reverse order; a module that cannot is logged and passed over after fifteen seconds."""
        while self._running:
            name, module = self._running.pop()
            try:
                async with asyncio.timeout(STOP_LIMIT):
                    await module.stop()
            except TimeoutError:
                log.error("module %s did not stop within %g s", name, STOP_LIMIT)
            except Exception:
                log.exception("module %s failed while it stopped", name)
            else:
                log.info("module %s has stopped", name)

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
