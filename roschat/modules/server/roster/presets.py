"""Saved rules of imports."""

from roschat.kernel import audit
from roschat.kernel.db import Database
from roschat.kernel.errors import NotFound
from roschat.kernel.formats import refuse
from roschat.modules.server.roster import store
from roschat.modules.server.roster.api import ImportPreset
from roschat.wire.message import Caller

MOST = 100


class Presets:
    """See the module docstring."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def listed(self) -> list[ImportPreset]:
        """All, by name."""
        async with self._db.reading() as tx:
            return await store.presets(tx)

    async def save(self, preset: ImportPreset, caller: Caller) -> None:
        """Save one under its name. Raises Invalid."""
        bad = "\0" in preset.name or not preset.name.isprintable()
        refuse(
            {
                "preset.name": "empty" if not preset.name.strip() else "bad-value" if bad else "",
                "preset.columns": "too-large" if len(preset.rules.columns) > MOST else "",
            }
        )
        refuse({"preset.name": "too-long" if len(preset.name) > 100 else ""})
        async with self._db.transaction() as tx:
            known = await store.presets(tx)
            if len(known) >= MOST and preset.name not in {one.name for one in known}:
                refuse({"preset.name": "too-large"})
            await store.put_preset(tx, preset)
            await audit.record(tx, caller, "save-import-preset", preset.name)

    async def delete(self, name: str, caller: Caller) -> None:
        """Forget one. Raises NotFound."""
        async with self._db.transaction() as tx:
            if "\0" in name or not await store.delete_preset(tx, name):
                raise NotFound(f"There is no preset {name[:100]!r}.")
            await audit.record(tx, caller, "delete-import-preset", name)
