"""Wires the web client."""

from pathlib import Path

import roschat
from roschat.kernel.options import decode_local
from roschat.kernel.service import Context, Health, Module, State
from roschat.modules.web_client.ajax import MAX_SESSION, Ajax
from roschat.modules.web_client.ports import Ports
from roschat.modules.web_client.settings import Clients, Local, Settings
from roschat.modules.web_client.site import ClientSite

DIST = Path(roschat.__file__).parent / "web" / "client" / "dist"


class WebClient(Module):
    """The routes of the client on https."""

    async def start(self, context: Context) -> None:
        """Build and serve."""
        local = decode_local(Local, context.local, "web_client.toml")
        settings = await context.settings.section(context.name, Settings)
        ports = Ports(context.data / "run")
        self._site = ClientSite(local.dist or DIST, settings, ports)
        clients = await context.settings.section("clients", Clients)
        ajax = Ajax(context.bus, settings, clients, ports)
        routes = context.routes("https")
        routes.add("GET", "/ajax/config.json", ajax.config)
        routes.add("POST", "/ajax/session", ajax.open_session, max_body=MAX_SESSION)
        routes.add("DELETE", "/ajax/session", ajax.close_session)
        routes.add("GET", "/{rest:path}", self._site.serve)

    async def health(self) -> Health:
        """Degraded while there is no client to serve."""
        if self._site.built:
            return Health()
        return Health(State.DEGRADED, "The web client is not built; run `npm --prefix roschat/web run build`.")
