"""Logins and passwords on their way to their owners by mail."""

from roschat.kernel.bus import Bus
from roschat.kernel.db import Database
from roschat.kernel.errors import RoschatError, Unavailable
from roschat.kernel.jobs import Job
from roschat.modules.ms.mail.api import GetMailState, SendLetter
from roschat.modules.server.roster import store
from roschat.modules.server.roster.seal import Seal

BATCH = 100


class Letters:
    """See the module docstring."""

    def __init__(self, db: Database, bus: Bus, seal: Seal) -> None:
        self._db = db
        self._bus = bus
        self._seal = seal

    async def check(self) -> None:
        """Raises `mail-off` when no letter can be sent."""
        try:
            state = await self._bus.call(GetMailState())
        except Unavailable:
            raise RoschatError("The part of the server that sends mail does not run.", "mail-off") from None
        if not state.on:
            raise RoschatError("No mail server is configured; set it up under Settings, Mail.", "mail-off")

    async def send(self, job: Job, plan: int, language: str) -> int:
        """Put a letter into the queue for everybody of a plan who has an address and got none; answers how many."""
        language = language if language in ("ru", "en") else ""
        position, sent = 0, 0
        while not job.cancelled:
            async with self._db.reading() as tx:
                rows = await store.sealed(tx, plan, position, BATCH, unmailed=True)
            if not rows:
                break
            position = rows[-1].position
            for row in rows:
                if row.after is None or row.secret is None or not (address := row.after.first("email")):
                    continue
                password = self._seal.open(row.secret, plan, row.position)
                values = {"name": row.name, "login": row.after.login, "password": password}
                await self._bus.call(SendLetter(address, "credentials", values, language))
                async with self._db.transaction() as tx:
                    await store.mailed(tx, plan, row.position)
                sent += 1
        return sent
