"""Nonsense at every listener of the whole server: it lives, says nothing of it in its log, and keeps nothing open."""

import asyncio
import contextlib
import json
import random
import ssl
from collections.abc import AsyncIterator

import aiohttp
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.harness.client import WAIT, Client, trust_anything
from tests.harness.load import Load, set_limits, sign_in
from tests.harness.server import SpawnedServer, folder
from tests.harness.web import complaints, handles, health_becomes, sockets

MODULES = ("--modules", "server,web_client")
ROUNDS = 500
"""For each of the four listeners."""
POOL = 12
LISTENERS = ("http", "https", "websocket", "console")

REQUESTS = [
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\n\r\n",
    b"POST /socket.io/?EIO=3&transport=polling&sid=abc HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n1:2\x00",
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n\x81\x82\x00\x00\x00\x0040",
    b"POST /messages/data HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer x\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3\r\nabc\r\n0\r\n\r\n",
    b"GET /messages/data/0123456789abcdef HTTP/1.1\r\nHost: a\r\nRange: bytes=0-1\r\n"
    b"Cookie: roschat_access=a.b.c\r\n\r\n",
    b"PATCH /messages/uploads/a HTTP/1.1\r\nHost: a\r\nUpload-Offset: 0\r\nContent-Length: 1\r\n\r\na",
    b"GET //ajax/config.json HTTP/1.0\r\n\r\n",
    b"POST /ajax/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
    b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\nGET /health HTTP/1.1\r\nHost: a\r\n\r\n",
]

EVENTS: list[tuple[str, object]] = [
    ("send-message", {"cid": 1, "cidType": "user", "dataType": "text", "data": "текст", "key": "k", "replyId": 1}),
    ("send-message", {"cid": 1, "dataType": "data", "data": '{"type":"file","file":"aa","name":"b","size":1}'}),
    ("send-message", {"cid": 1, "dataType": "unstored", "data": '{"type":"message-writing"}'}),
    ("edit-message", {"id": 1, "data": "x"}),
    ("delete-message", {"id": 1}),
    ("set-reaction", {"id": 1, "reaction": "👍", "on": True}),
    ("message-received", {"id": 1}),
    ("message-watched", {"id": 1}),
    ("get-message-details", {"id": 1}),
    ("get-messages", {"cid": 1, "cidType": "group", "beginId": 1, "endId": 9, "around": 3, "count": 5}),
    ("get-messages-changes", {"minRev": 1, "cid": 1, "count": 5}),
    ("forward-messages", {"ids": [1, 2], "cid": 1, "key": "k"}),
    ("schedule-message", {"cid": 1, "data": "x", "sendTime": 1}),
    ("delete-scheduled-message", {"id": 1}),
    ("get-chats", {"minRev": 1}),
    ("get-chat", {"cid": 1, "cidType": "user"}),
    ("create-group", {"name": "имя", "members": [1, 2], "description": "d", "avatar": "a", "key": "k"}),
    ("change-group", {"cid": 1, "name": "имя"}),
    ("add-group-members", {"cid": 1, "members": [1]}),
    ("remove-group-member", {"cid": 1, "member": 1}),
    ("get-group-members", {"cid": 1}),
    ("get-contacts", {"rev": 0}),
    ("get-contact", {"cid": 1}),
    ("search", {"text": "текст", "what": ["messages", "contacts"], "count": 5}),
    ("watch-presence", {"cids": [1, 2]}),
    ("set-contact-status", {"status": "online", "text": "т"}),
    ("get-sessions", {}),
    ("end-session", {"id": "x"}),
    ("change-password", {"old_password": "a", "new_password": "bcdefghijk"}),
    ("refresh-token", {"refresh_token": "abc"}),
    ("create-channel", {"name": "имя", "closed": True}),
    ("send-publication", {"chId": 1, "title": "t", "text": "x", "files": [{"file": "a", "name": "b"}], "key": "1"}),
    ("get-publications", {"chId": 1, "count": 5}),
    ("add-channel-members", {"chId": 1, "members": [1], "role": "subscriber"}),
    ("find-channels", {"text": "имя"}),
]
EXTREMES: list[object] = [
    0, -1, 2**31, 2**53, 2**63 - 1, 2**63, 2**64, -(2**63) - 1, 10**30, 1e300, 0.5, True, None, "", "\x00", "\x1e", "%",
    "a" * 70_000, "ж" * 300, "{}", '{"type":"poll"}', [], [None], [[]], {}, {"a": {}}, [2**63] * 3, ["x"] * 2000,
]  # fmt: skip
HALF_A_CHARACTER = "\ud83d"
"""A lone surrogate: JSON can say it, UTF-8 cannot."""


