"""`separate_server`: the program as it runs over NATS, every module in a process of its own and the server in two.

All share a data folder, a database and a real nats-server. The workers of `server` listen on ports of their own, so
that a test knows to which one it speaks.
"""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

import roschat.modules
from roschat.kernel.bus_codec import encode
from roschat.kernel.control import Line
from roschat.kernel.loader import scan
from tests.harness.nats import NatsServer
from tests.harness.postgres import Cluster
from tests.harness.server import SpawnedServer, folder

WORKERS = ("server", "server-2")


class SeparateServer:
    """All processes. `parts` has them by name: the modules, and `server-2`."""

    def __init__(self, data: Path, dsn: str, nats: NatsServer) -> None:
        self.data = data
        self.nats = nats
        self._options = ("--dsn", dsn, "--bus", nats.address)
        modules = scan(Path(roschat.modules.__path__[0]))
        self.parts = {name: SpawnedServer(data, name.replace("_", "-")) for name in [*modules, WORKERS[1]]}

    async def start(self) -> None:
        """Start all at once."""
        async with asyncio.TaskGroup() as group:
            for name in self.parts:
                group.create_task(self.start_part(name))

    async def start_part(self, name: str, *options: str) -> None:
        """Start one and wait until it is ready."""
        module = "server" if name in WORKERS else name
        listeners = () if name in WORKERS else ("--listeners", "none")
        await self.parts[name].start(*self._options, "--modules", module, *listeners, *options)

    def url(self, listener: str, worker: int = 0) -> str:
        """Address of a listener of a worker."""
        return self.parts[WORKERS[worker]].url(listener)

    async def ask(self, name: str, payload: dict[str, Any] | None = None, worker: int = 0) -> Any:
        """A command of the administrator by its wire name."""
        line = await Line.open(self.parts[WORKERS[worker]].run / "control.sock")
        assert line is not None, "the worker does not run"
        try:
            return await line.ask(name, encode(payload or {}))
        finally:
            await line.close()

    async def person(self, login: str, password: str = "a good password") -> int:
        """A person who can sign in; answers the cid."""
        added = await self.ask("add-contact", {"fields": [{"type": "surname", "value": login.title()}]})
        await self.ask("add-account", {"cid": added["cid"], "login": login, "password": password})
        return int(added["cid"])

    async def stop(self) -> None:
        """End what still runs."""
        async with asyncio.TaskGroup() as group:
            for part in self.parts.values():
                if part.process is not None:
                    group.create_task(part.stop())

    def logs(self) -> str:
        """What all of them have logged."""
        return "".join(f"== {name}\n{json.dumps(part.ready)}\n{part.log()}" for name, part in self.parts.items())


@asynccontextmanager
async def separate_on(cluster: Cluster, template: str) -> AsyncIterator[SeparateServer]:
    """Started on a fresh database, and removed afterwards."""
    data, dsn = folder(), await cluster.create(template)
    nats = NatsServer(data)
    await nats.start()
    server = SeparateServer(data, dsn, nats)
    try:
        await server.start()
        yield server
    finally:
        await server.stop()
        await nats.stop()
        await cluster.drop(dsn)
        shutil.rmtree(data)


@pytest.fixture(scope="module")
async def separate_server(cluster: Cluster, template: str) -> AsyncIterator[SeparateServer]:
    """One for all tests of a file: a test takes logins of its own, and leaves everything running."""
    async with separate_on(cluster, template) as server:
        yield server
