"""All bots at a glance: whose they are, whether they are here, and an administrator's power over them.

When a bot was last here is kept in memory and written down now and then, for the next start and other processes.
"""

import asyncio
import logging

from roschat.kernel import audit, formats
from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import NotFound, RoschatError
from roschat.modules.bots.administration import store
from roschat.modules.bots.administration.api import BotRow, DisableBot, GiveBot, ListAllBots
from roschat.modules.bots.api import BotsChanged
from roschat.modules.bots.registry import Registry
from roschat.modules.bots.store import Bot
from roschat.modules.server.accounts.api import SetAccountActive
from roschat.modules.server.messages.api import MessagesStored
from roschat.types import ContactId, Role, Seconds
from roschat.wire.message import Caller, Empty
from roschat.wire.session import SessionClosed, SessionOpened, SessionsEnded

log = logging.getLogger(__name__)

WRITE_EVERY = 60.0
"""Seconds between two writings of sightings."""


class Oversight:
    """See the module docstring."""

    def __init__(self, db: Database, bus: Bus, clock: Clock, registry: Registry) -> None:
        self._db = db
        self._bus = bus
        self._clock = clock
        self._registry = registry
        self._seen: dict[ContactId, int] = {}
        self._unwritten: set[ContactId] = set()

    def start(self) -> None:
        """Serve the console and watch the bots."""
        self._bus.serve(ListAllBots, self.listed)
        self._bus.serve(DisableBot, self.disable)
        self._bus.serve(GiveBot, self.give)
        self._bus.subscribe(SessionOpened, self._session)
        self._bus.subscribe(SessionClosed, self._session)
        self._bus.subscribe(MessagesStored, self._stored)

    def see(self, cid: ContactId) -> None:
        """A bot is here now."""
        self._seen[cid] = self._clock.seconds()
        self._unwritten.add(cid)

    async def writing(self) -> None:
        """Write sightings down until cancelled."""
        while True:
            await asyncio.sleep(WRITE_EVERY)
            await self.write()

    async def write(self) -> None:
        """Write the sightings that are not written yet."""
        cids, self._unwritten = self._unwritten, set()
        if not cids:
            return
        try:
            async with self._db.transaction() as tx:
                await store.put_seen(tx, [(cid, self._seen[cid]) for cid in sorted(cids)])
        except RoschatError as error:
            self._unwritten |= cids
            log.warning("when bots were here is not written: %s", error.text)

    async def listed(self, command: ListAllBots, _: Caller) -> list[BotRow]:
        """Serve list-all-bots."""
        async with self._db.reading() as tx:
            logins, seen = await store.logins(tx), await store.seen(tx)
        text = command.text.strip().casefold()
        rows = [self._row(bot, logins.get(bot.developer, ""), seen) for bot in self._registry.bots.values()]
        return sorted(
            (
                row
                for row in rows
                if command.developer in (-1, row.developer)
                and (not text or any(text in field.casefold() for field in (row.name, row.title, row.login)))
            ),
            key=lambda row: (row.title.casefold(), row.cid),
        )

    async def disable(self, command: DisableBot, caller: Caller) -> Empty:
        """Serve disable-bot."""
        bot = self._known(command.cid)
        if not command.disabled:
            # Before anything is written: the licence may refuse one more contact.
            await self._bus.call(SetAccountActive(bot.cid, True))
        async with self._db.transaction() as tx:
            await store.set_disabled(tx, bot.cid, command.disabled)
            await audit.record(
                tx, caller, "disable-bot", bot.name, {"disabled": bot.disabled}, {"disabled": command.disabled}
            )
            tx.emit(BotsChanged())
        await self._registry.load()
        if command.disabled:
            await self._bus.call(SetAccountActive(bot.cid, False))
            self._bus.publish(SessionsEnded(bot.cid, reason="the bot was disabled by the administrator"))
        return Empty()

    async def give(self, command: GiveBot, caller: Caller) -> Empty:
        """Serve give-bot."""
        bot = self._known(command.cid)
        async with self._db.transaction() as tx:
            logins = await store.logins(tx)
            formats.refuse({"developer": "" if command.developer in {0, *logins} else "unknown"})
            await store.give(tx, bot.cid, command.developer)
            before, after = logins.get(bot.developer, ""), logins.get(command.developer, "")
            await audit.record(tx, caller, "give-bot", bot.name, {"developer": before}, {"developer": after})
            tx.emit(BotsChanged())
        await self._registry.load()
        return Empty()

    def _known(self, cid: ContactId) -> Bot:
        bot = self._registry.bots.get(cid)
        if bot is None:
            raise NotFound(f"There is no bot {cid}.")
        return bot

    def _row(self, bot: Bot, login: str, seen: dict[ContactId, int]) -> BotRow:
        return BotRow(
            bot.cid,
            bot.name,
            bot.title,
            bot.description,
            bot.icon,
            bot.developer,
            login,
            self._registry.online[bot.cid],
            bot.disabled,
            Seconds(max(self._seen.get(bot.cid, 0), seen.get(bot.cid, 0))),
        )

    def _session(self, event: SessionOpened | SessionClosed) -> None:
        if event.caller.role is Role.BOT:
            self.see(event.caller.cid)

    def _stored(self, event: MessagesStored) -> None:
        for message in event.messages:
            if message.sender in self._registry.bots:
                self.see(message.sender)