def mutated(chance: random.Random, data: bytes) -> bytes:
    """The data with a few bytes changed, lost, doubled or added."""
    broken = bytearray(data)
    for _ in range(chance.choice((0, 1, 1, 2, 5))):
        at = chance.randrange(len(broken) + 1)
        match chance.randrange(4):
            case 0:
                broken[at : at + 1] = chance.randbytes(1)
            case 1:
                del broken[at : at + chance.randrange(1, 8)]
            case 2:
                broken[at:at] = chance.randbytes(chance.randrange(1, 8))
            case _:
                broken[at:at] = broken[at : at + chance.randrange(1, 30)]
    return bytes(broken)


def twisted(chance: random.Random, value: object) -> object:
    """The payload with one or two of its values changed into something extreme, at any depth."""
    if not isinstance(value, dict) or not value or chance.random() < 0.1:
        return chance.choice(EXTREMES)
    changed = dict(value)
    for name in chance.sample(sorted(changed), chance.choice((1, 1, 2)) if len(changed) > 1 else 1):
        kept = changed[name]
        if isinstance(kept, list) and kept and chance.random() < 0.5:
            changed[name] = [*kept, twisted(chance, kept[0])]
        else:
            changed[name] = chance.choice(EXTREMES)
    return changed


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[SpawnedServer]:
    """One for all tests; at the end it must have said nothing bad, and stop in order."""
    spawned = SpawnedServer(folder())
    try:
        await spawned.start(*MODULES)
        # Some of the nonsense is a good handshake; those sessions have so long to say who they are.
        await set_limits(spawned.data / "run" / "control.sock", sign_in_time=10.0)
        yield spawned
        assert await spawned.stop() == 0
        found = complaints(spawned)
        assert not found, "\n".join(found)
    finally:
        await spawned.remove()


@pytest.fixture
async def load(server: SpawnedServer, request: pytest.FixtureRequest) -> Load:
    control = server.data / "run" / "control.sock"
    return await Load.begin(control, server.url("websocket"), pairs=1, prefix=request.node.name)


async def measured(server: SpawnedServer) -> tuple[int, int]:
    """Open file handles of the server, and its sockets."""
    return len(handles(server)), await sockets(server)


async def back_to(server: SpawnedServer, before: tuple[int, int]) -> None:
    """Wait until no more is open than before; the pool of the database may have opened all its connections."""
    now = (0, 0)
    try:
        async with asyncio.timeout(WAIT * 3):
            while (now := await measured(server))[0] > before[0] + POOL or now[1] > before[1]:
                continue
    except TimeoutError:
        raise AssertionError(f"{before} were open before, {now} are now: {handles(server)}") from None


async def thrown(server: SpawnedServer, listener: str, data: bytes, secure: ssl.SSLContext | None) -> None:
    """Connect, send, let the server answer or not, hang up."""
    host, _, port = server.ready["listeners"][listener][0].rpartition(":")
    with contextlib.suppress(OSError, ssl.SSLError):
        reader, writer = await asyncio.open_connection(host, int(port), ssl=secure)
        writer.write(data)
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(0.02):
                await reader.read(100)
        writer.transport.abort()


