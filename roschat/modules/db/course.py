"""How far long work in a thread is, and a way to stop it: the thread counts, the loop looks."""

import asyncio
import shutil
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from roschat.kernel.aio import spawn
from roschat.kernel.errors import RoschatError
from roschat.kernel.jobs import Job

T = TypeVar("T")

LOOK = 0.5
"""Seconds between two looks."""


class Stopped(RoschatError):
    """Somebody cancelled the work; what it had made is removed again."""

    code = "cancelled"


class Course:
    """Of one piece of work. `done` and `total` are bytes; `text` is what it is at."""

    def __init__(self, job: Job | None = None) -> None:
        self.done = 0
        self.total = 0
        self.text = ""
        self.stop = False
        self._job = job

    def step(self, count: int) -> None:
        """So much more is done. Raises Stopped when somebody cancelled it."""
        self.done += count
        if self.stop:
            raise Stopped("The work was cancelled; nothing was changed.")

    async def at(self, text: str) -> None:
        """Tell what the work is at. Raises Stopped as `step` does."""
        self.text = text
        if self._job is not None:
            self.stop = self.stop or self._job.cancelled
            await self._job.progress(self.done, max(self.total, self.done), text)
        self.step(0)

    async def thread(self, work: Callable[[], T]) -> T:
        """Run blocking work in a thread to its end; when the caller is cancelled the thread ends first."""
        task = spawn(_quietly(work), "backup thread")
        try:
            while not task.done():
                await asyncio.wait({task}, timeout=LOOK)
                if self._job is not None:
                    self.stop = self.stop or self._job.cancelled
                    await self._job.progress(self.done, max(self.total, self.done + 1), self.text)
        finally:
            if not task.done():
                self.stop = True
                await asyncio.wait({task})
        result, error = task.result()
        if error is not None:
            raise error
        return result  # type: ignore[return-value]

    async def waiting(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end; it is cancelled when somebody cancels the job. Raises Stopped then."""
        task = spawn(_outcome(work), "backup step")
        try:
            while not task.done():
                await asyncio.wait({task}, timeout=LOOK)
                if self._job is not None and self._job.cancelled:
                    self.stop = True
                    self.step(0)
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait({task})
        result, error = task.result()
        if error is not None:
            raise error
        return result  # type: ignore[return-value]

    async def remove(self, folder: Path) -> None:
        """Delete a folder of ours, also when the work was cancelled; what is gone already is fine."""
        await asyncio.shield(asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True))


async def _outcome(work: Coroutine[Any, Any, T]) -> tuple[T | None, Exception | None]:
    try:
        return await work, None
    except Exception as error:
        return None, error


async def _quietly(work: Callable[[], T]) -> tuple[T | None, Exception | None]:
    """The outcome as a value: an error is for whoever waits, not for the log."""
    try:
        return await asyncio.to_thread(work), None
    except Exception as error:
        return None, error
