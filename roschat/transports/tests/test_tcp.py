"""The transport that writes at once, and the private attributes of Twisted that it reads."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
from twisted.internet import abstract, protocol, reactor

from roschat.transports.tcp import Port, Server, socket_of


class Peer(protocol.Protocol):
    def __init__(self) -> None:
        self.made: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.paused = 0
        self.resumed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connectionMade(self) -> None:
        self.made.set_result(None)

    def connectionLost(self, reason: Any = None) -> None:
        self.lost.set_result(None)

    def pauseProducing(self) -> None:
        self.paused += 1

    def resumeProducing(self) -> None:
        if not self.resumed.done():
            self.resumed.set_result(None)

    def stopProducing(self) -> None:
        """Called when the connection ends."""


@pytest.fixture
async def pair() -> AsyncIterator[tuple[Peer, socket.socket]]:
    peer = Peer()
    factory: Any = protocol.Factory.forProtocol(lambda: peer)
    factory.noisy = False
    port: Any = Port(0, factory, interface="127.0.0.1", reactor=reactor)
    port.startListening()
    client = socket.create_connection(("127.0.0.1", port.getHost().port))
    client.setblocking(False)
    await peer.made
    yield peer, client
    client.close()
    await peer.lost
    await port.stopListening().asFuture(asyncio.get_running_loop())


def test_the_private_attributes_that_we_read_are_what_twisted_writes() -> None:
    descriptor: Any = abstract.FileDescriptor(reactor)
    descriptor.connected = 1
    descriptor.startWriting = lambda: None
    assert (descriptor._tempDataLen, descriptor.dataBuffer, descriptor.offset) == (0, b"", 0)
    assert (descriptor._writeDisconnected, descriptor.producer, descriptor.streamingProducer) == (False, None, False)
    descriptor.write(b"abc")
    assert (descriptor._tempDataLen, descriptor._tempDataBuffer) == (3, [b"abc"])
    descriptor.writeSomeData = lambda data: 2
    descriptor.doWrite()
    assert (descriptor._tempDataLen, descriptor.dataBuffer, descriptor.offset) == (0, b"abc", 2)
    assert Server.TLS is False


async def test_a_write_leaves_at_once(pair: tuple[Peer, socket.socket]) -> None:
    peer, client = pair
    transport: Any = peer.transport
    assert isinstance(transport, Server)
    assert socket_of(transport) is transport
    transport.write(b"hello")
    assert transport.unsent == 0
    assert client.recv(10) == b"hello"


async def test_what_the_socket_does_not_take_is_queued_in_order(pair: tuple[Peer, socket.socket]) -> None:
    peer, client = pair
    transport: Any = peer.transport
    transport.registerProducer(peer, True)
    blocks = [bytes([number]) * 100_000 for number in range(100)]
    for block in blocks:
        transport.write(block)
    assert transport.unsent > 0
    assert peer.paused
    loop = asyncio.get_running_loop()
    wanted = b"".join(blocks)
    got = b""
    async with asyncio.timeout(20):
        while len(got) < len(wanted):
            got += await loop.sock_recv(client, 1_000_000)
        assert got == wanted
        await peer.resumed
    assert transport.unsent == 0
    transport.unregisterProducer()


async def test_a_write_to_a_broken_connection_ends_it(pair: tuple[Peer, socket.socket]) -> None:
    peer, client = pair
    transport: Any = peer.transport
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    client.close()
    for _ in range(3):
        transport.write(b"x")
    async with asyncio.timeout(10):
        await peer.lost
