"""The list of servers of an installation (R-SRV-001): the main one is this server."""

import json
from collections.abc import Callable
from pathlib import Path

from msgspec import structs

from roschat.kernel import audit
from roschat.kernel.bus import Bus
from roschat.kernel.db import Database, Transaction
from roschat.kernel.errors import Invalid, NotFound
from roschat.kernel.formats import reason, refuse
from roschat.modules.ms.connection import store
from roschat.modules.ms.connection.api import AddServer, ChangeServer, ConnectionCheck, RemoveServer, ServerView
from roschat.modules.ms.connection.prober import probed, verdict
from roschat.transports.listen import SOCKETS_ON
from roschat.wire.message import Caller
from roschat.wire.process import GetListening

NAME = 100
"""Characters."""


class Servers:
    """See the module docstring. `run` is the folder of run files; `ports` are those that the settings name."""

    def __init__(self, db: Database, bus: Bus, run: Path, ports: Callable[[], dict[str, int]]) -> None:
        self._db = db
        self._run = run
        self._bus = bus
        self._ports = ports

    async def listed(self) -> list[ServerView]:
        """All servers."""
        async with self._db.reading() as tx:
            found = await store.servers(tx)
        return [structs.replace(one, web_servers=web_servers(self._run)) if one.main else one for one in found]

    async def add(self, command: AddServer, caller: Caller) -> int:
        """Add one. Raises Invalid with `fields`."""
        name = command.name.strip()
        async with self._db.transaction() as tx:
            await _check(tx, name, command.address)
            number = await store.add(tx, name, command.address)
            await audit.record(tx, caller, "server-add", name, None, command)
        return number

    async def change(self, command: ChangeServer, caller: Caller) -> None:
        """Change one. Raises NotFound, Invalid."""
        name = command.name.strip()
        async with self._db.transaction() as tx:
            known = await _known(tx, command.id)
            if known.main and command.address != known.address:
                raise Invalid("The main server is this one; its address stays.", fields={"address": "fixed"})
            await _check(tx, name, command.address, command.id)
            await store.change(tx, command.id, name, command.address)
            await audit.record(tx, caller, "server-change", name, known, command)

    async def remove(self, command: RemoveServer, caller: Caller) -> None:
        """Remove one. Raises NotFound, Invalid for the main one."""
        async with self._db.transaction() as tx:
            known = await _known(tx, command.id)
            if known.main:
                raise Invalid("The main server is this one; it cannot be removed from the list.")
            await store.remove(tx, command.id)
            await audit.record(tx, caller, "server-remove", known.name, known, None)

    async def check(self, number: int) -> ConnectionCheck:
        """Ask a server as a client would. Another one is asked on the usual ports, unless this one has others."""
        async with self._db.transaction() as tx:
            known = await _known(tx, number)
        ports = {"http": 80, "https": 443, "websocket": 8080, **self._ports()}
        if known.main:
            addresses = (await self._bus.call(GetListening())).addresses
            ports = {name: int(found[0].rpartition(":")[2]) for name, found in addresses.items() if name in ports}
        return verdict(await probed(known.address, ports))


def web_servers(run: Path) -> int:
    """The processes of this machine that serve clients, by the files in which they say that they are ready."""
    count = 0
    for file in (run / "ready.json", *run.glob("*/ready.json")):
        try:
            listeners = json.loads(file.read_bytes())["listeners"]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        count += any(name in listeners for name in SOCKETS_ON)
    return count


async def _known(tx: Transaction, number: int) -> ServerView:
    known = await store.server(tx, number)
    if known is None:
        raise NotFound(f"There is no server {number}.")
    return known


async def _check(tx: Transaction, name: str, address: str, number: int = 0) -> None:
    others = await store.others_with(tx, name, address, number)
    taken_name = any(other.name.casefold() == name.casefold() for other in others)
    taken_address = any(other.address.casefold() == address.casefold() for other in others)
    refuse(
        {
            "name": "too-long" if len(name) > NAME else "" if name else "empty",
            "address": reason("host", address),
        }
    )
    refuse({"name": "taken" if taken_name else "", "address": "taken" if taken_address else ""})
