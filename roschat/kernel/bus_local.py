"""The bus inside one process: a call is an await, an event is a function call.

Commands run in the task of their caller. The clock over a call starts only when the service really waits for something,
and one timer of the loop watches all calls with the same timeout, so a call costs about a microsecond.
`strict` encodes and decodes every message, reply and caller on its way, so nobody gets used to sharing objects.
"""

import asyncio
import inspect
import logging
import types
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from operator import itemgetter
from typing import Any, TypeVar, cast

from roschat.kernel.bus import Serving, Undo
from roschat.kernel.bus_codec import caller_decoder, copy, defect, encode, name_of, reply_decoder_of
from roschat.kernel.errors import RoschatError, Unavailable
from roschat.wire.message import SYSTEM, Caller, Command, Event, Hook

log = logging.getLogger(__name__)

E = TypeVar("E", bound=Event)
H = TypeVar("H", bound=Hook)
R = TypeVar("R")

T = TypeVar("T")

Opinion = Callable[[Any], Awaitable[None]]

DRAIN = 5.0
"""Seconds that a subscriber has to hear what stands in its queue when it is taken back."""


class LocalBus:
    """See kernel/bus.py for what it promises. `on_error` is told the name of an event that a subscriber failed on."""

    def __init__(self, *, strict: bool = False, on_error: Callable[[str], None] | None = None) -> None:
        self.strict = strict
        self._on_error = on_error
        self._subscribers: dict[type[Event], list[Callable[[Any], object]]] = {}
        self._queues: list[_Queue] = []
        self._servers: dict[type[Command[Any]], Serving[Any]] = {}
        self._opinions: dict[type[Hook], list[tuple[int, Opinion]]] = {}
        self._deadlines: dict[float, _Deadlines] = {}

    def publish(self, event: Event) -> None:
        """Run plain subscribers now, queue for the others."""
        if self.strict:
            event = copy(event)
        self.hand_out(event)

    def hand_out(self, event: Event) -> None:
        """Give an event to the subscribers of this process as it is."""
        for fn in self._subscribers.get(type(event), ()):
            try:
                fn(event)
            except Exception:
                self._failed(event)

    def subscribe(self, kind: type[E], fn: Callable[[E], Awaitable[None] | None]) -> Undo:
        """See Bus."""
        name_of(kind)
        queue: _Queue | None = None
        listener: Callable[[E], object] = fn
        if _is_coroutine_function(fn):
            queue = _Queue(cast("Callable[[E], Awaitable[None]]", fn), self._failed)
            self._queues.append(queue)
            listener = queue.put
        # Lists are replaced, never changed: somebody may be going through the old one.
        self._subscribers[kind] = [*self._subscribers.get(kind, ()), listener]

        async def undo() -> None:
            self._subscribers[kind] = _without(self._subscribers.get(kind, []), listener)
            if queue is not None and queue in self._queues:
                self._queues.remove(queue)
                await queue.end(DRAIN)

        return undo

    async def call(self, command: Command[R], caller: Caller = SYSTEM, timeout: float = 10.0) -> R:  # noqa: ASYNC109
        """See Bus. After `timeout` seconds the service is cancelled and the caller sees Unavailable."""
        kind = type(command)
        serving = self._servers.get(kind)
        if serving is None:
            raise Unavailable(f"Nobody serves {name_of(kind)}: the module that does is not running.")
        if self.strict:
            command = copy(command)
            caller = caller_decoder.decode(encode(caller))
        try:
            reply = await self._within(timeout, cast("Coroutine[Any, Any, R]", serving(command, caller)), kind)
        except RoschatError:
            raise
        except Exception:
            log.exception("command %s failed", name_of(kind))
            raise defect(name_of(kind)) from None
        if self.strict:
            reply = reply_decoder_of(kind).decode(encode(reply))
        return reply

    def serve(self, kind: type[Command[R]], fn: Callable[[Any, Caller], Awaitable[R]]) -> Undo:
        """See Bus."""
        if kind in self._servers:
            raise ValueError(f"{name_of(kind)} is served twice: {self._servers[kind]!r} and {fn!r}")
        name_of(kind)
        serving = self._servers[kind] = fn if _is_coroutine_function(fn) else _awaited(fn)

        async def undo() -> None:
            if self._servers.get(kind) is serving:
                del self._servers[kind]

        return undo

    def serves(self, kind: type[Command[Any]]) -> bool:
        """Whether this process serves the command."""
        return kind in self._servers

    def answer(self, kind: type[H], fn: Callable[[H], Awaitable[None]], order: int = 100) -> Undo:
        """See Bus. Opinions of the same order are asked in the order they were registered."""
        name_of(kind)
        opinion = order, fn
        self._opinions[kind] = sorted([*self._opinions.get(kind, ()), opinion], key=itemgetter(0))

        async def undo() -> None:
            left = _without(self._opinions.get(kind, []), opinion)
            if left:
                self._opinions[kind] = left
            else:
                self._opinions.pop(kind, None)

        return undo

    def orders(self, kind: type[Hook]) -> list[int]:
        """The orders at which this process answers a hook."""
        return sorted({order for order, _ in self._opinions.get(kind, ())})

    async def ask(self, hook: Hook) -> None:
        """See Bus."""
        if self.strict:
            hook = copy(hook)
        for _, fn in self._opinions.get(type(hook), ()):
            await self._opinion(fn, hook)

    async def ask_at(self, hook: Hook, order: int) -> None:
        """Ask only the opinions of one order, for an asker in another process who goes through the orders."""
        for at, fn in self._opinions.get(type(hook), ()):
            if at == order:
                await self._opinion(fn, hook)

    def asked(self, kind: type[Hook]) -> bool:
        """See Bus."""
        return kind in self._opinions

    async def open(self) -> None:
        """Nothing to connect to."""

    async def settled(self) -> None:
        """Nothing to wait for: what is served here is known here."""

    def health(self) -> str:
        """Always well."""
        return ""

    async def close(self, timeout: float = 5.0) -> None:  # noqa: ASYNC109
        """Let queued events be heard, for at most `timeout` seconds, then end the queues."""
        for queue in self._queues:
            queue.finish()
        tasks = [queue.task for queue in self._queues]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=timeout)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self._queues.clear()
        self._subscribers.clear()
        for deadlines in self._deadlines.values():
            deadlines.close()

    async def _opinion(self, fn: Opinion, hook: Hook) -> None:
        try:
            await fn(hook)
        except RoschatError:
            raise
        except Exception:
            log.exception("an answer to hook %s failed", name_of(type(hook)))
            raise defect(name_of(type(hook))) from None

    async def _within(self, timeout: float, work: Coroutine[Any, Any, R], kind: type[Command[Any]]) -> R:  # noqa: ASYNC109
        try:
            waiting = work.send(None)
        except StopIteration as done:
            return cast("R", done.value)
        deadlines = self._deadlines.get(timeout)
        if deadlines is None:
            deadlines = self._deadlines[timeout] = _Deadlines(timeout)
        task = cast("asyncio.Task[Any]", asyncio.current_task())
        number = deadlines.add(task)
        cancelling = task.cancelling()
        try:
            return await _rest_of(work, waiting)
        except asyncio.CancelledError:
            if deadlines.passed(number) and task.uncancel() <= cancelling:
                raise Unavailable(
                    f"{name_of(kind)} was not carried out within {timeout:g} seconds; try again."
                ) from None
            raise
        finally:
            deadlines.drop(number)

    def _failed(self, event: Event) -> None:
        name = name_of(type(event))
        log.exception("a subscriber of %s failed", name)
        if self._on_error is not None:
            self._on_error(name)


