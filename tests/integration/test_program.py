"""The whole program in this process: `server` of the harness, and what a start that fails leaves behind."""

import shutil
import socket

import aiohttp
import msgspec
import pytest

from roschat.kernel.errors import RoschatError
from roschat.kernel.listeners import NAMES, PortFailed
from roschat.kernel.local import LocalConfig
from roschat.program import Program
from tests.harness.client import Client, trust_anything
from tests.harness.server import Server, folder


async def test_two_people_write_to_each_other(server: Server) -> None:
    alice, bob = await server.person("alice"), await server.person("bob")
    async with Client(server.url("websocket")) as one, Client(server.url("https"), eio=3) as two:
        for client, login in ((one, "alice"), (two, "bob")):
            reply = await client.call("login", {"login": login, "password": "a good password", "APILevel": 9})
            assert reply["status"] == "ok"
        await one.call("send-message", {"cid": bob, "dataType": "text", "data": "привет"})
        message = await two.next("message-event", data="привет")
        assert message["cid"] == message["senderId"] == alice


async def test_health_is_told_on_every_site_and_numbers_on_the_console(server: Server) -> None:
    async with aiohttp.ClientSession() as session:
        for name in ("http", "https", "console"):
            async with session.get(server.url(name) + "/health", ssl=trust_anything()) as response:
                assert response.status == 200
                report = await response.json()
                # Without built front ends the program is degraded, which is not this test's business.
                assert report["state"] in ("ok", "degraded")
                assert ("parts" in report) == (name == "console")
        assert report["parts"]["database"]["state"] == report["parts"]["server"]["state"] == "ok"
        async with session.get(server.url("console") + "/metrics", ssl=trust_anything()) as response:
            assert "roschat_health" in await response.text()
        async with session.get(server.url("https") + "/metrics", ssl=trust_anything()) as response:
            assert "roschat_health" not in await response.text()


async def test_a_start_that_fails_leaves_nothing_running(dsn: str) -> None:
    data = folder()
    config = LocalConfig(data=data, dsn=dsn, bind=["127.0.0.1"], ports=dict.fromkeys(NAMES, 0))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        wrong = msgspec.structs.replace(config, ports={**config.ports, "console": taken.getsockname()[1]})
        with pytest.raises(PortFailed):
            await Program(wrong).start()
    with pytest.raises(RoschatError, match="neither local nor nats"):
        await Program(LocalConfig(data=data, dsn=dsn, ports=config.ports, bus="rabbit")).start()
    again = Program(config)
    await again.start()
    assert (data / "run" / "ready.json").exists()
    await again.stop()
    assert not (data / "run" / "ready.json").exists()
    shutil.rmtree(data)
