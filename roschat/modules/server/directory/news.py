"""Changes of cards on their way to the people who are online.

They are gathered for a moment: of several changes of one card only the last is told, and when more cards than MANY
changed (an import, a synchronisation) people are told once to ask what changed.
"""

import asyncio
import logging
from collections.abc import Sequence

from roschat.kernel.bus import Bus
from roschat.kernel.errors import Denied, RoschatError
from roschat.modules.server.directory.api import ContactChangeEvent, ContactView, DirectoryChangeEvent, SeeDirectory
from roschat.modules.server.presence.api import OnlinePeople
from roschat.types import ContactId, Revision
from roschat.wire.delivery import deliver
from roschat.wire.message import ClientEvent

log = logging.getLogger(__name__)

INTERVAL = 0.3
"""Seconds for which changes are gathered."""
MANY = 50
AUDIENCE = 1000
"""People in one delivery, so that no single message between processes grows with the company."""


class News:
    """See the module docstring."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._changed: dict[ContactId, ContactView] = {}
        self._waiting = asyncio.Event()

    def add(self, view: ContactView) -> None:
        """A card changed."""
        self._changed.pop(view.cid, None)
        self._changed[view.cid] = view
        self._waiting.set()

    async def keep_telling(self) -> None:
        """Run for ever."""
        while True:
            await self._waiting.wait()
            await asyncio.sleep(INTERVAL)
            await self.tell()

    async def tell(self) -> None:
        """Tell what was gathered. When that is not possible now it is told later."""
        changed, self._changed = self._changed, {}
        self._waiting.clear()
        if not changed:
            return
        try:
            everybody, restricted = await self._readers()
        except RoschatError as error:
            log.warning("changes of %d cards are told later: %s", len(changed), error.text)
            self._changed = changed | self._changed
            self._waiting.set()
            return
        rev = max(view.rev for view in changed.values())
        if len(changed) > MANY:
            self._deliver(DirectoryChangeEvent(Revision(rev)), everybody)
        else:
            for view in changed.values():
                self._deliver(ContactChangeEvent(view), everybody)
        # They ask what changed and get what they may see of it.
        self._deliver(DirectoryChangeEvent(Revision(rev)), restricted)

    async def _readers(self) -> tuple[list[ContactId], list[ContactId]]:
        """The people online: those who may see every card, and the others."""
        people = await self._bus.call(OnlinePeople())
        if not self._bus.asked(SeeDirectory):
            return people, []
        restricted = []
        for person in people:
            try:
                await self._bus.ask(SeeDirectory(person))
            except Denied:
                restricted.append(person)
        hidden = set(restricted)
        return [person for person in people if person not in hidden], restricted

    def _deliver(self, message: ClientEvent, people: Sequence[ContactId]) -> None:
        for start in range(0, len(people), AUDIENCE):
            self._bus.publish(deliver(message, people[start : start + AUDIENCE]))
