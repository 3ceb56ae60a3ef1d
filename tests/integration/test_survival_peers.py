"""Peers that are slow, silent or not allowed any more: they end in time, and nobody else notices."""

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.harness.client import WAIT, Client, trust_anything, until
from tests.harness.load import Load, ask, set_limits, sign_in, whole_changes
from tests.harness.server import SpawnedServer, folder
from tests.harness.web import complaints, handles, memory, sockets, sockets_become

BEHIND = 1_000_000
"""Bytes that a reader may be behind."""
GROWTH = 64_000_000
"""Bytes of memory that a reader who does not read may cost at most; what is written to it is several times as much."""
PINGS = {"ping_interval": 1.0, "ping_timeout": 1.0, "ping_interval_4": 1.0, "ping_timeout_4": 1.0}


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[SpawnedServer]:
    """One for all tests, with short times; at the end it must have said nothing bad, and stop in order."""
    spawned = SpawnedServer(folder())
    try:
        await spawned.start("--modules", "server,web_client")
        await set_limits(control(spawned), header_time=1.0, idle_time=2.0, max_unsent=BEHIND)
        yield spawned
        assert await spawned.stop() == 0
        found = complaints(spawned)
        assert not found, "\n".join(found)
    finally:
        await spawned.remove()


@pytest.fixture
async def load(server: SpawnedServer, request: pytest.FixtureRequest) -> AsyncIterator[Load]:
    """People of this test; when it ends there are no sockets."""
    yield await Load.begin(control(server), server.url("websocket"), pairs=3, prefix=request.node.name)
    await sockets_become(server, 0)


def control(server: SpawnedServer) -> Any:
    """The socket of the administrator."""
    return server.data / "run" / "control.sock"


def address(server: SpawnedServer, listener: str) -> tuple[str, int]:
    """Host and port of a listener."""
    host, _, port = server.ready["listeners"][listener][0].rpartition(":")
    return host, int(port)


def deaf(client: Client) -> None:
    """From now on nothing is read, nor answered."""
    assert client._socket is not None
    client._socket.transport.pause_reading()


def hang_up(client: Client) -> None:
    """End the connection without a word."""
    assert client._socket is not None
    client._socket.transport.abort()


class Poller:
    """A polling client that does only what it is told."""

    def __init__(self, server: SpawnedServer, eio: int = 4) -> None:
        self._url = f"{server.url('https')}/socket.io/?EIO={eio}&transport=polling"
        self._web = aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust_anything()))

    async def __aenter__(self) -> "Poller":
        async with self._web.get(self._url) as response:
            self._url += f"&sid={json.loads((await response.text())[1:])['sid']}"
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._web.close()

    async def post(self, packets: str) -> None:
        """Send packets."""
        async with self._web.post(self._url, data=packets) as response:
            assert response.status == 200

    async def poll(self) -> tuple[int, str]:
        """One poll."""
        async with self._web.get(self._url) as response:
            return response.status, await response.text()

    async def sign_in(self, token: str) -> None:
        """Sign in and hear the answer."""
        await self.post("40\x1e421" + json.dumps(["login", {"token": token, "APILevel": 9}]))
        heard = ""
        while '"status":"ok"' not in heard:
            heard += (await self.poll())[1]