async def still_serves(server: SpawnedServer, load: Load) -> None:
    """An ordinary client works on every listener that has sockets, in every way."""
    for listener in ("websocket", "https"):
        for eio in (3, 4):
            async with Client(server.url(listener), eio) as client:
                await sign_in(client, load.writers[0].token)
                assert "chats" in await client.call("get-chats", {})
    await health_becomes(server, 200)


async def test_bytes(server: SpawnedServer, load: Load) -> None:
    before = await measured(server)
    chance = random.Random(20_240_608)
    secure = trust_anything()
    for listener in LISTENERS:
        for number in range(ROUNDS):
            if number % 3 == 0:
                data = chance.randbytes(chance.randrange(1, 400))
            else:
                data = mutated(chance, chance.choice(REQUESTS))
            # Well-formed TLS with garbage inside, and garbage instead of TLS.
            inside = listener != "http" and number % 5 != 0
            await thrown(server, listener, data, secure if inside else None)
    await still_serves(server, load)
    await back_to(server, before)


async def broken_packets(server: SpawnedServer, chance: random.Random, token: str) -> None:
    """A session that signs in and then sends packets with wrong bytes in them."""
    eio = chance.choice((3, 4))
    url = f"{server.url('websocket').replace('http', 'ws')}/socket.io/?EIO={eio}&transport=websocket"
    async with connect(url, ssl=trust_anything(), compression=None, ping_interval=None) as socket:
        with contextlib.suppress(ConnectionClosed):
            if eio == 4:
                await socket.send("40")
            await socket.send("42" + json.dumps(["login", {"token": token, "APILevel": 9}]))
            for number in range(10):
                name, payload = chance.choice(EVENTS)
                payload = twisted(chance, payload) if number % 2 else payload
                packet = f"42{number}{json.dumps([name, payload, HALF_A_CHARACTER])}".encode()
                await socket.send(mutated(chance, packet).decode("utf-8", "replace"))


async def test_packets_of_a_signed_in_session(server: SpawnedServer, load: Load) -> None:
    before = await measured(server)
    chance = random.Random(20_240_609)
    writer, partner = load.writers
    answered = 0
    async with Client(server.url("websocket")) as witness:
        await sign_in(witness, partner.token)
        for _ in range(100):
            async with Client(server.url("websocket"), chance.choice((3, 4))) as client:
                await sign_in(client, writer.token)
                asked = []
                for _ in range(10):
                    name, payload = chance.choice(EVENTS)
                    asked.append(await client.send(name, twisted(chance, payload)))
                for future in asked:
                    with contextlib.suppress(ConnectionError):
                        reply = await asyncio.wait_for(future, WAIT)
                        answered += 1
                        assert isinstance(reply, list) or reply.get("error") != "unknown", reply
        assert answered > 800
        for _ in range(100):
            await broken_packets(server, chance, writer.token)
        reply = await witness.call("get-chats", {})
        assert "chats" in reply
    await still_serves(server, load)
    await back_to(server, before)


async def test_posts_of_a_polling_session(server: SpawnedServer, load: Load) -> None:
    before = await measured(server)
    chance = random.Random(20_240_610)
    login = json.dumps(["login", {"token": load.writers[0].token, "APILevel": 9}])
    secure = trust_anything()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=secure)) as web:
        for number in range(60):
            listener = ("websocket", "https")[number % 2]
            url = f"{server.url(listener)}/socket.io/?EIO=4&transport=polling"
            async with web.get(url) as response:
                sid = json.loads((await response.text())[1:])["sid"]
            async with web.post(f"{url}&sid={sid}", data="40\x1e421" + login) as response:
                assert await response.text() == "ok"
            for _ in range(5):
                name, payload = chance.choice(EVENTS)
                packet = mutated(chance, f"422{json.dumps([name, payload])}\x1e42{json.dumps([name])}".encode())
                async with web.post(f"{url}&sid={sid}", data=packet) as response:
                    assert response.status in (200, 400), await response.text()
            async with web.post(f"{url}&sid={sid}", data="1") as response:
                assert response.status in (200, 400)
    await still_serves(server, load)
    await back_to(server, before)
