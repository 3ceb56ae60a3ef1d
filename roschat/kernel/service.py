"""What a module is and what the runtime gives it.

Life cycle: the loader builds `Module()` of every enabled `modules/<name>/module.py`, awaits `start(context)` in the
order of their needs, later `stop()` in the reverse order. `Context` is seen by module.py alone: it hands services the
two or three things they need.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, TypeVar

from msgspec import Struct

from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.http import Routes
from roschat.kernel.jobs import Jobs
from roschat.kernel.lease import Leases
from roschat.kernel.metrics import Metrics
from roschat.kernel.secrets import Secrets
from roschat.kernel.settings import Live

S = TypeVar("S", bound=Struct)


class State(StrEnum):
    """How a part of the program is."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"


class Health(Struct, frozen=True):
    """The state of a part in one word and, when not ok, in one sentence with the cause and the fix.

    What the console shows in its window of problems is said here too: give a part that an administrator can put right a
    `code`, its text in Russian and the page that fixes it. A part that is ok and has a text gives a notice.
    """

    state: State = State.OK
    text: str = ""
    ru: str = ""
    """The text in Russian; empty: the English one is shown."""
    code: str = ""
    """A stable name of the problem, such as `certificate-expires`; empty: the name of the part."""
    fix: str = ""
    """The path of the console's page where it is put right, such as /settings/certificate."""
    also: tuple["Health", ...] = ()
    """What else is wrong with the same part."""


class SettingsSource(Protocol):
    """Where a module gets its live settings from."""

    async def section(self, name: str, kind: type[S]) -> Live[S]:
        """The settings section of a module, validated, kept current."""


@dataclass(frozen=True)
class Context:
    """The runtime as one module sees it."""

    name: str
    data: Path
    """The data folder of this installation; a module keeps its files in `data / name`."""
    bus: Bus
    db: Database
    routes: Callable[[str], Routes]
    """HTTP routes of a listener by its name: http, https, console."""
    settings: SettingsSource
    secrets: Secrets
    clock: Clock
    leases: Leases
    metrics: Metrics
    jobs: Jobs
    local: dict[str, Any]
    """The module's section of etc/roschat/*.toml, decoded by the module's `Local`."""
    shared: bool = False
    """Other processes run beside this one. What they write in the database comes as an event, a moment later."""


class Module:
    """Base of `modules/<name>/module.py`: builds its objects, serves and subscribes. No rules in it."""

    async def start(self, context: Context) -> None:
        """Build, serve, subscribe. An exception fails the module."""

    async def stop(self) -> None:
        """Let go of everything that `start` took."""

    async def health(self) -> Health:
        """How the module is now; must answer within a second."""
        return Health()
