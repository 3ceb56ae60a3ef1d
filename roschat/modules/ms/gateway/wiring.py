"""Puts the gateway on the console's listener. Every api.py is imported before any module starts."""

from roschat.kernel.service import Context, Health
from roschat.modules.ms.gateway.documentation import Documentation
from roschat.modules.ms.gateway.gateway import Gateway
from roschat.modules.ms.gateway.pace import Pace
from roschat.modules.ms.users.settings import Settings
from roschat.wire import rest


class GatewayFeature:
    """The running gateway: routes, nothing of its own to stop."""

    async def stop(self) -> None:
        """Routes go with their listener."""

    async def health(self) -> Health:
        """It is as well as what it reaches."""
        return Health()


async def start(context: Context) -> GatewayFeature:
    """Serve all ways there are."""
    settings = await context.settings.section("console", Settings)
    pace = Pace(context.clock, lambda: settings.value.requests_per_minute)
    gateway = Gateway(context.bus, context.db, pace, lambda: settings.value.remember_days)
    routes = context.routes("console")
    gateway.add_to(routes, rest.ways())
    Documentation().add_to(routes)
    return GatewayFeature()
