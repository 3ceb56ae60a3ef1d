"""Makes backups when the schedule says so; a time that was missed because the server was off is made up for."""

import asyncio
import logging

from roschat.kernel.errors import RoschatError
from roschat.kernel.settings import Live
from roschat.modules.db.service import Backups
from roschat.modules.db.settings import Settings

LONGEST_SLEEP = 60.0
"""Seconds; the clock may jump, and so may the settings."""
AFTER_FAILURE = 600.0

log = logging.getLogger(__name__)


class Schedule:
    """Run by the process that holds the lease."""

    def __init__(self, backups: Backups, settings: Live[Settings]) -> None:
        self._backups = backups
        self._news = asyncio.Event()
        settings.on_change(lambda _: self._news.set())

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._news.clear()
            try:
                wait = await self._backups.due_in()
                if wait == 0:
                    await self._backups.make_due()
                    continue
            except RoschatError as error:
                log.warning("the backup by schedule was not made: %s", error.text)
                wait = AFTER_FAILURE
            try:
                async with asyncio.timeout(LONGEST_SLEEP if wait is None else min(wait, LONGEST_SLEEP)):
                    await self._news.wait()
            except TimeoutError:
                pass
