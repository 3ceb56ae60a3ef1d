"""Forgetting: plans after thirty days, passwords and uploaded tables after one. One process of all does it."""

import asyncio
import logging

from roschat.kernel.errors import RoschatError
from roschat.modules.server.roster.plans import Plans
from roschat.modules.server.roster.uploads import Uploads

log = logging.getLogger(__name__)

EVERY = 600
"""Seconds."""


async def keep_clear(plans: Plans, uploads: Uploads) -> None:
    """Run for ever."""
    while True:
        try:
            await plans.recover()
            await plans.clear()
            await uploads.clear()
        except RoschatError as error:
            log.warning("old mass changes are cleared away later: %s", error.text)
        await asyncio.sleep(EVERY)
