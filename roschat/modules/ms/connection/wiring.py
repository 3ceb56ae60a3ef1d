"""Builds the feature and connects it to the bus."""

from roschat.kernel.service import Context, Health
from roschat.modules.ms.connection.api import (
    AddServer,
    ChangeServer,
    CheckConnection,
    CheckServer,
    ConnectionCheck,
    ConnectionView,
    GetConnection,
    ListServers,
    RemoveServer,
    ServerAdded,
    ServerView,
    SetConnection,
)
from roschat.modules.ms.connection.servers import Servers
from roschat.modules.ms.connection.service import ConnectionOfServer
from roschat.transports.connection import SECTION, Connection
from roschat.wire.message import Caller, Empty


class ConnectionFeature:
    """The running feature: one method per command."""

    def __init__(self, connection: ConnectionOfServer, servers: Servers) -> None:
        self._connection = connection
        self._servers = servers

    async def view(self, command: GetConnection, caller: Caller) -> ConnectionView:
        """Serve get-connection."""
        return await self._connection.view()

    async def set(self, command: SetConnection, caller: Caller) -> ConnectionView:
        """Serve set-connection."""
        return await self._connection.set(command, caller)

    async def check(self, command: CheckConnection, caller: Caller) -> ConnectionCheck:
        """Serve check-connection."""
        return await self._connection.check()

    async def servers(self, command: ListServers, caller: Caller) -> list[ServerView]:
        """Serve list-servers."""
        return await self._servers.listed()

    async def add_server(self, command: AddServer, caller: Caller) -> ServerAdded:
        """Serve add-server."""
        return ServerAdded(await self._servers.add(command, caller))

    async def change_server(self, command: ChangeServer, caller: Caller) -> Empty:
        """Serve change-server."""
        await self._servers.change(command, caller)
        return Empty()

    async def remove_server(self, command: RemoveServer, caller: Caller) -> Empty:
        """Serve remove-server."""
        await self._servers.remove(command, caller)
        return Empty()

    async def check_server(self, command: CheckServer, caller: Caller) -> ConnectionCheck:
        """Serve check-server."""
        return await self._servers.check(command.id)

    async def stop(self) -> None:
        """Nothing runs."""

    async def health(self) -> Health:
        """The listeners tell their own health (the part `ports`)."""
        return Health()


async def start(context: Context) -> ConnectionFeature:
    """Build and serve."""
    live = await context.settings.section(SECTION, Connection)
    feature = ConnectionFeature(
        ConnectionOfServer(context.bus, live),
        Servers(context.db, context.bus, context.data / "run", lambda: live.value.ports),
    )
    context.bus.serve(GetConnection, feature.view)
    context.bus.serve(SetConnection, feature.set)
    context.bus.serve(CheckConnection, feature.check)
    context.bus.serve(ListServers, feature.servers)
    context.bus.serve(AddServer, feature.add_server)
    context.bus.serve(ChangeServer, feature.change_server)
    context.bus.serve(RemoveServer, feature.remove_server)
    context.bus.serve(CheckServer, feature.check_server)
    return feature
