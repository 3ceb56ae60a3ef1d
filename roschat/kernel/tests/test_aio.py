"""Held tasks and the bridges between the two flavours of waiting."""

import asyncio
import logging

import pytest
from twisted.internet import reactor
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.task import deferLater
from twisted.python.failure import Failure

from roschat.kernel.aio import Tasks, spawn, to_deferred, to_future


async def test_failure_of_a_task_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise ValueError("no good")

    task = spawn(fail(), "the failing one")
    await asyncio.wait({task})
    await asyncio.wait_for(asyncio.sleep(0), 1)
    assert "task the failing one failed: no good" in caplog.text
    assert any(record.exc_info for record in caplog.records)


async def test_group_ends_with_its_owner() -> None:
    tasks = Tasks("owner")
    ended = []

    async def work(name: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(name)

    running = [tasks.spawn(work(name), name) for name in ("a", "b")]
    await asyncio.sleep(0)
    assert len(tasks) == 2
    await tasks.stop()
    assert sorted(ended) == ["a", "b"]
    assert all(task.cancelled() for task in running)
    assert len(tasks) == 0
    with pytest.raises(RuntimeError, match="owner is stopped"):
        tasks.spawn(work("late"), "late")


async def test_stuck_task_is_named(caplog: pytest.LogCaptureFixture) -> None:
    tasks = Tasks("owner")
    release = asyncio.Event()

    async def stubborn() -> None:
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue

    task = tasks.spawn(stubborn(), "stubborn")
    await asyncio.sleep(0)
    with caplog.at_level(logging.ERROR):
        await tasks.stop(wait=0.01)
    assert "owner: stubborn did not end within 0.01 s" in caplog.text
    release.set()
    await task


async def test_task_may_stop_its_own_group() -> None:
    tasks = Tasks("owner")
    async with asyncio.timeout(1):
        await tasks.spawn(tasks.stop(), "the last one")


async def test_deferred_as_future() -> None:
    assert await to_future(deferLater(reactor, 0, lambda: 42)) == 42
    failing: Deferred[None] = Deferred()
    future = to_future(failing)
    failing.errback(ValueError("no good"))
    with pytest.raises(ValueError, match="no good"):
        await future


async def test_coroutine_as_deferred() -> None:
    async def answer() -> int:
        await asyncio.sleep(0)
        return 42

    got: list[int] = []
    done = asyncio.Event()
    deferred = to_deferred(answer())
    deferred.addCallback(got.append)
    deferred.addBoth(lambda _: done.set())
    await asyncio.wait_for(done.wait(), 1)
    assert got == [42]


async def test_cancelling_crosses_the_bridge() -> None:
    cancelled = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    def swallow(failure: Failure) -> None:
        assert isinstance(failure.value, CancelledError | asyncio.CancelledError)

    deferred = to_deferred(work())
    deferred.addErrback(swallow)
    await asyncio.sleep(0)
    deferred.cancel()
    await asyncio.wait_for(cancelled.wait(), 1)
