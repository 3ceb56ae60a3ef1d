"""The journal of changes as the security administrator reads it: pages, names for the filters, a file, forgetting."""

import asyncio
import csv
import io
import logging
import math
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import msgspec

from roschat.kernel import audit
from roschat.kernel.audit import Entry, Search
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import RoschatError
from roschat.kernel.formats import refuse
from roschat.kernel.settings import Live
from roschat.modules.ms.journal.api import AuditEntry, AuditNames, AuditPage, ListAudit
from roschat.modules.ms.journal.settings import Settings

log = logging.getLogger(__name__)

LARGEST_PAGE = 500
BATCH = 1000
"""Entries read at once for a file."""
FAR = 4_102_444_800.0
"""The year 2100."""
DAY = 86_400
PERIOD = 3600.0
"""Seconds between two sweeps."""
COLUMNS = ("id", "time", "who", "role", "address", "action", "subject", "before", "after")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a table program would calculate."""

_json = msgspec.json.Encoder().encode


class Changes:
    """See the module docstring."""

    def __init__(self, db: Database, clock: Clock, settings: Live[Settings]) -> None:
        self._db = db
        self._clock = clock
        self._settings = settings

    async def page(self, asked: ListAudit) -> AuditPage:
        """Entries, newest first. Raises Invalid with `fields`."""
        search = checked(asked)
        async with self._db.reading() as tx:
            found = await audit.entries(tx, search)
        last = found[-1].id if len(found) == search.count else 0
        return AuditPage([AuditEntry(*msgspec.structs.astuple(entry)) for entry in found], last)

    async def names(self) -> AuditNames:
        """What the filters offer."""
        async with self._db.reading() as tx:
            return AuditNames(*await audit.names(tx))

    async def as_csv(self, asked: ListAudit) -> AsyncIterator[bytes]:
        """A table with a semicolon and a mark of UTF-8, as table programs of Russian and other systems open it."""
        yield b"\xef\xbb\xbf"
        yield _row(COLUMNS)
        async for entry in self._all(asked):
            time = datetime.fromtimestamp(entry.time, UTC).isoformat(sep=" ", timespec="seconds")
            before, after = ("" if value is None else _json(value).decode() for value in (entry.before, entry.after))
            first = (str(entry.id), time, entry.who, entry.role, entry.address, entry.action, entry.subject)
            yield _row((*first, before, after))

    async def as_json(self, asked: ListAudit) -> AsyncIterator[bytes]:
        """An array of entries."""
        comma = b"[\n"
        async for entry in self._all(asked):
            yield comma + _json(AuditEntry(*msgspec.structs.astuple(entry)))
            comma = b",\n"
        yield b"[]\n" if comma == b"[\n" else b"\n]\n"

    async def keep_short(self) -> None:
        """Forget what is too old, again and again."""
        while True:
            try:
                await self.forget()
            except RoschatError as error:
                log.warning("old entries of the journal of changes are not cleared away: %s", error.text)
            await asyncio.sleep(PERIOD)

    async def forget(self) -> int:
        """Delete entries older than the settings want; answers how many."""
        days = self._settings.value.keep_days
        if not days:
            return 0
        async with self._db.transaction() as tx:
            return await audit.forget(tx, self._clock.now() - days * DAY)

    async def _all(self, asked: ListAudit) -> AsyncIterator[Entry]:
        search = checked(msgspec.structs.replace(asked, count=LARGEST_PAGE))
        search = msgspec.structs.replace(search, count=BATCH)
        while True:
            async with self._db.reading() as tx:
                found = await audit.entries(tx, search)
            for entry in found:
                yield entry
            if len(found) < BATCH:
                return
            search = msgspec.structs.replace(search, before=found[-1].id)


def checked(asked: ListAudit) -> Search:
    """What the journal is searched for. Raises Invalid with `fields`."""
    refuse({
        "since": "" if _is_time(asked.since) else "bad-value",
        "until": "" if _is_time(asked.until) else "bad-value",
        "before": "too-small" if asked.before < 0 else "",
        "count": "too-small" if asked.count < 1 else "too-large" if asked.count > LARGEST_PAGE else "",
    })  # fmt: skip
    return Search(asked.who, asked.action, asked.text, asked.since, asked.until, asked.before, asked.count)


def _is_time(value: float) -> bool:
    return math.isfinite(value) and 0 <= value <= FAR


def _row(cells: tuple[str, ...]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
    return text.getvalue().encode()
