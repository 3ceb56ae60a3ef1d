"""Random bytes and mutated frames at every listener: nothing is logged as an error, and others are served as before."""

import asyncio
import contextlib
import random
import ssl

import pytest

from roschat.transports.settings import Settings
from roschat.transports.tests.frames import Wire, event, frame
from roschat.transports.tests.served import Served, key_folder, no_errors, server
from tests.harness.client import Client, trust_anything

__all__ = ["key_folder", "no_errors", "server"]

pytestmark = pytest.mark.usefixtures("no_errors")
ROUNDS = 2000
SEED = 20_240_604

PACKETS = [
    event(1, "text"),
    b"2",
    b"2probe",
    b"3",
    b"5",
    b"6",
    b"1",
    b"40",
    b"40/admin,",
    b"41",
    b'42["test-echo"]',
    b'420["test-login",{"cid":7}]',
    b'4217["test-list",[1,2,3]]',
    b"430[]",
    b'451-["a",{"_placeholder":true,"num":0}]',
    b"461-3[]",
    b'42["get-public-key",null]',
    b'42["set-session-key",{"encSessionKey":"AAAA"}]',
]
REQUESTS = [
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"POST /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n40",
    b"GET /socket.io/?EIO=3&transport=polling HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /socket.io/?EIO=3&transport=websocket HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n" + frame(event(1)),
    b"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    b"OPTIONS * HTTP/1.0\r\nRange: bytes=0-1\r\nCookie: a=b\r\n\r\n",
]


def mutated(chance: random.Random, data: bytes) -> bytes:
    """The data with a few bytes changed, lost, doubled or added."""
    broken = bytearray(data)
    for _ in range(chance.choice((0, 1, 1, 2, 5))):
        at = chance.randrange(len(broken) + 1)
        what = chance.randrange(4)
        if what == 0 and at < len(broken):
            broken[at] = chance.randrange(256)
        elif what == 1:
            del broken[at : at + chance.randrange(1, 8)]
        elif what == 2:
            broken[at:at] = chance.randbytes(chance.randrange(1, 8))
        else:
            broken[at:at] = broken[at : at + chance.randrange(1, 30)]
    return bytes(broken)


async def thrown(port: int, data: bytes, secure: ssl.SSLContext | None = None) -> None:
    """Connect, send, let the server answer for a moment, hang up."""
    with contextlib.suppress(OSError, ssl.SSLError):
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=secure)
        writer.write(data)
        with contextlib.suppress(OSError):
            await writer.drain()
        for _ in range(3):
            await asyncio.sleep(0)
        writer.close()


async def still_fine(server: Served) -> None:
    for name in ("websocket", "https"):
        for eio in (3, 4):
            async with Client(server.url(name), eio) as client:
                assert (await client.call("test-echo", {"text": "fine"}))["text"] == "fine"


@pytest.mark.parametrize("name", ["websocket", "https", "http"])
async def test_nonsense_instead_of_http(server: Served, name: str) -> None:
    chance = random.Random(SEED)
    port = server.opened[name].port
    for number in range(ROUNDS):
        kind = number % 3
        data = chance.randbytes(chance.randrange(1, 300)) if kind == 0 else mutated(chance, chance.choice(REQUESTS))
        await thrown(port, data, trust_anything() if name == "https" and number % 20 == 1 else None)
    await still_fine(server)


async def test_mutated_frames(server: Served) -> None:
    server.settings.value = Settings(sessions_per_address=10_000)
    chance = random.Random(SEED)
    port = server.opened["websocket"].port
    sent = 0
    while sent < ROUNDS:
        async with Wire(port) as wire:
            for _ in range(10):
                packet = chance.choice(PACKETS)
                data = frame(mutated(chance, packet)) if chance.random() < 0.5 else mutated(chance, frame(packet))
                wire.send(data)
                sent += 1
                await asyncio.sleep(0)
    await still_fine(server)


async def test_random_bytes_behind_the_handshake(server: Served) -> None:
    chance = random.Random(SEED)
    for _ in range(ROUNDS // 10):
        async with Wire(server.opened["websocket"].port) as wire:
            wire.send(chance.randbytes(chance.randrange(1, 2000)))
            await asyncio.sleep(0)
    await still_fine(server)
