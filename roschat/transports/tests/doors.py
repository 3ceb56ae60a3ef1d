"""Two processes of one host for tests: one has the listeners, the other the routes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from roschat.transports.doors import Doors
from roschat.transports.listen import Listeners
from roschat.transports.tests.served import Served

OUTER, INNER = "outer---", "inner---"


@asynccontextmanager
async def joined(server: Served, inner: Listeners, folder: Path) -> AsyncIterator[tuple[Doors, Doors]]:
    """The console of `server` shows what `inner` serves; the doors of both."""
    doors = []
    for process, listeners, opened in ((OUTER, server.listeners, ["console"]), (INNER, inner, [])):
        # Longer than the path of a Unix socket may be.
        place = folder / process / ("x" * 100)
        place.mkdir(parents=True)
        door = Doors(server.bus, process, "", place, server.settings)
        door.open(listeners, opened)
        doors.append(door)
    yield doors[0], doors[1]
    for door in doors:
        await door.close()
