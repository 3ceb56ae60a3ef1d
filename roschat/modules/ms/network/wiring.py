"""Builds the network monitor and connects it to the bus."""

from typing import cast

from roschat.kernel.aio import Tasks
from roschat.kernel.service import Context, Health
from roschat.kernel.settings import Settings as AllSettings
from roschat.modules.ms.network.api import CheckNetwork, GetNetwork
from roschat.modules.ms.network.probes import Prober
from roschat.modules.ms.network.service import Network
from roschat.modules.ms.network.settings import Settings


class NetworkFeature:
    """The running feature."""

    def __init__(self, network: Network, tasks: Tasks) -> None:
        self._network = network
        self._tasks = tasks

    async def stop(self) -> None:
        """Look no more."""
        await self._tasks.stop()

    async def health(self) -> Health:
        """What was found wrong last."""
        return self._network.health()


async def start(context: Context) -> NetworkFeature:
    """Build, serve, watch."""
    settings = await context.settings.section("network", Settings)
    network = Network(
        context.db,
        context.bus,
        context.clock,
        cast(AllSettings, context.settings),
        settings,
        Prober(context.clock),
    )
    context.bus.serve(GetNetwork, network.view)
    context.bus.serve(CheckNetwork, network.check)
    tasks = Tasks("network")
    tasks.spawn(context.leases.hold("ms.network", network.watching), "watching")
    return NetworkFeature(network, tasks)
