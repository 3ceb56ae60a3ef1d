"""Who an announcement goes to: always active people with an account, however they were chosen."""

from collections.abc import Sequence
from typing import Any

import msgspec

from roschat.kernel import formats
from roschat.kernel.bus import Bus
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid
from roschat.modules.server.contacts.api import ContactFilter, ContactIds
from roschat.modules.server.support import store
from roschat.types import ContactId

AUDIENCES = ("all", "chosen", "filter")
MAX_CHOSEN = 100_000
_KNOWN = frozenset(ContactFilter.__struct_encode_fields__)


class Audience:
    """See the module docstring."""

    def __init__(self, db: Database, bus: Bus) -> None:
        self._db = db
        self._bus = bus

    async def of(self, audience: str, cids: Sequence[ContactId], wanted: dict[str, Any]) -> list[ContactId]:
        """Everybody in it. Raises Invalid with `fields`."""
        checked = check(audience, cids, wanted)
        among: Sequence[ContactId] | None = None
        if audience == "chosen":
            among = cids
        elif audience == "filter":
            among = await self._bus.call(ContactIds(checked), timeout=60)
        async with self._db.reading() as tx:
            return await store.reached(tx, among)


def check(audience: str, cids: Sequence[ContactId], wanted: dict[str, Any]) -> ContactFilter:
    """The filter, when it is one. Raises Invalid: a word that is not understood must not mean everybody."""
    chosen = ""
    if audience == "chosen":
        chosen = "empty" if not cids else ("too-long" if len(cids) > MAX_CHOSEN else "")
        if any(not 0 < cid < 2**63 for cid in cids):
            chosen = "bad-value"
    formats.refuse({"audience": "" if audience in AUDIENCES else "bad-value", "cids": chosen})
    if audience != "filter":
        return ContactFilter()
    unknown = wanted.keys() - _KNOWN
    try:
        if unknown:
            raise Invalid(f"There is no filter {min(unknown)!r}.", fields={"filter": "bad-value"})
        return msgspec.convert(wanted, ContactFilter, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid(f"The filter is not one: {error}.", fields={"filter": "bad-value"}) from None
