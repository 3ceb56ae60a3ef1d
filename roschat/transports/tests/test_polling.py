"""Long polling by hand, both revisions, and the upgrade to a WebSocket."""

import asyncio
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
from websockets.asyncio.client import connect

from roschat.kernel.clock import ManualClock
from roschat.proto.engineio import join_payload, split_payload
from roschat.transports import websocket
from roschat.transports.settings import Settings
from roschat.transports.tests.echo import TestEvent
from roschat.transports.tests.served import Served
from roschat.types import ContactId
from roschat.wire.delivery import deliver
from tests.harness.client import Client, until

pytestmark = pytest.mark.usefixtures("no_errors")
BOTH = pytest.mark.parametrize("eio", [3, 4])


class Poller:
    """One polling session."""

    def __init__(self, http: aiohttp.ClientSession, base: str, eio: int) -> None:
        self.http = http
        self.eio = eio
        self.url = f"{base}/socket.io/?EIO={eio}&transport=polling"
        self.sid = ""

    async def open(self) -> None:
        [first, *more] = await self.poll()
        self.sid = json.loads(first[1:])["sid"]
        self.url += f"&sid={self.sid}"
        if self.eio == 3:
            assert more == [b"40"]
        else:
            await self.post(b"40")
            assert (await self.poll())[0].startswith(b"40")

    async def open_again(self) -> None:
        """Another session, under the settings of now."""
        self.url = self.url.partition("&sid=")[0]
        await self.open()

    async def poll(self) -> list[bytes]:
        async with self.http.get(self.url) as answer:
            assert answer.status == 200, await answer.text()
            assert answer.headers["content-type"] == "text/plain; charset=UTF-8"
            return split_payload(self.eio, await answer.read())

    async def post(self, *packets: bytes) -> None:
        async with self.http.post(self.url, data=join_payload(self.eio, packets)) as answer:
            assert answer.status == 200, await answer.text()
            assert await answer.read() == b"ok"


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=False)) as session:
        yield session


@pytest.fixture(params=[3, 4])
async def poller(request: pytest.FixtureRequest, server: Served, http: aiohttp.ClientSession) -> Poller:
    poller = Poller(http, server.url("websocket"), request.param)
    await poller.open()
    return poller


async def test_calls_and_events(server: Served, poller: Poller) -> None:
    await poller.post(b'420["test-login",{"cid":7}]', '421["test-echo",{"text":"привет 😀"}]'.encode())
    packets = await poller.poll()
    while len(packets) < 2:
        packets += await poller.poll()
    assert packets[0] == b"430[{}]"
    assert json.loads(packets[1][3:])[0]["text"] == "привет 😀"
    waiting = asyncio.create_task(poller.poll())
    await asyncio.sleep(0)
    server.bus.publish(deliver(TestEvent("😀"), [ContactId(7)]))
    [packet] = await waiting
    assert json.loads(packet[2:]) == ["test-event", {"text": "😀"}]


async def test_two_polls_at_once_end_the_session(server: Served, poller: Poller, http: aiohttp.ClientSession) -> None:
    first = asyncio.create_task(poller.poll())
    session = next(iter(server.sockets._sessions.values()))
    await until(lambda: session.link._poll is not None)  # type: ignore[attr-defined]
    async with http.get(poller.url) as answer:
        assert answer.status == 400
    assert (await first)[-1] == b"1"
    async with http.get(poller.url) as answer:
        assert answer.status == 400
        assert (await answer.json())["message"] == "Session ID unknown"


@pytest.mark.parametrize("body", [b"", b"nonsense", b"\xff\xfe"])
async def test_a_malformed_payload_ends_the_session(
    server: Served, poller: Poller, http: aiohttp.ClientSession, body: bytes
) -> None:
    async with http.post(poller.url, data=body) as answer:
        assert answer.status == (200 if (poller.eio, body) == (4, b"nonsense") else 400)
    assert len(server.sockets) == 0


async def test_a_payload_over_the_limit_is_refused(server: Served, poller: Poller, http: aiohttp.ClientSession) -> None:
    server.settings.value = Settings(max_packet=2000)
    async with http.post(poller.url, data=b"4" * 2001) as answer:
        assert answer.status == 413
        assert (await answer.json())["error"] == "too-large"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("EIO=4", 0),
        ("EIO=4&transport=carrier-pigeon", 0),
        ("EIO=2&transport=polling", 5),
        ("EIO=4&transport=polling&sid=nobody", 1),
        ("EIO=3&transport=polling&j=0", 3),
    ],
)
async def test_bad_queries(server: Served, http: aiohttp.ClientSession, query: str, code: int) -> None:
    async with http.get(f"{server.url('https')}/socket.io/?{query}") as answer:
        assert answer.status == 400
        assert (await answer.json())["code"] == code


async def test_a_post_cannot_begin_a_session_and_preflight_is_answered(
    server: Served, http: aiohttp.ClientSession
) -> None:
    url = f"{server.url('websocket')}/socket.io?EIO=4&transport=polling"
    async with http.post(url, data=b"40") as answer:
        assert (await answer.json())["code"] == 2
    async with http.options(url) as answer:
        assert answer.status == 204
        assert answer.headers["access-control-allow-origin"] == "*"


