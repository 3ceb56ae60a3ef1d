"""Components and the whole program begin anew in the middle of a load: what was acknowledged is there, once."""

import asyncio
import contextlib
import json
from typing import Any

from roschat.kernel.bus_codec import encode
from roschat.kernel.control import Line
from tests.harness.client import Client
from tests.harness.load import BROKEN, Load, Writer, sign_in
from tests.harness.server import SpawnedServer
from tests.harness.web import health, health_becomes

MODULES = ("--modules", "server,web_client,bots,survey")


class Returning(Load):
    """People whose client connects anew by itself, whenever it was cut off."""

    async def _life(self, writer: Writer) -> None:
        while not self._finishing or writer.unanswered:
            with contextlib.suppress(*BROKEN):
                async with Client(self.url) as client:
                    await sign_in(client, writer.token)
                    writer.connections += 1
                    await self._write(writer, client)

    async def all_came_back(self) -> None:
        """Wait until everybody was cut off and has come back."""
        await self._until(lambda: all(writer.connections > 1 for writer in self.writers), "a return of everybody")


async def ask(server: SpawnedServer, name: str, payload: dict[str, Any] | None = None) -> Any:
    """A verb on the control socket."""
    line = await Line.open(server.run / "control.sock")
    assert line is not None
    try:
        return await line.ask(name, encode(payload or {}))
    finally:
        await line.close()


async def test_components_restart_under_traffic(spawned_server: SpawnedServer) -> None:
    await spawned_server.start(*MODULES)
    # One message at a time: who does not wait for the answer cannot know the order after a refusal.
    control = spawned_server.data / "run" / "control.sock"
    load = await Returning.begin(control, spawned_server.url("websocket"), window=1)
    async with load.running():
        for name in ("bots", "server", "server"):
            await load.acknowledged(100)
            told = await ask(spawned_server, "component", {"name": name, "action": "restart"})
            assert {one["state"] for one in told["components"]} == {"ok"}, told
        await load.acknowledged(200)
        await load.all_came_back()
    await load.verify()
    log = spawned_server.log()
    assert "could not be taken back" not in log
    assert "failed while it stopped" not in log
    assert await spawned_server.stop() == 0


async def test_a_stopped_component_is_told_and_starts_again(spawned_server: SpawnedServer) -> None:
    await spawned_server.start(*MODULES)
    told = await ask(spawned_server, "component", {"name": "server", "action": "stop"})
    assert {one["name"]: one["state"] for one in told["components"]} == {
        "server": "stopped", "web_client": "stopped", "bots": "stopped", "survey": "stopped",
    }  # fmt: skip
    assert (await health(spawned_server))[0] == 503
    await ask(spawned_server, "component", {"name": "server", "action": "start"})
    await health_becomes(spawned_server, 200)
    assert await spawned_server.stop() == 0


async def test_the_program_begins_anew_in_the_same_process(spawned_server: SpawnedServer) -> None:
    await spawned_server.start(*MODULES)
    assert spawned_server.process is not None
    assert spawned_server.process.stdout is not None
    pid, before = spawned_server.process.pid, (await ask(spawned_server, "process"))["figures"]
    load = await Load.begin(spawned_server.data / "run" / "control.sock", spawned_server.url("websocket"), window=4)
    async with load.running():
        await load.acknowledged(100)
        load.online.clear()
        await ask(spawned_server, "restart")
        async with asyncio.timeout(60):
            while (await spawned_server.process.stdout.readline()).strip() != b"roschat is ready":
                pass
        spawned_server.ready = json.loads((spawned_server.run / "ready.json").read_text())
        load.url = spawned_server.url("websocket")
        load.online.set()
        await load.acknowledged(100)
    await load.verify()
    after = (await ask(spawned_server, "process"))["figures"]
    assert spawned_server.ready["pid"] == spawned_server.process.pid == pid
    assert after["started"] > before["started"]
    assert after["files_open"] < before["files_open"] + 30
    assert (await health(spawned_server))[0] == 200
    assert await spawned_server.stop() == 0
