"""The Socket.IO clients that bots and old programs use, of both generations, against the real listeners.

The JavaScript clients come from npm (`tests/clients`); when they are not there the tests say how to install them.
"""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Self

import pytest
import socketio

from roschat.transports.tests.echo import TestEvent
from roschat.transports.tests.served import Served, key_folder, no_errors, server
from roschat.types import ContactId
from roschat.wire.delivery import deliver
from tests.harness.client import WAIT, until

__all__ = ["key_folder", "no_errors", "server"]

pytestmark = pytest.mark.usefixtures("no_errors")
FOLDER = Path(__file__).parent.parent / "clients"
TRANSPORTS = pytest.mark.parametrize("transports", ["", "polling", "websocket"])
LISTENERS = pytest.mark.parametrize("listener", ["websocket", "https"])


class Node:
    """`client.js` in a process."""

    def __init__(self, generation: str, url: str, transports: str) -> None:
        self._command = ["node", "client.js", generation, url, transports]
        self.lines: list[list[Any]] = []
        self._changed = asyncio.Condition()

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *self._command, cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, limit=10_000_000
        )
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *error: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await asyncio.wait_for(self._process.wait(), WAIT)
        await self._reading

    async def say(self, *line: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(line).encode() + b"\n")
        await self._process.stdin.drain()

    async def hear(self, what: str) -> list[Any]:
        """The next line that begins so, without its beginning."""
        try:
            async with asyncio.timeout(WAIT * 2), self._changed:
                await self._changed.wait_for(lambda: any(line[0] == what for line in self.lines))
        except TimeoutError:
            raise AssertionError(f"no {what!r} came; there is {self.lines}") from None
        index = next(index for index, line in enumerate(self.lines) if line[0] == what)
        return self.lines.pop(index)[1:]

    async def call(self, event: str, payload: Any = None) -> Any:
        await self.say("call", event, payload)
        [reply] = await self.hear("ack")
        return reply

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            async with self._changed:
                self.lines.append(json.loads(line))
                self._changed.notify_all()


@pytest.fixture(scope="session", autouse=True)
def installed() -> None:
    if not (FOLDER / "node_modules").is_dir():
        pytest.fail("The JavaScript clients are not installed: run `npm ci` in tests/clients.")


@LISTENERS
@TRANSPORTS
@pytest.mark.parametrize("generation", ["2", "4"])
async def test_javascript(server: Served, generation: str, transports: str, listener: str) -> None:
    async with Node(generation, server.url(listener), transports) as client:
        await client.hear("connect")
        assert (await client.call("test-person"))["error"] == "not-authorized"
        assert await client.call("test-login", {"cid": "7"}) == {}
        assert (await client.call("test-echo", {"text": "привет 😀"}))["text"] == "привет 😀"
        await client.say("call-bare", "test-echo")
        assert (await client.hear("ack"))[0]["text"] == ""
        await client.say("emit", "test-echo", None)
        assert await client.call("test-list", [1, 2]) == [1, 2]
        if not transports:
            assert await client.hear("upgrade") == ["websocket"]
        server.bus.publish(deliver(TestEvent("😀 событие"), [ContactId(7)]))
        assert await client.hear("event") == ["test-event", {"text": "😀 событие"}]
        await client.say("transport")
        assert await client.hear("transport") == [transports or "websocket"]
        await client.say("call-binary", "test-echo")
        assert (await client.hear("ack"))[0]["error"] == "bad-request"
        long = "ж" * 100_000
        assert (await client.call("test-echo", {"text": long}))["text"] == long
        await client.say("close")
        await client.hear("disconnect")
    if transports != "polling":
        # A process that ends does not wait for its last POST.
        await until(lambda: len(server.sockets) == 0)


@pytest.mark.parametrize("generation", ["2", "4"])
async def test_javascript_hears_of_another_namespace(server: Served, generation: str) -> None:
    async with Node(generation, server.url("websocket") + "/admin", "websocket") as client:
        assert await client.hear("error") == ["Invalid namespace"]


@pytest.mark.parametrize("generation", ["2", "4"])
async def test_events_during_an_upgrade_arrive_once_and_in_order(server: Served, generation: str) -> None:
    async with Node(generation, server.url("websocket"), "") as client:
        await client.hear("connect")
        await client.call("test-login", {"cid": 7})
        for number in range(1, 301):
            server.bus.publish(deliver(TestEvent("x", number), [ContactId(7)]))
            await asyncio.sleep(0)
        numbers = [(await client.hear("event"))[1]["number"] for _ in range(300)]
        assert numbers == list(range(1, 301))


@pytest.fixture
async def python() -> AsyncIterator[socketio.AsyncClient]:
    client = socketio.AsyncClient(ssl_verify=False, reconnection=False)
    yield client
    await client.disconnect()


@LISTENERS
@pytest.mark.parametrize("transports", [None, ["polling"], ["websocket"]])
async def test_python(
    server: Served, python: socketio.AsyncClient, transports: list[str] | None, listener: str
) -> None:
    heard: asyncio.Queue[Any] = asyncio.Queue()
    python.on("test-event", heard.put)
    # The headers that the bot SDKs send.
    headers = {"query": "type-bot", "rejectUnauthorized": "false"}
    await python.connect(server.url(listener), headers=headers, transports=transports)
    assert await python.call("test-login", {"cid": 7}) == {}
    assert (await python.call("test-echo", {"text": "привет 😀"}))["text"] == "привет 😀"
    await python.emit("test-echo")
    assert (await python.call("test-echo"))["text"] == ""
    server.bus.publish(deliver(TestEvent("событие"), [ContactId(7)]))
    assert await asyncio.wait_for(heard.get(), WAIT) == {"text": "событие"}
    assert python.transport() == ("polling" if transports == ["polling"] else "websocket")
    assert server.echo.opened[0].cid == 7
