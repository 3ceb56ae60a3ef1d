"""The address and the ports under which clients reach the server, as the console sets them, followed live.

A listener whose port changes is opened on the new one before the old one is closed; connections stay. A port that the
command line or roschat.toml names stays as it is: who starts the program knows better. What could not be opened is told
by `trouble`, and the old port goes on.
"""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from msgspec import Struct

from roschat.kernel import listeners as table
from roschat.kernel.aio import Tasks
from roschat.kernel.bus import Bus
from roschat.kernel.certificates import Certificates
from roschat.kernel.errors import Invalid, RoschatError
from roschat.kernel.local import LocalConfig
from roschat.kernel.options import option
from roschat.kernel.settings import Live
from roschat.transports.listen import Listeners
from roschat.wire.message import Caller
from roschat.wire.process import CertificateChanged, GetListening, Listening, PortRefusal, TryPort

log = logging.getLogger(__name__)

SECTION = "connection"
PORTS = ("http", "https", "websocket")
"""The listeners whose ports are set in the console (R-CONN-001)."""


class Connection(Struct, frozen=True):
    """A port of 0 is the one that the server was started with: 80, 443 and 8080 where it may."""

    __title__ = ("Connection", "Подключение")

    address: Annotated[
        str,
        option(
            "External address of the server",
            "Внешний адрес сервера",
            description="The name or IPv4 address under which clients reach the server.",
            description_ru="Имя или IPv4-адрес, по которому клиенты находят сервер.",
            format="host",
        ),
    ] = ""
    http_port: Annotated[int, option("HTTP port", "HTTP порт", ge=0, le=65535)] = 0
    https_port: Annotated[int, option("HTTPS port", "HTTPS порт", ge=0, le=65535)] = 0
    websocket_port: Annotated[int, option("WebSocket port", "WebSocket порт", ge=0, le=65535)] = 0

    @property
    def ports(self) -> dict[str, int]:
        """The ports that were chosen, by listener."""
        chosen = {"http": self.http_port, "https": self.https_port, "websocket": self.websocket_port}
        return {name: port for name, port in chosen.items() if port}


class MovingPorts:
    """Keeps the listeners of this process on the ports of the section `connection`, and says where they are.

    `moved` is told all addresses after a move.
    """

    def __init__(
        self,
        listeners: Listeners,
        certificates: Certificates | None,
        config: LocalConfig,
        data: Path,
        moved: Callable[[dict[str, list[str]]], None],
    ) -> None:
        self._listeners = listeners
        self._certificates = certificates
        self._config = config
        self._data = data
        self._moved = moved
        self._tasks = Tasks("connection")
        self._turn = asyncio.Lock()
        self._troubles: dict[str, str] = {}
        self._followed = table.chosen_ports(data)

    async def start(self, bus: Bus, live: Live[Connection]) -> None:
        """Follow the settings from now on, answer who asks where we listen."""
        await self.follow(live.value)
        live.on_change(self._wanted)
        bus.serve(GetListening, self._listening)
        bus.serve(TryPort, self._try)
        bus.subscribe(CertificateChanged, self._changed)

    async def close(self) -> None:
        """Follow no more."""
        await self._tasks.stop()

    def trouble(self) -> str:
        """Empty, or why a listener is not on its port."""
        return " ".join(self._troubles.values())

    async def follow(self, wanted: Connection) -> None:
        """Move what is elsewhere. Never raises."""
        async with self._turn:
            if self._certificates is not None:
                self._certificates.also_named(wanted.address)
            before, self._followed = self._followed, wanted.ports
            table.choose_ports(self._data, self._followed)
            now = {name: _port(addresses) for name, addresses in self._listeners.addresses().items()}
            changed = [name for name in PORTS if name in now and before.get(name) != self._followed.get(name)]
            moved = [await self._move(name, self._followed.get(name, 0), now[name]) for name in changed]
            if any(moved):
                self._moved(self._listeners.addresses())

    async def _move(self, name: str, wanted: int, now: int) -> bool:
        self._troubles.pop(name, None)
        if name in self._config.ports or wanted == now:
            return False
        try:
            fresh = table.open_port(name, wanted, self._config)
        except RoschatError as error:
            self._troubles[name] = f"{error.text} {name} stays on port {now}."
            log.error("%s stays on port %d: %s", name, now, error.text)
            return False
        await self._listeners.move(fresh)
        log.info("%s listens on port %d now, no longer on %d", name, wanted, now)
        return True

    def _wanted(self, connection: Connection) -> None:
        self._tasks.spawn(self.follow(connection), "move")

    async def _listening(self, _: GetListening, caller: Caller) -> Listening:
        known = self._certificates
        return Listening(
            self._listeners.addresses(),
            [name for name in PORTS if name in self._config.ports],
            self.trouble(),
            certificate_fixed=known is not None and known.configured,
            certificate_file=str(known.chain_file) if known is not None else "",
            self_made=known is not None and known.self_made,
            certificate_trouble=known.health() if known is not None else "",
        )

    async def _try(self, command: TryPort, caller: Caller) -> PortRefusal:
        if command.listener not in self._listeners.addresses():
            raise Invalid(f"There is no listener {command.listener!r} here.")
        if any(_port(addresses) == command.port for addresses in self._listeners.addresses().values()):
            mine = _port(self._listeners.addresses()[command.listener]) == command.port
            return PortRefusal("" if mine else "port-in-use")
        return PortRefusal(table.refusal(command.listener, command.port, self._config))

    def _changed(self, _: CertificateChanged) -> None:
        if self._certificates is not None:
            self._certificates.reload()


def _port(addresses: list[str]) -> int:
    return int(addresses[0].rpartition(":")[2])
