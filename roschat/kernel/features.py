"""A module of several features: every sub-folder with a `wiring.py`, each started after those it takes as arguments.

    # modules/server/chats/wiring.py
    async def start(context: Context, messages: MessagesFeature) -> ChatsFeature: ...

What `start` answers has `async stop()` and `async health()`.
"""

import importlib
import inspect
import sys
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from msgspec import structs

from roschat.kernel.service import Context, Health, Module, State


class FeatureModule(Module):
    """Starts the features beside its module.py in the order of their needs; stops them in the reverse order."""

    def __init__(self) -> None:
        self._running: dict[str, Any] = {}

    async def start(self, context: Context) -> None:
        """Start all features; when one fails, those that run are stopped again."""
        starts = features(type(self).__module__)
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
        """The worst state of a feature, and what the others have to say."""
        said: list[Health] = []
        for name, feature in self._running.items():
            health: Health = await feature.health()
            for one in (health, *health.also):
                if one.text:
                    ru = f"{name}: {one.ru}" if one.ru else ""
                    said.append(structs.replace(one, text=f"{name}: {one.text}", ru=ru, also=()))
        if not said:
            return Health()
        worst = max(said, key=lambda one: list(State).index(one.state))
        return structs.replace(worst, also=tuple(one for one in said if one is not worst))


def features(module: str) -> dict[str, Any]:
    """The `start` of every feature folder beside a module.py (its import name), by the folder's name."""
    file = sys.modules[module].__file__
    assert file is not None
    package = module.rpartition(".")[0]
    return {
        found.parent.name: importlib.import_module(f"{package}.{found.parent.name}.wiring").start
        for found in sorted(Path(file).parent.glob("*/wiring.py"))
    }


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
