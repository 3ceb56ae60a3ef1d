"""The figures of the whole installation: those of its processes put together, and those that all share."""

from collections.abc import Iterable
from contextlib import suppress

from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import RoschatError
from roschat.modules.ms.monitor import store
from roschat.modules.server.messages.api import MessagesStored
from roschat.modules.server.presence.api import OnlinePeople
from roschat.types import ContactId
from roschat.wire.component import ProcessTold

SUMMED = ("process_cpu", "process_memory", "files_open")
SUMMED_PREFIXES = ("clients_", "queue_", "sockets", "calls")


class Installation:
    """Puts the figures together; `rate` of messages counts from one sample to the next."""

    def __init__(self, db: Database, bus: Bus, clock: Clock) -> None:
        self._db = db
        self._bus = bus
        self._clock = clock
        self._messages = 0
        self._since = clock.monotonic()
        bus.subscribe(MessagesStored, self._stored)

    def _stored(self, event: MessagesStored) -> None:
        self._messages += len(event.messages)

    def messages_a_minute(self) -> float:
        """Messages stored since the last question, as a rate; begins to count anew."""
        now = self._clock.monotonic()
        passed, count = max(now - self._since, 0.001), self._messages
        self._since, self._messages = now, 0
        return count * 60 / passed

    async def gather(self, told: Iterable[ProcessTold]) -> dict[str, float]:
        """All figures but the rate of messages. What cannot be asked now is left out."""
        figures = together(told)
        try:
            async with self._db.reading() as tx:
                database = await store.database(tx)
        except RoschatError:
            pass
        else:
            figures |= {
                "database_size": float(database.size),
                "database_connections": float(database.connections),
                "outbox": float(database.outbox),
            }
        with suppress(RoschatError):
            online: list[ContactId] = await self._bus.call(OnlinePeople())
            figures["people"] = float(len(online))
        return figures


def together(told: Iterable[ProcessTold]) -> dict[str, float]:
    """The figures of several processes as one."""
    figures: dict[str, float] = {}
    for one in told:
        for name, value in one.figures.items():
            if name in SUMMED or name.startswith(SUMMED_PREFIXES):
                figures[name] = figures.get(name, 0.0) + value
            elif name == "started":
                figures[name] = min(figures.get(name, value), value)
            else:
                figures[name] = max(figures.get(name, value), value)
    return figures
