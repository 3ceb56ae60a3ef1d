"""Wires the bots module."""

from pathlib import Path

import roschat
from roschat.kernel.aio import Tasks
from roschat.kernel.passwords import Passwords
from roschat.kernel.service import Context, Module
from roschat.kernel.tries import Tries
from roschat.modules.bots.administration.accounts import DeveloperAccounts
from roschat.modules.bots.administration.oversight import Oversight
from roschat.modules.bots.conversation import Conversation
from roschat.modules.bots.developers import Developers
from roschat.modules.bots.feed import Feed
from roschat.modules.bots.keyboards import Keyboards
from roschat.modules.bots.panel import Panel
from roschat.modules.bots.registry import Registry
from roschat.modules.bots.telegram import wiring as telegram

DIST = Path(roschat.__file__).parent / "web" / "developers" / "dist"


class Bots(Module):
    """Registry, conversations, keyboards, feed, developers and their panel."""

    async def start(self, context: Context) -> None:
        """Build and serve."""
        self._passwords = Passwords()
        registry = Registry(context.db, context.bus)
        await registry.start()
        keyboards = Keyboards(context.db, context.bus, registry)
        keyboards.start()
        Conversation(context.bus, keyboards).start()
        Feed(context.bus, registry).start()
        developers = Developers(context.db, context.bus, context.clock, self._passwords, Tries(context.clock))
        developers.start()
        DeveloperAccounts(context.db, context.bus, self._passwords, registry).start()
        self._oversight = Oversight(context.db, context.bus, context.clock, registry)
        self._oversight.start()
        self._tasks = Tasks("bots")
        self._tasks.spawn(self._oversight.writing(), "sightings")
        Panel(context.bus, developers, DIST).add_to(context.routes("https"))
        self._telegram = await telegram.start(context, registry, self._oversight.see)

    async def stop(self) -> None:
        """End the Telegram endpoint's tasks and the password threads."""
        await self._telegram.stop()
        await self._tasks.stop()
        await self._oversight.write()
        self._passwords.close()
