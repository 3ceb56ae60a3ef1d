"""After a change of rules: sessions that may not be are ended, and those who are online ask anew what they may do.

Changes are gathered for a moment, in which other processes also learn which questions are answered now.
"""

import asyncio
import logging

from roschat.kernel.bus import Bus
from roschat.kernel.errors import RoschatError
from roschat.modules.role_manager.api import PermissionsChangeEvent
from roschat.modules.role_manager.rulebook import Rulebook
from roschat.modules.role_manager.rules import Tables
from roschat.modules.role_manager.sight import changed
from roschat.modules.server.accounts.api import SignInRulesChanged
from roschat.modules.server.directory.api import VisibilityChanged
from roschat.modules.server.presence.api import OnlinePeople
from roschat.wire.delivery import deliver

INTERVAL = 0.3
AUDIENCE = 1000
"""People in one delivery, so that no message between processes grows with the company."""

log = logging.getLogger(__name__)


class News:
    """See the module docstring."""

    def __init__(self, bus: Bus, rulebook: Rulebook) -> None:
        self._bus = bus
        self._rulebook = rulebook
        self._told: Tables | None = None
        self._waiting = asyncio.Event()

    def note(self, before: Tables, _: Tables) -> None:
        """The tables have changed; `before` are those that people were told of."""
        if self._told is None:
            self._told = before
        self._waiting.set()

    async def keep_telling(self) -> None:
        """Run for ever."""
        while True:
            await self._waiting.wait()
            await asyncio.sleep(INTERVAL)
            self._waiting.clear()
            try:
                await self.tell()
            except RoschatError as error:
                log.warning("a change of roles is told later: %s", error.text)
                self._waiting.set()

    async def tell(self) -> None:
        """Tell what was gathered. Raises Unavailable, then nobody was told."""
        before, after = self._told, self._rulebook.tables
        if before is None:
            return
        people = await self._bus.call(OnlinePeople())
        self._told = None
        self._bus.publish(SignInRulesChanged())
        differs = changed(before, after)
        viewers = [cid for cid in people if differs(cid)]
        hidden = set(viewers)
        others = [cid for cid in people if cid not in hidden]
        for contacts, audience in ((True, viewers), (False, others)):
            for start in range(0, len(audience), AUDIENCE):
                part = audience[start : start + AUDIENCE]
                if contacts:
                    self._bus.publish(VisibilityChanged(part))
                self._bus.publish(deliver(PermissionsChangeEvent(contacts), part))
