"""A WebSocket client that can be as wrong as a test wants."""

import asyncio
import contextlib
import struct
from typing import Self

from websockets.speedups import apply_mask


def frame(
    payload: bytes, opcode: int = 1, *, fin: bool = True, rsv: int = 0, mask: bytes | None = b"\1\2\3\4"
) -> bytes:
    """A client's frame (RFC 6455 section 5.2); `mask` None leaves it unmasked."""
    size = len(payload)
    bit = 0 if mask is None else 0x80
    head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    if size < 126:
        head += bytes([bit | size])
    elif size < 65_536:
        head += struct.pack("!BH", bit | 126, size)
    else:
        head += struct.pack("!BQ", bit | 127, size)
    return head + payload if mask is None else head + mask + apply_mask(payload, mask)


def event(ack: int, text: str = "") -> bytes:
    """The packet of a test-echo."""
    return f'42{ack}["test-echo",{{"text":"{text}"}}]'.encode()


class Wire:
    """A socket after its opening handshake and the first packets."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def __aenter__(self) -> Self:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self._port)
        self.writer.write(
            b"GET /socket.io/?EIO=3&transport=websocket HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        head = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), 10)
        assert head.startswith(b"HTTP/1.1 101 "), head
        assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in head
        assert (await self.receive())[1][:1] == b"0"
        assert await self.receive() == (1, b"40")
        return self

    async def __aexit__(self, *error: object) -> None:
        self.writer.close()

    def send(self, data: bytes) -> None:
        """Send, unless the server has hung up."""
        if not self.writer.transport.is_closing():
            self.writer.write(data)

    async def send_slowly(self, data: bytes, at: list[int]) -> None:
        """Send cut at some places, each part in a packet of its own."""
        self.writer.transport.get_extra_info("socket").setsockopt(6, 1, 1)
        for start, end in zip([0, *at], [*at, len(data)], strict=True):
            self.writer.write(data[start:end])
            await self.writer.drain()
            for _ in range(4):
                await asyncio.sleep(0)

    async def receive(self) -> tuple[int, bytes]:
        """A frame of the server: opcode and payload."""
        async with asyncio.timeout(10):
            first, second = await self.reader.readexactly(2)
            assert first & 0xF0 == 0x80
            assert second < 0x80, "a server must not mask"
            size = second
            if size == 126:
                [size] = struct.unpack("!H", await self.reader.readexactly(2))
            elif size == 127:
                [size] = struct.unpack("!Q", await self.reader.readexactly(8))
            return first & 0x0F, await self.reader.readexactly(size)

    async def acked(self) -> int:
        """The number of the next ack."""
        opcode, payload = await self.receive()
        assert opcode == 1, (opcode, payload)
        assert payload[:2] == b"43", payload
        return int(payload[2 : payload.index(b"[")])

    async def closed(self) -> int:
        """The code of the close frame, which must be next."""
        opcode, payload = await self.receive()
        assert opcode == 8, (opcode, payload)
        self.send(frame(payload[:2], 8))
        # The server may not wait for what a broken peer still sends.
        with contextlib.suppress(ConnectionError):
            assert await asyncio.wait_for(self.reader.read(), 10) == b""
        return int.from_bytes(payload[:2], "big")
