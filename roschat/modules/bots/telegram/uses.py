"""Which bots use the endpoint and how; kept in memory, because every committed message asks.

A bot is active for a day after it last asked for updates, and as long as it has a webhook. What happened to an inactive
bot's conversations is read from the journal when it comes back, as far as a day reaches.
"""

import asyncio
from collections.abc import Awaitable

from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.modules.bots.api import BotsChanged
from roschat.modules.bots.telegram import store
from roschat.modules.bots.telegram.api import TelegramUpdates, TelegramUseChanged
from roschat.modules.bots.telegram.people import as_bot
from roschat.modules.bots.telegram.store import Use
from roschat.modules.server.messages.api import GetMessagesLastRevision
from roschat.types import ContactId, Seconds

KEPT = 24 * 3600
"""Seconds that an update waits, and that a bot counts as active."""
NOTED = 60
"""Seconds between two notes of a bot's use."""
USUAL = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates there are."""


class Uses:
    """See the module docstring. `start` loads them."""

    def __init__(self, db: Database, bus: Bus, clock: Clock) -> None:
        self._db = db
        self._bus = bus
        self._clock = clock
        self._known: dict[ContactId, Use] = {}
        self._news: dict[ContactId, asyncio.Event] = {}
        self._changed: asyncio.Future[None] | None = None

    async def start(self) -> None:
        """Load, and hear of changes."""
        await self._load()
        self._bus.subscribe(TelegramUseChanged, self._reload)
        self._bus.subscribe(BotsChanged, self._bots_changed)
        self._bus.subscribe(TelegramUpdates, self._wake)

    def of(self, bot: ContactId) -> Use | None:
        """How a bot uses the endpoint."""
        return self._known.get(bot)

    def wants(self, bot: ContactId, kind: str) -> bool:
        """Whether a kind of update is to be kept for a bot."""
        use = self._known.get(bot)
        return use is not None and self._active(use) and (not use.allowed or kind in use.allowed)

    def active(self) -> list[Use]:
        """Bots whose updates are kept."""
        return [use for use in self._known.values() if self._active(use)]

    def is_active(self, bot: ContactId) -> bool:
        """Whether updates are kept for a bot."""
        use = self._known.get(bot)
        return use is not None and self._active(use)

    def news(self, bot: ContactId) -> asyncio.Event:
        """Set when an update waits for the bot or its webhook changed."""
        return self._news.setdefault(bot, asyncio.Event())

    def next_change(self) -> Awaitable[None]:
        """Done when the next bot begins to use the endpoint, comes back, or gets its updates in another way."""
        if self._changed is None or self._changed.done():
            self._changed = asyncio.Future()
        return asyncio.shield(self._changed)

    async def touch(self, bot: ContactId) -> Use:
        """The bot uses the endpoint now."""
        now = self._clock.seconds()
        use = self._known.get(bot)
        if use is not None and self._active(use) and now - use.used_time < NOTED:
            return use
        rev = (await self._bus.call(GetMessagesLastRevision(), as_bot(bot))).rev if use is None else use.rev
        async with self._db.transaction() as tx:
            if use is None:
                await store.begin(tx, bot, rev, now)
            await store.used(tx, bot, now)
            if use is None or not self._active(use):
                tx.emit(TelegramUseChanged(bot, came_back=True))
        return await self.reload(bot)

    async def reload(self, bot: ContactId) -> Use:
        """Read anew what is known of one bot."""
        async with self._db.reading() as tx:
            use = await store.use(tx, bot)
        assert use is not None
        self._known[bot] = use
        return use

    def _active(self, use: Use) -> bool:
        return bool(use.webhook) or self._clock.seconds() - use.used_time < KEPT

    async def _reload(self, event: TelegramUseChanged) -> None:
        await self.reload(event.bot)
        self._tell([event.bot])

    async def _bots_changed(self, _: BotsChanged) -> None:
        before = set(self._known)
        await self._load()
        if gone := before - set(self._known):
            self._tell(list(gone))

    async def _load(self) -> None:
        async with self._db.reading() as tx:
            self._known = {use.bot: use for use in await store.uses(tx)}

    def _tell(self, bots: list[ContactId]) -> None:
        if self._changed is not None and not self._changed.done():
            self._changed.set_result(None)
        for bot in bots:
            self.news(bot).set()

    def _wake(self, event: TelegramUpdates) -> None:
        self.news(event.bot).set()

    def oldest(self) -> Seconds:
        """Updates from before are not kept."""
        return Seconds(self._clock.seconds() - KEPT)
