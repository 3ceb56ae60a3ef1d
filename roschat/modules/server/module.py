"""Starts the features of the server: every sub-folder with a `wiring.py`, each after those it takes as arguments."""

import importlib
import inspect
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from roschat.kernel import service
from roschat.kernel.service import Context, Health, State


class Server(service.Module):
    """The features in the order of their needs; stopped in the reverse order."""

    def __init__(self) -> None:
        self._running: dict[str, Any] = {}

    async def start(self, context: Context) -> None:
        """Start all features; when one fails, those that run are stopped again."""
        starts = features()
        try:
            for name in order({name: needs_of(start) for name, start in starts.items()}):
                needed = {need: self._running[need] for need in needs_of(starts[name])}
                self._running[name] = await starts[name](context, **needed)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop what runs."""
        while self._running:
            _, feature = self._running.popitem()
            await feature.stop()

    async def health(self) -> Health:
        """The worst state of a feature."""
        worst = Health()
        for name, feature in self._running.items():
            health: Health = await feature.health()
            if health.state is State.FAILED or (health.state is State.DEGRADED and worst.state is State.OK):
                worst = Health(health.state, f"{name}: {health.text}")
        return worst


def features() -> dict[str, Any]:
    """The `start` of every feature folder, by the folder's name."""
    found = {}
    for file in sorted(Path(__file__).parent.glob("*/wiring.py")):
        name = file.parent.name
        found[name] = importlib.import_module(f"roschat.modules.server.{name}.wiring").start
    return found


def needs_of(start: Any) -> list[str]:
    """The features that a `start` takes beside the context, by the names of its parameters."""
    return list(inspect.signature(start).parameters)[1:]


def order(needs: dict[str, list[str]]) -> list[str]:
    """Names so that each comes after those it needs. KeyError names a feature that is missing."""
    for name, needed in needs.items():
        for need in needed:
            if need not in needs:
                raise KeyError(f"feature {name} needs {need}, which has no wiring.py")
    return list(TopologicalSorter(needs).static_order())
