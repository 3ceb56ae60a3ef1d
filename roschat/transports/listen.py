"""What is served on the listening ports of a process, and how they are closed.

The kernel has taken the ports already (`kernel.listeners`); here each gets its routes. A listener has a name (http,
https, websocket, console): sockets are served on `websocket` and, with the pages, on `https`; `http` sends everybody to
https but for what has a route there. A request for a listener that this process does not have gets routes that nobody
serves.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from twisted.internet import reactor as _reactor
from twisted.protocols.tls import TLSMemoryBIOFactory, TLSMemoryBIOProtocol

from roschat.kernel.aio import to_future
from roschat.kernel.errors import Invalid
from roschat.kernel.http import Routes
from roschat.kernel.listeners import Opened, close
from roschat.transports.http import Site
from roschat.transports.settings import Current
from roschat.transports.sockets import Sockets
from roschat.transports.tcp import Port

reactor: Any = _reactor
_adopted: Any = Port._fromListeningDescriptor

SOCKETS_ON = ("websocket", "https")
TICK = 1.0
"""Seconds between looks at pings and timeouts."""


class Listeners:
    """Serves on opened ports; see the module docstring.

    `sockets` is None when no listener has any. `certificates` is any IOpenSSLServerConnectionCreator; it is asked anew
    for each connection.
    """

    def __init__(
        self,
        opened: Mapping[str, Opened],
        sockets: Sockets | None,
        settings: Current,
        certificates: object | None = None,
    ) -> None:
        self._opened = dict(opened)
        self.sockets = sockets
        self._certificates = certificates
        self._ports: dict[str, list[Any]] = {}
        self._addresses: dict[str, list[str]] = {}
        self._routes: dict[str, Routes] = {}
        self._sites: dict[str, Site] = {}
        self._timer: asyncio.TimerHandle | None = None
        for name in opened:
            routes = self.routes(name)
            taken = sockets if name in SOCKETS_ON else None
            self._sites[name] = Site(
                routes,
                settings,
                upgrades=taken,
                redirect=self._https_port if name == "http" and "https" in opened else None,
            )
            if taken is not None:
                taken.serve(routes)

    def routes(self, name: str) -> Routes:
        """The routes of a listener. Of one that is not in the table too: they are simply served nowhere."""
        return self._routes.setdefault(name, Routes())

    async def open(self) -> dict[str, list[str]]:
        """Begin to serve; the addresses (`host:port`) by name of the listener. Raises Invalid without a certificate."""
        for listener in self._opened.values():
            self._listen(listener)
        if self.sockets is not None:
            self._tick(self.sockets)
        return self.addresses()

    def addresses(self) -> dict[str, list[str]]:
        """Where each listener listens, as `host:port`."""
        return dict(self._addresses)

    async def move(self, fresh: Opened) -> None:
        """Serve a listener on other sockets from now on; connections that there are go on where they are."""
        old, ports = self._opened[fresh.name], self._ports.pop(fresh.name, [])
        self._opened[fresh.name] = fresh
        self._listen(fresh)
        await _stop(ports)
        close({old.name: old})

    async def close(self, patience: float = 5.0) -> None:
        """Accept nobody new, let what is under way end, say goodbye to clients; at most `patience` seconds."""
        await self._stop_listening()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self.sockets is not None:
            await self.sockets.close(patience / 2)
        await asyncio.gather(*(site.close(patience / 2) for site in self._sites.values()))

    def _listen(self, listener: Opened) -> None:
        factory = self._factory(listener.name, listener.tls)
        self._addresses[listener.name] = listener.addresses
        ports = self._ports.setdefault(listener.name, [])
        for one in listener.sockets:
            port = _adopted(reactor, one.fileno(), one.family, factory)
            port.startListening()
            ports.append(port)

    def _factory(self, name: str, tls: bool) -> Any:
        site = self._sites[name]
        if not tls:
            return site
        if self._certificates is None:
            raise Invalid(f"The listener {name!r} needs a certificate, and none is configured.")
        factory: Any = TLSMemoryBIOFactory(self._certificates, False, site)  # type: ignore[arg-type]
        # Sessions join their output themselves; a second buffer would only delay it.
        factory.protocol = TLSMemoryBIOProtocol
        return factory

    def _https_port(self) -> int:
        return self._opened["https"].port

    def _tick(self, sockets: Sockets) -> None:
        sockets.tick()
        self._timer = asyncio.get_running_loop().call_later(TICK, self._tick, sockets)

    async def _stop_listening(self) -> None:
        ports, self._ports = self._ports, {}
        for listening in ports.values():
            await _stop(listening)
        close(self._opened)


async def _stop(ports: list[Any]) -> None:
    for port in ports:
        stopped = port.stopListening()
        if stopped is not None:
            await to_future(stopped)
