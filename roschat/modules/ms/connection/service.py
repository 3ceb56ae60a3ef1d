"""Address and ports of the server: shown, checked before they are saved, tried as a client would."""

from roschat.kernel.bus import Bus
from roschat.kernel.errors import Invalid
from roschat.kernel.formats import reason, refuse
from roschat.kernel.settings import Live
from roschat.modules.ms.connection.api import ConnectionCheck, ConnectionView, SetConnection
from roschat.modules.ms.connection.prober import probed, verdict
from roschat.modules.ms.settings.api import PutSettings
from roschat.transports.connection import PORTS, SECTION, Connection
from roschat.wire.message import Caller
from roschat.wire.process import GetListening, Listening, TryPort


class ConnectionOfServer:
    """See the module docstring."""

    def __init__(self, bus: Bus, live: Live[Connection]) -> None:
        self._bus = bus
        self._live = live

    async def view(self) -> ConnectionView:
        """What is set, and what is listened on where nothing is set."""
        listening = await self._bus.call(GetListening())
        ports = {**listened(listening), **self._live.value.ports}
        if any(name in listening.fixed for name in PORTS):
            ports |= {name: port for name, port in listened(listening).items() if name in listening.fixed}
        return ConnectionView(
            self._live.value.address,
            ports.get("http", 0),
            ports.get("https", 0),
            ports.get("websocket", 0),
            listening.fixed,
            listening.trouble,
        )

    async def set(self, command: SetConnection, caller: Caller) -> ConnectionView:
        """Check everything, save it at once. Raises Invalid with `fields`."""
        listening = await self._bus.call(GetListening())
        now = listened(listening)
        typed = {"http": command.http_port, "https": command.https_port, "websocket": command.websocket_port}
        refuse(
            {
                "address": reason("host", command.address.strip()),
                **{f"{name}Port": reason("port", text.strip()) for name, text in typed.items()},
            }
        )
        ports = {name: int(text) for name, text in typed.items()}
        refuse({f"{name}Port": "taken" for name in repeated(ports)})
        refuse({f"{name}Port": "fixed" for name in listening.fixed if ports[name] != now.get(name)})
        refuse({f"{name}Port": await self._refusal(name, ports[name], now) for name in PORTS if name in now})
        values = {"address": command.address.strip()}
        # A port that is listened on already because the program was started so stays "as started".
        chosen = {
            f"{name}_port": port
            for name, port in ports.items()
            if port != now.get(name) or self._live.value.ports.get(name)
        }
        await self._bus.call(PutSettings(SECTION, {**values, **chosen}), caller)
        return await self.view()

    async def check(self) -> ConnectionCheck:
        """Look at the address and the ports as a client does. Raises Invalid when no address is set."""
        address = self._live.value.address
        if not address:
            raise Invalid("No external address is set; set it first.", fields={"address": "empty"})
        return verdict(await probed(address, listened(await self._bus.call(GetListening()))))

    async def _refusal(self, name: str, port: int, now: dict[str, int]) -> str:
        if port == now[name]:
            return ""
        others = [other for other in now.values() if other == port]
        return "taken" if others else (await self._bus.call(TryPort(name, port))).reason


def listened(listening: Listening) -> dict[str, int]:
    """The ports of http, https and websocket that are listened on."""
    return {
        name: int(addresses[0].rpartition(":")[2]) for name, addresses in listening.addresses.items() if name in PORTS
    }


def repeated(ports: dict[str, int]) -> list[str]:
    """The listeners whose port another one before them has."""
    return [name for place, name in enumerate(ports) if ports[name] in list(ports.values())[:place]]