@pytest.mark.parametrize("listener", ["http", "https"])
async def test_heads_that_never_end(server: SpawnedServer, listener: str) -> None:
    """Slowloris: a byte now and then keeps no connection open."""
    before = len(handles(server))
    secure = trust_anything() if listener == "https" else None

    async def slow() -> None:
        reader, writer = await asyncio.open_connection(*address(server, listener), ssl=secure)
        writer.write(b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ")

        async def drip() -> None:
            while True:
                writer.write(b"a")
                await asyncio.sleep(0.2)

        dripping = asyncio.create_task(drip())
        try:
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                await asyncio.wait_for(reader.read(), WAIT)
        finally:
            dripping.cancel()
            writer.transport.abort()

    async with asyncio.timeout(WAIT), asyncio.TaskGroup() as tasks:
        for _ in range(50):
            tasks.create_task(slow())
    await until(lambda: len(handles(server)) <= before + 12)


async def test_connections_that_say_nothing(server: SpawnedServer) -> None:
    """Half-open TCP: neither a head, nor a TLS handshake, nor the rest of a body ever comes."""
    before = len(handles(server))
    writers = []
    for listener in ("http", "https", "websocket", "console"):
        for start in (
            b"",
            b"\x16\x03\x01",
            b"POST /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nContent-Length: 9\r\n\r\na",
        ):
            reader, writer = await asyncio.open_connection(*address(server, listener))
            writer.write(start)
            writers.append((reader, writer))
    for reader, writer in writers:
        with contextlib.suppress(ConnectionError):
            await asyncio.wait_for(reader.read(), WAIT)
        writer.transport.abort()
    await until(lambda: len(handles(server)) <= before + 12)


@pytest.fixture
async def quick_pings(server: SpawnedServer) -> AsyncIterator[None]:
    """Sessions that begin now are asked for a sign of life all the time."""
    await set_limits(control(server), **PINGS)
    yield
    for name in PINGS:
        await ask(control(server), "settings-set", {"section": "transports", "key": name, "default": True})


@pytest.mark.usefixtures("quick_pings")
async def test_sockets_that_answer_no_ping(server: SpawnedServer, load: Load) -> None:
    """Signed in, and then gone without a word: over WebSockets of both generations and over polling."""
    token = load.writers[0].token
    async with Client(server.url("websocket"), eio=4) as new, Client(server.url("https"), eio=3) as old:
        async with Poller(server) as poller:
            for client in (new, old):
                await sign_in(client, token)
                deaf(client)
            await poller.sign_in(token)
            await sockets_become(server, 0)
            assert (await poller.poll())[0] == 400
        for client in (new, old):
            hang_up(client)


async def test_a_reader_that_does_not_read(server: SpawnedServer, load: Load) -> None:
    """Its connection is cut when it is too far behind; it comes back and asks what changed."""
    extra = [
        (await ask(control(server), "add-contact", {"fields": [{"type": "surname", "value": f"m{number}"}]}))["cid"]
        for number in range(44)
    ]
    mute = load.writers[5]
    async with contextlib.AsyncExitStack() as clients:
        speakers = []
        for writer in load.writers[:5]:
            speakers.append(await clients.enter_async_context(Client(server.url("websocket"))))
            await sign_in(speakers[-1], writer.token)
        await speakers[0].call("add-group-members", {"cid": load.group, "members": extra})
        silent = await Client(server.url("websocket"), eio=3).connect()
        await sign_in(silent, mute.token)
        _, rev = await whole_changes(silent)
        deaf(silent)
        before = memory(server)
        assert await sockets(server) == 6
        stored: set[int] = set()
        for turn in range(200):
            futures = [
                await speaker.send("send-message", {"cidType": "group", "cid": load.group, "data": "x" * 20_000})
                for speaker in speakers
            ]
            for future in futures:
                stored.add((await asyncio.wait_for(future, WAIT))["id"])
            for speaker in speakers:
                speaker.events.clear()
            if turn % 10 == 9 and await sockets(server) == 5:
                break
        assert await sockets(server) == 5
        assert memory(server) - before < GROWTH
        hang_up(silent)
        async with Client(server.url("websocket")) as back:
            await sign_in(back, mute.token)
            changed, _ = await whole_changes(back, rev)
            assert stored <= set(changed)


async def test_a_deactivated_contact_is_out_within_two_seconds(server: SpawnedServer, load: Load) -> None:
    """Everywhere: both generations, both listeners, polling; its tokens are dead too."""
    person, other = load.writers[:2]
    async with contextlib.AsyncExitStack() as clients:
        people = []
        for listener in ("websocket", "https"):
            for eio in (3, 4):
                people.append(await clients.enter_async_context(Client(server.url(listener), eio)))
                await sign_in(people[-1], person.token)
        friend = await clients.enter_async_context(Client(server.url("websocket"), 4))
        await sign_in(friend, other.token)
        poller = await clients.enter_async_context(Poller(server))
        await poller.sign_in(person.token)
        polling = asyncio.create_task(poller.poll())
        async with asyncio.timeout(2):
            await ask(control(server), "set-account-active", {"cid": person.cid, "active": False})
            for client in people:
                await client.wait_closed()
                assert client.disconnected
            status, heard = await polling
        assert status == 200
        assert heard.split("\x1e")[-2:] == ["41", "1"]
        assert (await poller.poll())[0] == 400
        again = await clients.enter_async_context(Client(server.url("websocket")))
        reply = await again.call("login", {"token": person.token, "APILevel": 9})
        assert (reply["status"], reply["error"]) == ("error", "bad-token")
        async with (
            aiohttp.ClientSession(headers={"authorization": f"Bearer {person.token}"}) as web,
            web.get(f"{server.url('https')}/messages/uploads/x", ssl=trust_anything()) as response,
        ):
            assert response.status == 401
        assert "chats" in await friend.call("get-chats", {})
