"""Tasks that somebody holds, and the two bridges between Deferreds and Futures.

A task that nobody holds may be collected while it runs, and its error is seen by nobody. What runs beside its caller is
started here: `spawn` for a single piece of work, `Tasks` for what must end with its owner.
Awaiting a Deferred in a task fails, and a Future in an inlineCallbacks function too: both cross here.
"""

import asyncio
import logging
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar

from twisted.internet.defer import Deferred

T = TypeVar("T")

log = logging.getLogger(__name__)

_running: set[asyncio.Task[Any]] = set()


def spawn(coro: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
    """Run beside the caller. The task is held until it ends; a failure that nobody awaits is logged with its trace."""
    task = asyncio.get_running_loop().create_task(coro, name=name)
    _running.add(task)
    task.add_done_callback(_ended)
    return task


class Tasks:
    """A group of tasks that ends with its owner."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._tasks: set[asyncio.Task[Any]] = set()
        self._stopped = False

    def __len__(self) -> int:
        return len(self._tasks)

    def spawn(self, coro: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
        """Like the function `spawn`; RuntimeError after `stop`."""
        if self._stopped:
            coro.close()
            raise RuntimeError(f"{self._name} is stopped, {name} cannot start")
        task = spawn(coro, f"{self._name}: {name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def stop(self, wait: float = 5.0) -> None:
        """Cancel all and wait until they ended, at most `wait` seconds; what is stuck then is logged by name."""
        self._stopped = True
        # The task that stops its own group must not wait for itself.
        tasks = {task for task in self._tasks if task is not asyncio.current_task()}
        for task in tasks:
            task.cancel()
        if not tasks:
            return
        _, stuck = await asyncio.wait(tasks, timeout=wait)
        for task in stuck:
            log.error("%s did not end within %g s of being cancelled", task.get_name(), wait)


def to_future(deferred: Deferred[T]) -> asyncio.Future[T]:
    """A Future with the result of a Deferred. Cancelling it cancels the Deferred."""
    return deferred.asFuture(asyncio.get_running_loop())


def to_deferred(work: Awaitable[T]) -> Deferred[T]:
    """A Deferred with the result of a coroutine or Future. Cancelling it cancels the work."""
    return Deferred.fromFuture(asyncio.ensure_future(work))


def _ended(task: asyncio.Task[Any]) -> None:
    _running.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("task %s failed: %s", task.get_name(), error, exc_info=error)