async def test_disconnecting_ends_the_session(server: Served, poller: Poller) -> None:
    await poller.post(b"41")
    assert len(server.sockets) == 0


async def test_an_upgrade_loses_nothing(server: Served, poller: Poller) -> None:
    await poller.post(b'420["test-login",{"cid":7}]')
    await poller.poll()
    waiting = asyncio.create_task(poller.poll())
    base = poller.url.replace("http", "ws", 1).replace("polling", "websocket")
    async with connect(base) as socket:
        await socket.send("2probe")
        assert await socket.recv() == "3probe"
        assert await waiting == [b"6"]
        server.bus.publish(deliver(TestEvent("between"), [ContactId(7)]))
        await socket.send("5")
        assert json.loads((await socket.recv())[2:]) == ["test-event", {"text": "between"}]
        await socket.send('421["test-echo",{"text":"after"}]')
        assert json.loads((await socket.recv())[3:])[0]["text"] == "after"
        async with poller.http.get(poller.url) as answer:
            assert answer.status == 400
    await until(lambda: not len(server.sockets))


async def test_a_probe_that_is_none_closes(poller: Poller) -> None:
    async with connect(poller.url.replace("http", "ws", 1).replace("polling", "websocket")) as socket:
        await socket.send("4nonsense")
        await asyncio.wait_for(socket.wait_closed(), 10)
        assert socket.close_code == 1002


async def test_a_client_that_leaves_a_poll_gets_the_packets_with_the_next(server: Served, poller: Poller) -> None:
    await poller.post(b'420["test-login",{"cid":7}]')
    await poller.poll()
    waiting = asyncio.create_task(poller.poll())
    session = next(iter(server.sockets._sessions.values()))
    await until(lambda: session.link._poll is not None)  # type: ignore[attr-defined]
    waiting.cancel()
    await until(lambda: session.link._poll is None)  # type: ignore[attr-defined]
    server.bus.publish(deliver(TestEvent("kept"), [ContactId(7)]))
    [packet] = await poller.poll()
    assert b"kept" in packet


async def test_a_client_that_does_not_fetch_is_let_go(server: Served, poller: Poller) -> None:
    server.settings.value = Settings(max_unsent=65_536)
    await poller.open_again()
    await poller.post(b'420["test-login",{"cid":7}]')
    for _ in range(700):
        server.bus.publish(deliver(TestEvent("x" * 100), [ContactId(7)]))
    [session] = server.sockets.hub.sessions_of(ContactId(7))
    server.sockets._schedule(session)
    assert server.sockets.hub.sessions_of(ContactId(7)) == []


async def test_an_upgrade_that_is_not_finished_is_closed(poller: Poller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "UPGRADE_TIME", 0.05)
    async with connect(poller.url.replace("http", "ws", 1).replace("polling", "websocket")) as socket:
        await asyncio.wait_for(socket.wait_closed(), 10)
        assert socket.close_code == 1008
    await poller.post(b'420["test-echo"]')
    assert (await poller.poll())[0].startswith(b"430[")


class TestTime:
    """Pings and timeouts, by a clock that the test moves."""

    @pytest.fixture
    def clock(self, server: Served) -> ManualClock:
        clock = ManualClock()
        server.listeners._timer.cancel()  # type: ignore[union-attr]
        server.sockets._clock = clock
        server.sockets.now = 0.0
        server.sockets._turned = 0
        return clock

    def pass_time(self, server: Served, clock: ManualClock, seconds: int) -> None:
        for _ in range(seconds):
            clock.advance(1)
            server.sockets.tick()

    async def test_nobody_signs_in(self, server: Served, clock: ManualClock) -> None:
        server.settings.value = Settings(ping_timeout=100)
        async with Client(server.url("websocket"), 3) as client, Client(server.url("websocket"), 3) as other:
            await other.call("test-login", {"cid": 7})
            self.pass_time(server, clock, 29)
            await client.call("test-echo")
            self.pass_time(server, clock, 3)
            assert await client.wait_closed() == 1008
            await other.call("test-echo")

    async def test_a_silent_client_of_revision_3_is_let_go(self, server: Served, clock: ManualClock) -> None:
        async with Client(server.url("websocket"), 3) as client:
            await client.call("test-login", {"cid": 7})
            for _ in range(10):
                self.pass_time(server, clock, 10)
                await client.raw("2")
                await client.call("test-echo")
            self.pass_time(server, clock, 19)
            assert await client.wait_closed() == 1000

    async def test_the_server_pings_clients_of_revision_4(self, server: Served, clock: ManualClock) -> None:
        async with connect(Client(server.url("websocket"), 4)._url) as socket:
            await socket.recv()
            await socket.send("40")
            await socket.recv()
            await socket.send('421["test-login",{"cid":7}]')
            await socket.recv()
            for _ in range(4):
                self.pass_time(server, clock, 27)
                assert await socket.recv() == "2"
                await socket.send("3")
                await socket.send('422["test-echo"]')
                assert str(await socket.recv()).startswith("432")
            self.pass_time(server, clock, 27)
            assert await socket.recv() == "2"
            self.pass_time(server, clock, 22)
            await asyncio.wait_for(socket.wait_closed(), 10)
            assert socket.close_code == 1000