class _Queue:
    """One coroutine subscriber: its events wait in line and are heard one after the other."""

    def __init__(self, fn: Callable[[Any], Awaitable[None]], failed: Callable[[Event], None]) -> None:
        self._fn = fn
        self._failed = failed
        self._events: deque[Event] = deque()
        self._more = asyncio.Event()
        self._finishing = False
        self.task = asyncio.create_task(self._run(), name=f"subscriber {fn!r}")

    def put(self, event: Event) -> None:
        """Stand in line."""
        self._events.append(event)
        self._more.set()

    def finish(self) -> None:
        """End the task when the line is empty."""
        self._finishing = True
        self._more.set()

    async def end(self, timeout: float) -> None:  # noqa: ASYNC109
        """Finish, for at most `timeout` seconds."""
        self.finish()
        if self.task is asyncio.current_task():
            return  # It takes itself back, and ends when it has heard this event.
        _, late = await asyncio.wait({self.task}, timeout=timeout)
        for task in late:
            task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await self._more.wait()
            while self._events:
                event = self._events.popleft()
                try:
                    await self._fn(event)
                except Exception:
                    self._failed(event)
            if self._finishing:
                return
            self._more.clear()


class _Deadlines:
    """Calls that share one timeout, in the order they began: the first is late first, so one timer is enough."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._loop = asyncio.get_running_loop()
        self._calls: dict[int, tuple[float, asyncio.Task[Any]]] = {}
        self._late: set[int] = set()
        self._number = 0
        self._timer: asyncio.TimerHandle | None = None

    def add(self, task: "asyncio.Task[Any]") -> int:
        """Watch a call; its number is for `drop`."""
        self._number = number = self._number + 1
        due = self._loop.time() + self._timeout
        self._calls[number] = (due, task)
        if self._timer is None:
            self._timer = self._loop.call_at(due, self._check)
        return number

    def drop(self, number: int) -> None:
        """The call has ended."""
        self._calls.pop(number, None)
        self._late.discard(number)

    def passed(self, number: int) -> bool:
        """Whether the call was cancelled because its time was over."""
        return number in self._late

    def close(self) -> None:
        """Forget the timer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _check(self) -> None:
        self._timer = None
        now = self._loop.time()
        for number, (due, task) in list(self._calls.items()):
            if due > now + 0.001:
                self._timer = self._loop.call_at(due, self._check)
                return
            del self._calls[number]
            self._late.add(number)
            task.cancel()


@types.coroutine
def _rest_of(work: Coroutine[Any, Any, R], waiting: Any) -> Generator[Any, Any, R]:
    """Go on with a coroutine that was already started and now waits for `waiting` (PEP 380 by hand)."""
    try:
        while True:
            try:
                sent = yield waiting
            except GeneratorExit:
                work.close()
                raise
            except BaseException as error:
                waiting = work.throw(error)
            else:
                waiting = work.send(sent)
    except StopIteration as done:
        return cast("R", done.value)


def _without(items: list[T], one: T) -> list[T]:
    """A copy of a list without the item (that very one)."""
    return [item for item in items if item is not one]


def _is_coroutine_function(fn: Callable[..., Any]) -> bool:
    return inspect.iscoroutinefunction(fn) or inspect.iscoroutinefunction(getattr(fn, "__call__", None))  # noqa: B004


def _awaited(fn: Callable[[Any, Caller], Awaitable[R]]) -> Serving[R]:
    """A coroutine function around a function that returns some other awaitable."""

    async def serving(command: Any, caller: Caller) -> R:
        return await fn(command, caller)

    return serving
