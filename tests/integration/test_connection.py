"""Listeners follow the ports of the settings while the program runs."""

import asyncio
import json
import socket
import ssl
from collections.abc import Awaitable, Callable

import pytest

from roschat.kernel.errors import RoschatError
from roschat.wire.message import SYSTEM
from roschat.wire.process import GetListening, Listening, TryPort
from tests.harness.server import Server


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


async def answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Wait for what no event tells."""
    async with asyncio.timeout(10):
        while not await true():  # noqa: ASYNC110 - sockets tell nobody
            await asyncio.sleep(0)


async def listening(server: Server) -> Listening:
    return await server.program.bus.call(GetListening(), SYSTEM)


async def presented(server: Server) -> bytes:
    """The certificate that a new connection is shown (DER)."""
    port = int(server.program.addresses["https"][0].rpartition(":")[2])
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    shown: bytes = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.close()
    return shown


@pytest.fixture
def ports_unnamed(server: Server) -> None:
    """As started without --ports, though the harness names free ones."""
    server.program.config.ports.clear()


@pytest.mark.usefixtures("ports_unnamed")
async def test_a_listener_moves_and_the_next_start_knows(server: Server) -> None:
    old = int(server.program.addresses["http"][0].rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", old)
    port = free_port()
    await server.ask("settings-set", {"section": "connection", "key": "http_port", "value": port, "who": "test"})
    await until(lambda: answers(port))
    # What was connected goes on; nobody new gets in by the old way.
    writer.write(b"GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    writer.close()

    async def closed() -> bool:
        return not await answers(old)

    await until(closed)
    data = server.program.config.data
    assert json.loads((data / "ports.json").read_text()) == {"http": port}
    ready = json.loads((data / "run" / "ready.json").read_text())
    assert ready["listeners"]["http"] == server.program.addresses["http"]


@pytest.mark.usefixtures("ports_unnamed")
async def test_a_taken_port_changes_nothing_and_is_told(server: Server) -> None:
    before = server.program.addresses["https"]
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused = await server.program.bus.call(TryPort("https", port), SYSTEM)
        assert refused.reason == "port-in-use"
        await server.ask("settings-set", {"section": "connection", "key": "https_port", "value": port, "who": "test"})

        async def told() -> bool:
            return bool((await listening(server)).trouble)

        await until(told)
    now = await listening(server)
    assert now.addresses["https"] == before
    assert f"Port {port} (https) is taken" in now.trouble
    health = await server.ask("health")
    assert health["parts"]["ports"]["state"] == "failed"
    assert health["state"] == "degraded"


async def test_a_port_of_the_command_line_stays(server: Server) -> None:
    before = server.program.addresses["http"]
    await server.ask("settings-set", {"section": "connection", "key": "http_port", "value": free_port(), "who": "test"})
    now = await listening(server)
    assert now.addresses["http"] == before
    assert now.fixed == ["http", "https", "websocket"]


async def test_ports_are_tried(server: Server) -> None:
    own = int(server.program.addresses["websocket"][0].rpartition(":")[2])
    assert (await server.program.bus.call(TryPort("websocket", own), SYSTEM)).reason == ""
    assert (await server.program.bus.call(TryPort("https", own), SYSTEM)).reason == "port-in-use"
    assert (await server.program.bus.call(TryPort("https", free_port()), SYSTEM)).reason == ""
    with pytest.raises(RoschatError):
        await server.program.bus.call(TryPort("gopher", 70), SYSTEM)


async def test_a_self_made_certificate_takes_the_external_name(server: Server) -> None:
    before = await presented(server)
    assert b"chat.example.org" not in before
    await server.ask(
        "settings-set", {"section": "connection", "key": "address", "value": "chat.example.org", "who": "test"}
    )

    async def named() -> bool:
        return b"chat.example.org" in await presented(server)

    await until(named)
