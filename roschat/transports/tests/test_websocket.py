"""The short way and the long way of receiving keep to RFC 6455 alike."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from autobahn.twisted.websocket import WebSocketServerProtocol

from roschat.transports.settings import Settings
from roschat.transports.tests.frames import Wire, event, frame
from roschat.transports.tests.served import Served
from roschat.transports.websocket import WebSocket

pytestmark = pytest.mark.usefixtures("no_errors")


@pytest.fixture(params=["short", "long"])
async def wire(request: pytest.FixtureRequest, server: Served, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wire]:
    """A socket whose frames go the short way, or all through autobahn."""
    if request.param == "long":
        monkeypatch.setattr(WebSocket, "dataReceived", WebSocketServerProtocol.dataReceived)
    async with Wire(server.opened["websocket"].port) as wire:
        yield wire


async def test_split_at_every_byte(wire: Wire) -> None:
    data = frame(event(1, "я")) + frame(event(2, "x" * 200))
    for at in range(1, len(data)):
        await wire.send_slowly(data, [at])
        assert [await wire.acked(), await wire.acked()] == [1, 2]


async def test_byte_by_byte(wire: Wire) -> None:
    data = frame(event(1)) + frame(b"hi", 9) + frame(event(2, "y" * 130))
    await wire.send_slowly(data, list(range(1, len(data))))
    assert await wire.acked() == 1
    assert await wire.receive() == (10, b"hi")
    assert await wire.acked() == 2


@pytest.mark.parametrize("size", [0, 100, 125, 126, 127, 65_400, 65_535, 65_536, 200_000])
async def test_sizes(wire: Wire, size: int) -> None:
    packet = event(7, "z" * max(0, size - len(event(7))))
    wire.send(frame(packet) * 3)
    assert [await wire.acked() for _ in range(3)] == [7, 7, 7]


async def test_many_frames_in_one_packet(wire: Wire) -> None:
    wire.send(b"".join(frame(event(number)) for number in range(100)))
    assert [await wire.acked() for _ in range(100)] == list(range(100))


async def test_fragments_with_control_frames_between(wire: Wire) -> None:
    packet = event(3, "фрагмент")
    for cut in range(1, len(packet)):
        wire.send(
            frame(event(1))
            + frame(packet[:cut], fin=False)
            + frame(b"ping", 9)
            + frame(b"", 0, fin=False)
            + frame(b"pong", 10)
            + frame(packet[cut:], 0)
            + frame(event(2))
        )
        got = [await wire.receive() for _ in range(4)]
        assert (10, b"ping") in got
        got.remove((10, b"ping"))
        assert [payload[2:3] for _, payload in got] == [b"1", b"3", b"2"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (frame(b"4", mask=None), 1002),
        (frame(b"4", rsv=1), 1002),
        (frame(b"4", rsv=4), 1002),
        (frame(b"4", 3), 1002),
        (frame(b"4", 11), 1002),
        (frame(b"4", 0), 1002),
        (frame(b"x" * 126, 9), 1002),
        (frame(b"x", 9, fin=False), 1002),
        (frame(b"4", fin=False) + frame(b"4"), 1002),
        (frame(b"4\xff"), 1007),
        (frame(b"4\xed\xa0\x80"), 1007),
        (frame(b"4\xd1"), 1007),
        (frame(b"4\xd1", fin=False) + frame(b"x", 0), 1007),
        (frame(b"4" + b"\xff" * 300), 1007),
        (b"\x81\xfe\x00\x05\1\2\3\4abcde", 1002),
        (b"\x81\xff\0\0\0\0\0\0\0\x05\1\2\3\4abcde", 1002),
        (frame(b"x" * 1_048_577), 1009),
        (frame(b"x" * 600_000, fin=False) + frame(b"x" * 600_000, 0), 1009),
        (frame(b"\x03\xe8bye", 8), 1000),
        (frame(b"", 8), 1000),
        (frame(b"\x03", 8), 1002),
        (frame(b"\x03\xec", 8), 1002),
        (frame(b"\x03\xe8\xff", 8), 1007),
    ],
)
async def test_what_closes_and_with_which_code(wire: Wire, data: bytes, code: int) -> None:
    wire.send(frame(event(1)))
    assert await wire.acked() == 1
    wire.send(data)
    assert await wire.closed() == code


async def test_a_limit_below_the_size_of_short_frames(server: Served) -> None:
    server.settings.value = Settings(max_packet=1024)
    async with Wire(server.opened["websocket"].port) as wire:
        wire.send(frame(event(1, "x" * 900)))
        assert await wire.acked() == 1
        wire.send(frame(event(1, "x" * 1024)))
        assert await wire.closed() == 1009


async def test_frames_right_behind_the_handshake(server: Served) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.opened["websocket"].port)
    writer.write(
        b"GET //socket.io/?EIO=3&transport=websocket HTTP/1.1\r\nHost: a\r\nUpgrade: WebSocket\r\n"
        b"Connection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        b"Sec-WebSocket-Version: 13\r\n\r\n" + frame(event(1)) + frame(event(2))
    )
    assert await asyncio.wait_for(reader.readuntil(b"432["), 10)
    writer.close()


@pytest.mark.parametrize(
    "head",
    [
        b"GET /socket.io/?EIO=3&transport=websocket HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n",
        b"GET /socket.io/?EIO=9&transport=websocket HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n",
        b"GET /socket.io/?EIO=3&transport=websocket HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Key: short\r\nSec-WebSocket-Version: 13\r\n\r\n",
        b"GET /socket.io/?EIO=3&transport=websocket HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 8\r\n\r\n",
    ],
)
async def test_bad_handshakes_are_400(server: Served, head: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.opened["websocket"].port)
    writer.write(head)
    assert (await asyncio.wait_for(reader.readuntil(b"\r\n"), 10)).startswith(b"HTTP/1.1 400 ")
    writer.close()
    assert len(server.sockets) == 0


async def test_a_reader_that_is_too_slow_is_let_go(server: Served) -> None:
    server.settings.value = Settings(max_unsent=65_536, packets_burst=100_000)
    async with Wire(server.opened["websocket"].port) as wire:
        wire.reader._transport.pause_reading()  # type: ignore[attr-defined]
        text = "x" * 60_000
        async with asyncio.timeout(20):
            while len(server.sockets):
                wire.send(frame(event(1, text)))
                await asyncio.sleep(0)


async def test_compression_when_it_is_switched_on(server: Served) -> None:
    from websockets.asyncio.client import connect

    url = server.url("websocket").replace("http", "ws") + "/socket.io/?EIO=3&transport=websocket"
    server.settings.value = Settings(compression=True)
    async with connect(url, compression="deflate") as socket:
        assert "permessage-deflate" in str(socket.response.headers)  # type: ignore[union-attr]
        await socket.recv()
        await socket.recv()
        await socket.send(event(5, "я" * 5000).decode())
        assert str(await socket.recv()).startswith("435[")
    server.settings.value = Settings()
    async with connect(url, compression="deflate") as socket:
        assert "permessage-deflate" not in str(socket.response.headers)  # type: ignore[union-attr]
