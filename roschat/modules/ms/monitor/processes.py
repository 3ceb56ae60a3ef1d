"""The processes of the installation: asked how they are, and told what an administrator wants of them."""

import asyncio
import logging
import secrets
from collections.abc import Callable

from roschat.kernel.bus import Bus
from roschat.kernel.bus_codec import error_of
from roschat.kernel.clock import Clock
from roschat.kernel.errors import NotFound, Unavailable
from roschat.wire.component import ComponentWanted, ProcessAsked, ProcessTold, RestartWanted, WishTaken
from roschat.wire.message import Event
from roschat.wire.process import PeerGone

LIMIT = 2.0
"""Seconds that a process has to tell; the health of a part may take one."""
FRESH = 2.0
"""Seconds for which an answer is good enough for the next who asks."""
TAKEN = 3.0

log = logging.getLogger(__name__)


class Processes:
    """What every process said last. `heard_of` are the names of those that answered once and have not gone."""

    def __init__(self, bus: Bus, clock: Clock, *, shared: bool) -> None:
        self._bus = bus
        self._clock = clock
        self._shared = shared
        self.told: dict[str, ProcessTold] = {}
        self.silent: set[str] = set()
        self._asked = float("-inf")
        self._one = asyncio.Lock()
        self._number = ""
        self._came: asyncio.Queue[ProcessTold] = asyncio.Queue()
        self._wishes: dict[str, asyncio.Queue[WishTaken]] = {}
        bus.subscribe(ProcessTold, self._heard)
        bus.subscribe(WishTaken, self._taken)
        bus.subscribe(PeerGone, self._gone)

    async def ask(self, fresh: float = FRESH) -> list[ProcessTold]:
        """How all processes are, not older than `fresh` seconds."""
        async with self._one:
            if self._clock.monotonic() - self._asked >= fresh:
                await self._ask()
        return list(self.told.values())

    async def component(self, name: str, action: str, who: str, process: str) -> None:
        """Ask for an action on a component. Raises NotFound, Invalid, Unavailable."""
        told = await self.ask(0)
        running = [one for one in told for component in one.components if component.name == name]
        if not running:
            known = sorted({component.name for one in told for component in one.components})
            raise NotFound(f"No component is called {name!r}; there is {', '.join(known)}.")
        if process and process not in {one.process for one in running}:
            raise NotFound(f"No process {process!r} runs component {name}.")
        wanted = 1 if process else len(running)
        await self._wish(lambda number: ComponentWanted(number, name, action, who, process), wanted)
        self._asked = float("-inf")

    async def restart(self, who: str) -> None:
        """Ask all processes to begin anew. Raises Unavailable."""
        told = await self.ask(0)
        await self._wish(lambda number: RestartWanted(number, who), len(told))

    async def _ask(self) -> None:
        self._number = secrets.token_hex(8)
        self._came = asyncio.Queue()
        expected = set(self.told) if self._shared else {""}
        answered: set[str] = set()
        self._bus.publish(ProcessAsked(self._number))
        try:
            async with asyncio.timeout(LIMIT):
                # The first time nobody knows how many there are.
                while not expected or expected - answered:
                    told = await self._came.get()
                    self.told[told.process] = told
                    answered.add(told.process)
        except TimeoutError:
            pass
        self.silent = set(self.told) - answered
        self._asked = self._clock.monotonic()

    async def _wish(self, wish: Callable[[str], Event], wanted: int) -> None:
        """Publish a wish and hear that it was taken; the first refusal is raised when nobody took it."""
        number = secrets.token_hex(8)
        answers = self._wishes[number] = asyncio.Queue()
        refusal: WishTaken | None = None
        taken = 0
        self._bus.publish(wish(number))
        try:
            async with asyncio.timeout(TAKEN):
                for _ in range(max(wanted, 1)):
                    answer = await answers.get()
                    if answer.error:
                        refusal = answer
                    else:
                        taken += 1
        except TimeoutError:
            pass
        finally:
            del self._wishes[number]
        if taken:
            return
        if refusal is None:
            raise Unavailable("The process did not answer; look whether it runs, and try again.")
        raise error_of(refusal.error, refusal.text, {})

    def _heard(self, event: ProcessTold) -> None:
        if event.number == self._number:
            self._came.put_nowait(event)
        elif event.process not in self.told and self._shared:
            self.told[event.process] = event

    def _taken(self, event: WishTaken) -> None:
        if event.number in self._wishes:
            self._wishes[event.number].put_nowait(event)

    def _gone(self, event: PeerGone) -> None:
        self.told.pop(event.process, None)
        self.silent.discard(event.process)
