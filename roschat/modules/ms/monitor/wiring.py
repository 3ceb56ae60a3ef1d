"""Builds the monitor and connects it to the bus."""

from roschat.kernel.aio import Tasks
from roschat.kernel.service import Context, Health
from roschat.modules.ms.monitor import api
from roschat.modules.ms.monitor.figures import Installation
from roschat.modules.ms.monitor.processes import Processes
from roschat.modules.ms.monitor.service import Monitor
from roschat.modules.ms.monitor.settings import Settings


class MonitorFeature:
    """The running feature."""

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks

    async def stop(self) -> None:
        """Measure no more."""
        await self._tasks.stop()

    async def health(self) -> Health:
        """It tells of others; of itself there is nothing to tell."""
        return Health()


async def start(context: Context) -> MonitorFeature:
    """Build, serve, measure."""
    settings = await context.settings.section("monitor", Settings)
    processes = Processes(context.bus, context.clock, shared=context.shared)
    installation = Installation(context.db, context.bus, context.clock)
    monitor = Monitor(context.db, context.clock, context.jobs, settings, processes, installation)
    bus = context.bus
    bus.serve(api.ListComponents, monitor.components)
    bus.serve(api.RestartComponent, monitor.restart)
    bus.serve(api.StopComponent, monitor.stop)
    bus.serve(api.StartComponent, monitor.start)
    bus.serve(api.RestartProgram, monitor.restart_program)
    bus.serve(api.GetMonitor, monitor.now)
    bus.serve(api.GetSeries, monitor.series)
    bus.serve(api.ListProblems, monitor.problems)
    tasks = Tasks("monitor")
    tasks.spawn(context.leases.hold("ms.monitor", monitor.measuring), "measuring")
    return MonitorFeature(tasks)
