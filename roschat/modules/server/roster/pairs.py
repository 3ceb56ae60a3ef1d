"""Logins with their new passwords, given out once: when the table has gone out whole, the passwords are deleted."""

from collections.abc import AsyncIterator

from roschat.kernel import audit
from roschat.kernel.db import Database
from roschat.kernel.errors import NotFound
from roschat.modules.server.roster import store
from roschat.modules.server.roster.exporting import heading, table
from roschat.modules.server.roster.plans import Plans
from roschat.modules.server.roster.seal import Seal
from roschat.modules.server.roster.tables import Batches
from roschat.wire.message import Caller

BATCH = 500
COLUMNS = ("surname", "name", "patronymic", "number", "email", "login", "password")


class Pairs:
    """See the module docstring."""

    def __init__(self, db: Database, seal: Seal, plans: Plans) -> None:
        self._db = db
        self._seal = seal
        self._plans = plans

    async def table(self, plan: int, kind: str, language: str, caller: Caller) -> tuple[str, AsyncIterator[bytes]]:
        """The content type and the table. Raises NotFound when there is nothing to give out (any more)."""
        view = await self._plans.view(plan)
        if not view.passwords:
            raise NotFound("The passwords of this plan have been downloaded already, or are older than a day.")
        headings = [heading(column, language) for column in COLUMNS]
        content_type, body = table(kind, headings, self._rows(plan))
        async with self._db.transaction() as tx:
            text = f"mass change {plan}: {view.passwords} passwords"
            await audit.record(tx, caller, "download-mass-passwords", text)
        return content_type, self._once(plan, body)

    async def _once(self, plan: int, body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        async for chunk in body:
            yield chunk
        # Only here has everything been taken by the reader; a download that broke off can be repeated.
        async with self._db.transaction() as tx:
            await store.forget_secrets(tx, plan)

    async def _rows(self, plan: int) -> Batches:
        position = 0
        while True:
            async with self._db.reading() as tx:
                rows = await store.sealed(tx, plan, position, BATCH)
            if not rows:
                return
            position = rows[-1].position
            yield [self._line(plan, row) for row in rows]

    def _line(self, plan: int, row: store.PlannedRow) -> list[str]:
        person = row.after
        assert person is not None
        assert row.secret is not None
        known = [person.login if column == "login" else person.first(column) for column in COLUMNS[:-1]]
        return [*known, self._seal.open(row.secret, plan, row.position)]
