"""getUpdates: updates in their order, waited for without asking the database again and again.

One request per bot waits at a time. A second one is refused with 409, unless the first goes within a moment: a program
that was restarted hangs up and asks anew at once.
"""

import asyncio
from typing import Any

import msgspec

from roschat.kernel.db import Database
from roschat.modules.bots.telegram import store
from roschat.modules.bots.telegram.api import TelegramUseChanged
from roschat.modules.bots.telegram.params import Params
from roschat.modules.bots.telegram.refusals import Refused
from roschat.modules.bots.telegram.uses import USUAL, Uses
from roschat.types import ContactId

LONGEST = 50
"""Seconds that a request waits at most."""
GRACE = 1.0
"""Seconds that a second request waits for the first to go."""
MAX_UPDATES = 100


class Polling:
    """Serves getUpdates."""

    def __init__(self, db: Database, uses: Uses, *, grace: float = GRACE) -> None:
        self._db = db
        self._uses = uses
        self._grace = grace
        self._waiting: dict[ContactId, asyncio.Event] = {}

    async def get_updates(self, bot: ContactId, params: Params) -> list[dict[str, Any]]:
        """Updates from `offset` on; those before it are confirmed and gone."""
        limit = params.number("limit", MAX_UPDATES)
        if not 1 <= limit <= MAX_UPDATES:
            limit = MAX_UPDATES
        offset = params.number("offset", 0)
        wait = min(max(params.number("timeout", 0), 0), LONGEST)
        use = await self._uses.touch(bot)
        if use.webhook:
            raise Refused(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
                409,
            )
        await self._alone(bot)
        gone = self._waiting[bot] = asyncio.Event()
        try:
            await set_allowed(self._db, self._uses, bot, params)
            return await self._get(bot, offset, limit, wait)
        finally:
            del self._waiting[bot]
            gone.set()

    async def _alone(self, bot: ContactId) -> None:
        try:
            async with asyncio.timeout(self._grace):
                while (other := self._waiting.get(bot)) is not None:
                    await other.wait()
        except TimeoutError:
            raise Refused(
                "terminated by other getUpdates request; make sure that only one bot instance is running", 409
            ) from None

    async def _get(self, bot: ContactId, offset: int, limit: int, wait: int) -> list[dict[str, Any]]:
        news = self._uses.news(bot)
        if offset:
            async with self._db.transaction() as tx:
                if offset < 0:
                    offset = await store.first_of_last(tx, bot, -offset)
                await store.confirm(tx, bot, offset)
        try:
            async with asyncio.timeout(wait or None):
                while True:
                    news.clear()
                    async with self._db.reading() as tx:
                        found = await store.waiting(tx, bot, offset, limit)
                    if found or not wait:
                        return [told(update) for update in found]
                    await news.wait()
                    use = self._uses.of(bot)
                    if use is not None and use.webhook:
                        raise Refused("terminated by setWebhook request", 409)
        except TimeoutError:
            return []


def told(update: store.Update) -> dict[str, Any]:
    """An Update object."""
    return {"update_id": update.id, update.kind: msgspec.Raw(update.payload.encode())}


async def set_allowed(db: Database, uses: Uses, bot: ContactId, params: Params) -> None:
    """Keep which kinds of updates the bot wants, when it says so; kinds that do not exist here are passed over."""
    if "allowed_updates" not in params:
        return
    named = params.strings("allowed_updates")
    wanted = sorted(set(named) & set(USUAL)) if named else []
    if named and not wanted:
        wanted = ["none"]
    use = uses.of(bot)
    if use is not None and use.allowed != wanted:
        async with db.transaction() as tx:
            await store.set_allowed(tx, bot, wanted)
            tx.emit(TelegramUseChanged(bot))
        await uses.reload(bot)
