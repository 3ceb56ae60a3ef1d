"""Clearing away: files that nobody was ever shown, uploads never finished, and what the store must still forget."""

from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.modules.server.files import store
from roschat.modules.server.files.driver import FileStore

GRACE = 86_400
"""Seconds that a loose file or an unfinished upload is kept."""
PERIOD = 600.0
"""Seconds between two sweeps."""
BATCH = 200


class Sweep:
    """One process holds the lease and runs this."""

    def __init__(self, db: Database, files: FileStore, clock: Clock) -> None:
        self._db = db
        self._files = files
        self._clock = clock

    async def once(self) -> int:
        """Clear all that is due; answers how many files and pieces went. An error leaves the rest for the next time."""
        before = self._clock.seconds() - GRACE
        async with self._db.transaction() as tx:
            await store.end_old_uploads(tx, before)
            await store.doom_loose(tx, before)
        gone = 0
        while True:
            async with self._db.reading() as tx:
                files = await store.doomed(tx, BATCH)
            async with self._db.reading() as tx:
                pieces = await store.spare_pieces(tx, BATCH)
            for name in files:
                await self._files.delete(name)
                async with self._db.reading() as tx:
                    await store.forget(tx, name)
            for name in pieces:
                await self._files.delete(name)
                async with self._db.reading() as tx:
                    await store.forget_piece(tx, name)
            gone += len(files) + len(pieces)
            if len(files) + len(pieces) == 0:
                return gone
