"""TCP that writes at once.

Twisted queues every write and lets the event loop send it: that registers and unregisters a writer with the loop for
each frame, which is most of the price of a fan-out. Here a write goes to the socket immediately when nothing waits
before it; what the socket does not take is queued as usual, so order, producers and back-pressure stay as Twisted has
them.

This reads private attributes of `twisted.internet.abstract.FileDescriptor`; tests/test_tcp.py pins them.
"""

from typing import Any

from twisted.internet import tcp
from twisted.internet.interfaces import ITransport
from twisted.protocols.policies import ProtocolWrapper

_TwistedServer: Any = tcp.Server


class Server(_TwistedServer):  # type: ignore[misc]
    """The server's end of a connection."""

    queued = False
    """Whether the peer ever left something for the queue; saves asking `unsent` of those who keep up."""

    def write(self, data: bytes) -> None:
        """Send, or queue behind what is queued. A pull producer is asked for more by the queue, so it always queues."""
        if (
            self._tempDataLen
            or self.dataBuffer
            or not self.connected
            or self._writeDisconnected
            or self.TLS
            or not (self.producer is None or self.streamingProducer)
        ):
            self.queued = True
            super().write(data)
            return
        try:
            sent = self.socket.send(data)
        except OSError:
            # Full, or broken: the queued write finds out which and ends the connection the usual way.
            sent = 0
        if sent != len(data):
            self.queued = True
            super().write(memoryview(data)[sent:].tobytes() if sent else data)

    @property
    def unsent(self) -> int:
        """Bytes that wait for the peer to read."""
        return int(len(self.dataBuffer) - self.offset + self._tempDataLen)


class Port(tcp.Port):
    """A listening port whose connections are `Server`."""

    transport = Server


def socket_of(transport: ITransport) -> Server | None:
    """The `Server` under a transport, through TLS or not; None under anything else (a test's string transport)."""
    inner: Any = transport
    while isinstance(inner, ProtocolWrapper):
        inner = inner.transport
    return inner if isinstance(inner, Server) else None
