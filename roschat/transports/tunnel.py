"""A WebSocket that belongs to another process: its bytes go through, both ways, no faster than they are read.

Towards the client stands Twisted's transport, towards the process asyncio's; each pauses the other's reading.
"""

import asyncio
import logging
from pathlib import Path
from typing import Any

from twisted.internet.interfaces import IPushProducer
from twisted.internet.protocol import Protocol
from zope.interface import implementer  # type: ignore[import-untyped]

from roschat.kernel.aio import Tasks
from roschat.kernel.http import Request
from roschat.kernel.unix_path import reachable
from roschat.transports.forward import CONNECT, forwarded_headers

log = logging.getLogger(__name__)


@implementer(IPushProducer)
class Tunnel(Protocol):
    """Takes a client's connection over from the HTTP channel, which replays the head of the request first."""

    transport: Any

    def __init__(self, request: Request, address: str, tasks: Tasks) -> None:
        self._request = request
        self._address = address
        self._tasks = tasks
        self._inner: asyncio.Transport | None = None
        self._early = b""
        self._open = True

    def connectionMade(self) -> None:
        """Look for the other process; what the client says meanwhile waits."""
        self.transport.pauseProducing()
        self._tasks.spawn(self._connect(), "tunnel")

    def dataReceived(self, data: bytes) -> None:
        """The client says something."""
        if self._inner is None:
            self._early += data
        else:
            self._inner.write(data)

    def connectionLost(self, reason: object = None) -> None:
        """The client is gone."""
        self._open = False
        if self._inner is not None:
            self._inner.close()

    # What the process says waits while the client does not read.

    def pauseProducing(self) -> None:
        """The client reads slowly."""
        if self._inner is not None:
            self._inner.pause_reading()

    def resumeProducing(self) -> None:
        """The client has read."""
        if self._inner is not None and not self._inner.is_closing():
            self._inner.resume_reading()

    def stopProducing(self) -> None:
        """The client will read no more."""
        self.connectionLost()

    def joined(self, inner: asyncio.Transport) -> None:
        """The process took the connection."""
        if not self._open:
            inner.close()
            return
        self._inner = inner
        self.transport.registerProducer(self, True)
        head, end, rest = self._early.partition(b"\r\n\r\n")
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"x-forwarded-")]
        lines += [f"{name}: {value}".encode("latin-1") for name, value in forwarded_headers(self._request)]
        inner.write(b"\r\n".join(lines) + end + rest)
        self._early = b""
        self.transport.resumeProducing()

    def parted(self) -> None:
        """The process hung up: so do we, when the client has read what is left."""
        if self._open:
            if self._inner is not None:
                self.transport.unregisterProducer()
            self.transport.loseConnection()

    async def _connect(self) -> None:
        try:
            async with asyncio.timeout(CONNECT):
                with reachable(Path(self._address)) as path:
                    await asyncio.get_running_loop().create_unix_connection(lambda: _Inner(self), path)
        except (OSError, TimeoutError) as error:
            log.info("the process of a session cannot be reached: %s", error)
            self.transport.abortConnection()


class _Inner(asyncio.Protocol):
    """The end towards the process."""

    def __init__(self, tunnel: Tunnel) -> None:
        self._tunnel = tunnel

    def connection_made(self, transport: Any) -> None:
        self._tunnel.joined(transport)

    def data_received(self, data: bytes) -> None:
        self._tunnel.transport.write(data)

    def pause_writing(self) -> None:
        self._tunnel.transport.pauseProducing()

    def resume_writing(self) -> None:
        self._tunnel.transport.resumeProducing()

    def connection_lost(self, error: Exception | None) -> None:
        self._tunnel.parted()
