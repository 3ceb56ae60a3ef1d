"""What the command line asks of a process itself: its health and the settings of all modules."""

from typing import Any

import msgspec
from msgspec import Struct

from roschat.kernel.control import Control
from roschat.kernel.health import Parts
from roschat.kernel.settings import Settings


class Section(Struct, frozen=True):
    """Which section; with a `key`, which value of it."""

    section: str
    key: str = ""


class Assignment(Struct, frozen=True):
    """A new value in plain JSON types; `default` goes back to the one that was declared."""

    section: str
    key: str
    value: Any = None
    who: str = ""
    default: bool = False


def add_verbs(control: Control, parts: Parts, settings: Settings) -> None:
    """Answer `health` and `settings-list`, `-get`, `-set`, `-history`."""

    async def health(_: dict[str, Any]) -> Any:
        return await parts.report()

    async def listed(_: dict[str, Any]) -> Any:
        return settings.sections()

    async def get(payload: dict[str, Any]) -> Any:
        return await settings.get(msgspec.convert(payload, Section).section)

    async def change(payload: dict[str, Any]) -> Any:
        wanted = msgspec.convert(payload, Assignment)
        if wanted.default:
            await settings.reset(wanted.section, wanted.key, wanted.who)
        else:
            await settings.set(wanted.section, wanted.key, wanted.value, wanted.who)
        return await settings.get(wanted.section)

    async def history(payload: dict[str, Any]) -> Any:
        wanted = msgspec.convert(payload, Section)
        return await settings.history(wanted.section, wanted.key)

    for name, verb in {
        "health": health,
        "settings-list": listed,
        "settings-get": get,
        "settings-set": change,
        "settings-history": history,
    }.items():
        control.add(name, verb)
