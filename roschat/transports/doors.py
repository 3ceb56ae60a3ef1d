"""HTTP between the processes of one host, so that one https listener shows the routes of all modules.

Every process answers its routes on Unix sockets beside its other run files (mode 0600), and tells the routes over the
bus: at the start, and when somebody asks. A process with a real listener adds them to its own as if they were served
here, so the more exact pattern wins, 405 and limits of bodies are the same as in one process; the handler hands the
request on (transports/forward.py). When several processes serve a route they take turns; when none of them runs the
answer is 503 `unavailable`. Processes on other hosts are not reached this way yet.

A session of long polling lives in one process, whose name begins its id. What comes to another one goes through the
same doors: polls by `forward`, the upgrade to a WebSocket by a tunnel.
"""

import logging
import os
import socket
from collections.abc import Collection
from pathlib import Path
from typing import Any

from twisted.internet import reactor as _reactor
from twisted.internet import unix

from roschat.kernel.aio import Tasks, to_future
from roschat.kernel.bus import Bus
from roschat.kernel.errors import Unavailable
from roschat.kernel.http import Handler, Request, Response, Routes
from roschat.transports.forward import forward
from roschat.transports.http import Site
from roschat.transports.http_exchange import Upgrades
from roschat.transports.listen import Listeners
from roschat.transports.settings import Current
from roschat.transports.tunnel import Tunnel
from roschat.wire.process import PeerGone, PeersAsk, RoutesServed, ServedRoute

log = logging.getLogger(__name__)

BACKLOG = 1024
SOCKETS = "sockets"
"""The door behind which a process has its Socket.IO sessions; the others are called like the listeners."""
PAGES = ("http", "https", "console")

reactor: Any = _reactor
_Port: Any = unix.Port

Wanted = tuple[str, str, str]
"""Listener, method, pattern."""


class Doors:
    """See the module docstring. The process is `process` on the bus, `name` to people; its sockets are in `folder`."""

    def __init__(self, bus: Bus, process: str, name: str, folder: Path, settings: Current) -> None:
        self._bus = bus
        self._process = process
        self._name = name
        self._folder = folder
        self._settings = settings
        self._tasks = Tasks("doors")
        self._sites: list[Site] = []
        self._ports: list[Any] = []
        self._handle = -1
        self._served: list[RoutesServed] = []
        self._shown: dict[str, Routes] = {}
        self._ways: dict[Wanted, list[tuple[str, str]]] = {}
        self._sockets_of: dict[str, str] = {}

    def open(self, listeners: Listeners, opened: Collection[str]) -> None:
        """Answer the routes of this process on Unix sockets, tell the others, and show theirs on opened listeners."""
        self._handle = os.open(self._folder, os.O_PATH | os.O_DIRECTORY)
        for name in PAGES:
            self._serve(name, listeners.routes(name), None)
        if listeners.sockets is not None:
            endpoint = Routes()
            listeners.sockets.serve(endpoint)
            self._serve(SOCKETS, endpoint, listeners.sockets)
        self._shown = {name: listeners.routes(name) for name in PAGES if name in opened}
        self._bus.subscribe(RoutesServed, self._heard)
        self._bus.subscribe(PeerGone, self._gone)
        self._bus.subscribe(PeersAsk, self._asked)
        self._asked(PeersAsk())

    async def close(self, patience: float = 2.0) -> None:
        """Let what is under way end, at most `patience` seconds."""
        for port in self._ports:
            stopped = port.stopListening()
            if stopped is not None:
                await to_future(stopped)
        for site in self._sites:
            await site.close(patience)
        await self._tasks.stop()
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    # Sessions of other processes.

    async def poll(self, process: str, request: Request) -> Response | None:
        """The answer of the process that has a session; None when there is no such process."""
        address = self._sockets_of.get(process)
        return None if address is None else await forward(request, address)

    def tunnel(self, process: str, request: Request) -> Tunnel | None:
        """What takes a WebSocket over for the process that has its session; None when there is no such process."""
        address = self._sockets_of.get(process)
        return None if address is None else Tunnel(request, address, self._tasks)

    # The routes of other processes.

    def _asked(self, _: PeersAsk) -> None:
        for served in self._served:
            self._bus.publish(served)

    def _heard(self, event: RoutesServed) -> None:
        if event.process == self._process:
            return
        if event.listener == SOCKETS:
            self._sockets_of[event.process] = event.address
        routes = self._shown.get(event.listener)
        if routes is None:
            return
        for served in event.routes:
            wanted = event.listener, served.method, served.pattern
            if wanted not in self._ways:
                if routes.has(served.method, served.pattern):
                    continue  # Served here; nobody is closer to the client.
                self._ways[wanted] = []
                routes.add(served.method, served.pattern, self._handler(wanted), max_body=served.max_body)
            way = event.process, event.address
            # A process of the same name is the successor of one that died, at the same address.
            others = [known for known in self._ways[wanted] if known[1] != event.address]
            self._ways[wanted] = [*others, way]

    def _gone(self, event: PeerGone) -> None:
        self._sockets_of.pop(event.process, None)
        for wanted, ways in self._ways.items():
            self._ways[wanted] = [way for way in ways if way[0] != event.process]

    def _handler(self, wanted: Wanted) -> Handler:
        async def handed_on(request: Request) -> Response:
            ways = self._ways[wanted]
            if not ways:
                raise Unavailable(f"The module that serves {request.path!r} is not running; try again in a moment.")
            ways.append(ways.pop(0))
            return await forward(request, ways[-1][1])

        return handed_on

    def _serve(self, name: str, routes: Routes, upgrades: Upgrades | None) -> None:
        served = [ServedRoute(route.method, route.pattern, route.max_body) for route in routes.listed()]
        if served:
            self._listen(name, routes, upgrades)
            path = str(self._folder / f"{name}.sock")
            self._served.append(RoutesServed(self._process, self._name, name, path, served))

    def _listen(self, listener: str, routes: Routes, upgrades: Upgrades | None) -> None:
        path = f"/proc/self/fd/{self._handle}/{listener}.sock"
        Path(path).unlink(missing_ok=True)
        one = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        mask = os.umask(0o177)
        try:
            one.bind(path)
        finally:
            os.umask(mask)
        one.listen(BACKLOG)
        one.setblocking(False)
        site = Site(routes, self._settings, upgrades=upgrades, inner=True)
        port = _Port._fromListeningDescriptor(reactor, one.fileno(), site)
        one.close()
        # Twisted would open it to everybody.
        port.mode = 0o600
        port.startListening()
        self._sites.append(site)
        self._ports.append(port)
