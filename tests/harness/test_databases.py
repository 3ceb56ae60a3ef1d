"""The harness keeps its word: every test has a database of its own with the tables of every module."""

import asyncio

import pytest
from twisted.internet import reactor
from twisted.internet.task import deferLater

from roschat.kernel.aio import to_future
from roschat.kernel.db import Database
from roschat.kernel.migrate import deltas


@pytest.mark.parametrize("visit", [1, 2])
async def test_database_is_whole_and_fresh(db: Database, visit: int) -> None:
    async with db.transaction() as tx:
        assert await tx.value("SELECT count(*) FROM kernel.migration") == len(deltas())
        await tx.run("CREATE TABLE trace_of_a_test ()")


async def test_reactor_runs_on_the_loop_of_the_tests() -> None:
    loop = await to_future(deferLater(reactor, 0, asyncio.get_running_loop))
    assert loop is asyncio.get_running_loop()
    assert await asyncio.wait_for(to_future(deferLater(reactor, 0.001, lambda: 42)), 5) == 42


def test_plain_tests_see_the_same_reactor() -> None:
    assert reactor.running
