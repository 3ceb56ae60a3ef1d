"""Closes polls whose time has come. It sleeps until the next closing time, or until a poll with one is made."""

import asyncio
import logging

from roschat.kernel.clock import Clock
from roschat.kernel.errors import RoschatError
from roschat.modules.survey.polls import Polls

LONGEST_SLEEP = 30.0
"""Seconds; another process may have made a poll, or the clock may have jumped."""

log = logging.getLogger(__name__)


class Closing:
    """Run by the process that holds the lease."""

    def __init__(self, polls: Polls, clock: Clock) -> None:
        self._polls = polls
        self._clock = clock
        self._news = asyncio.Event()
        polls.on_closing = self._news.set

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._news.clear()
            try:
                while await self._polls.close_due():
                    pass
                wait = await self._until_next()
            except RoschatError as error:
                log.warning("polls are closed later: %s", error)
                wait = LONGEST_SLEEP
            try:
                async with asyncio.timeout(wait):
                    await self._news.wait()
            except TimeoutError:
                pass

    async def _until_next(self) -> float:
        soonest = await self._polls.next_closing()
        if soonest is None:
            return LONGEST_SLEEP
        return max(0.05, min(LONGEST_SLEEP, soonest - self._clock.now()))
