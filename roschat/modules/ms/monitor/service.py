"""Answers the console: components, figures, series, problems; and measures every ten seconds.

Any process answers; only the one that holds the lease writes samples, so that shared figures stand there once.
"""

import asyncio
import logging

from msgspec import structs

from roschat.kernel import audit
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid, RoschatError
from roschat.kernel.jobs import Jobs
from roschat.kernel.settings import Live
from roschat.modules.ms.monitor import api, rules, store
from roschat.modules.ms.monitor.figures import Installation
from roschat.modules.ms.monitor.processes import Processes
from roschat.modules.ms.monitor.settings import Settings
from roschat.wire.message import Caller, Empty

EVERY = 10.0
"""Seconds between two samples."""
THIN_EVERY = 6
"""Samples between two writings of the coarser means."""
FORGET_EVERY = 360
OWN = "ms"
"""The component that serves the console."""

log = logging.getLogger(__name__)


class Monitor:
    """See the module docstring."""

    def __init__(
        self, db: Database, clock: Clock, jobs: Jobs, settings: Live[Settings], processes: Processes,
        installation: Installation,
    ) -> None:  # fmt: skip
        self._db = db
        self._clock = clock
        self._jobs = jobs
        self._settings = settings
        self._processes = processes
        self._installation = installation
        self._samples = 0
        self._rate: float | None = None

    async def components(self, command: api.ListComponents, caller: Caller) -> list[api.ComponentView]:
        """Serve list-components."""
        told = await self._processes.ask(0.5)
        return [
            api.ComponentView(
                one.name, one.title or one.name, one.title_ru or one.title or one.name, one.summary,
                "silent" if process.process in self._processes.silent else one.state,
                one.text, one.text_ru or one.text, one.since, one.who,
                [action for action in one.actions if action != "stop" or one.name != OWN],
                process.process, process.name,
            )
            for process in told for one in process.components
        ]  # fmt: skip

    async def restart(self, command: api.RestartComponent, caller: Caller) -> Empty:
        """Serve restart-component."""
        return await self._act("restart", command.name, command.process, caller)

    async def stop(self, command: api.StopComponent, caller: Caller) -> Empty:
        """Serve stop-component."""
        if command.name == OWN:
            raise Invalid(f"Component {OWN} serves this console; stopped, it could not be started again. Restart it.")
        return await self._act("stop", command.name, command.process, caller)

    async def start(self, command: api.StartComponent, caller: Caller) -> Empty:
        """Serve start-component."""
        return await self._act("start", command.name, command.process, caller)

    async def restart_program(self, command: api.RestartProgram, caller: Caller) -> Empty:
        """Serve restart-program."""
        await self._record(caller, "restart-program", "program")
        await self._processes.restart(who(caller))
        return Empty()

    async def now(self, command: api.GetMonitor, caller: Caller) -> api.Now:
        """Serve get-monitor."""
        told = await self._processes.ask()
        figures = await self._installation.gather(told)
        if self._rate is not None:
            figures["messages"] = self._rate
        silent = self._processes.silent
        views = [
            api.ProcessView(
                one.process, one.name, "silent" if one.process in silent else one.state, one.parts, one.figures
            )
            for one in told
        ]
        states = ["failed" if view.state == "silent" else view.state for view in views]
        worst = max(states, key=("ok", "degraded", "failed").index, default="failed")
        return api.Now(self._clock.now(), worst, figures.pop("started", 0.0), figures, views)

    async def series(self, command: api.GetSeries, caller: Caller) -> api.Series:
        """Serve get-series."""
        resolution = rules.RESOLUTIONS[command.span]
        now = self._clock.seconds()
        async with self._db.reading() as tx:
            points = await store.points(
                tx, resolution.source, resolution.width, now - resolution.span, list(command.names)
            )
        return rules.series(points, resolution, now)

    async def problems(self, command: api.ListProblems, caller: Caller) -> list[api.Problem]:
        """Serve list-problems."""
        told = await self._processes.ask()
        settings = self._settings.value
        found = rules.said_by(told)
        names = {one.process: one.name or one.process for one in told}
        found += rules.silent(names[process] for process in self._processes.silent)
        found += rules.measured(await self._installation.gather(told), settings)
        try:
            found += rules.failed_jobs(await self._jobs.listed(), self._clock.now() - settings.jobs_hours * 3600)
            ages = await self._ages(found)
        except RoschatError as error:
            # The database itself may be the problem; what is known is told.
            log.warning("the ages of problems are not known: %s", error.text)
            ages = {}
        now = self._clock.now()
        return rules.worst_first(
            one if one.since else structs.replace(one, since=ages.get((one.code, one.part), now)) for one in found
        )

    async def measuring(self) -> None:
        """Take a sample every ten seconds, until cancelled."""
        self._installation.messages_a_minute()
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.sample()
            except RoschatError as error:
                log.warning("nothing was measured this time: %s", error.text)

    async def sample(self) -> None:
        """Measure once and write it down."""
        told = await self._processes.ask(0)
        figures = await self._installation.gather(told)
        figures["messages"] = self._rate = self._installation.messages_a_minute()
        for name in ("started", "processors"):
            figures.pop(name, None)
        self._samples += 1
        now = self._clock.seconds()
        async with self._db.transaction() as tx:
            await store.add(tx, now, {name: round(value, 4) for name, value in figures.items()})
            if self._samples % THIN_EVERY == 1:
                await store.thin(tx, now)
            if self._samples % FORGET_EVERY == 1:
                await store.forget(tx, now)

    async def _ages(self, found: list[api.Problem]) -> dict[tuple[str, str], float]:
        keys = sorted({(one.code, one.part) for one in found})
        async with self._db.transaction() as tx:
            return await store.since(tx, keys, self._clock.now())

    async def _act(self, action: str, name: str, process: str, caller: Caller) -> Empty:
        await self._processes.component(name, action, who(caller), process)
        await self._record(caller, f"{action}-component", name)
        return Empty()

    async def _record(self, caller: Caller, action: str, subject: str) -> None:
        async with self._db.transaction() as tx:
            await audit.record(tx, caller, action, subject)


def who(caller: Caller) -> str:
    """How a caller is called in messages."""
    return caller.name or caller.role.value
