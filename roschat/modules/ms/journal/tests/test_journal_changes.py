"""The journal of changes on a real database: pages, files that table programs open, forgetting."""

import json
from collections.abc import AsyncIterator

import pytest

from roschat.kernel import audit
from roschat.kernel.bus_local import LocalBus
from roschat.kernel.clock import Clock, ManualClock
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid
from roschat.kernel.settings import Live
from roschat.modules.ms.journal.api import ListAudit
from roschat.modules.ms.journal.changes import Changes
from roschat.modules.ms.journal.settings import Settings
from roschat.types import Role
from roschat.wire.message import Caller

CHIEF = Caller(Role.ADMIN, name="chief", address="192.0.2.7")


@pytest.fixture
async def journal(dsn: str) -> AsyncIterator[tuple[Database, Changes, ManualClock, Live[Settings]]]:
    """A journal with three entries."""
    db = Database(dsn, LocalBus())
    await db.open()
    clock = ManualClock(Clock().now())
    settings = Live(Settings())
    async with db.transaction() as tx:
        for number, subject in enumerate(("first", '=SUM("a";1)', "ТРЕТИЙ")):
            await audit.record(tx, CHIEF, "thing-change", subject, None, {"number": number})
    yield db, Changes(db, clock, settings), clock, settings
    await db.close()


Journal = tuple[Database, Changes, ManualClock, Live[Settings]]


async def test_pages_go_back_to_the_first_entry(journal: Journal) -> None:
    changes = journal[1]
    first = await changes.page(ListAudit(count=2))
    assert [entry.subject for entry in first.entries] == ["ТРЕТИЙ", '=SUM("a";1)']
    last = await changes.page(ListAudit(count=2, before=first.next))
    assert [entry.subject for entry in last.entries] == ["first"]
    assert last.next == 0
    assert [entry.subject for entry in (await changes.page(ListAudit(text="третий"))).entries] == ["ТРЕТИЙ"]


async def test_a_table_calculates_nothing_of_it(journal: Journal) -> None:
    text = b"".join([part async for part in journal[1].as_csv(ListAudit())]).decode("utf-8-sig")
    lines = text.splitlines()
    assert lines[0] == "id;time;who;role;address;action;subject;before;after"
    assert '"\'=SUM(""a"";1)"' in lines[2]
    assert len(lines) == 4


async def test_a_file_of_json_is_one_array(journal: Journal) -> None:
    found = json.loads(b"".join([part async for part in journal[1].as_json(ListAudit(who="chief"))]))
    assert [entry["after"]["number"] for entry in found] == [2, 1, 0]
    assert json.loads(b"".join([part async for part in journal[1].as_json(ListAudit(who="nobody"))])) == []


async def test_what_is_too_old_is_forgotten_when_that_is_wanted(journal: Journal) -> None:
    _, changes, clock, settings = journal
    clock.advance(2000 * 86_400)
    settings.become(Settings(keep_days=0))
    assert await changes.forget() == 0
    settings.become(Settings(keep_days=2001))
    assert await changes.forget() == 0
    settings.become(Settings(keep_days=1999))
    assert await changes.forget() == 3
    assert (await changes.page(ListAudit())).entries == []


@pytest.mark.parametrize("asked", [ListAudit(count=0), ListAudit(since=float("inf")), ListAudit(until=-1.0)])
async def test_bounds(journal: Journal, asked: ListAudit) -> None:
    with pytest.raises(Invalid):
        await journal[1].page(asked)
