"""HTTP/1.1 connections, on twisted.web's channel.

twisted.web collects a whole body before it asks anybody; here the handler starts when the head is complete and reads
the body as it arrives, or never: a body that is too large for its route is refused with 413 before it travels. Whatever
ends before its body has come closes the connection after a short linger, so that the client can read why.
"""

import asyncio
from typing import Any, cast

from twisted.protocols.basic import LineReceiver
from twisted.protocols.policies import ProtocolWrapper
from twisted.web import http

from roschat.transports.http_exchange import Exchange, Front

LINGER = 2.0
"""Seconds that a refused client has to read the answer while what it still sends is thrown away."""
MAX_HEAD = 16_384
MAX_HEADERS = 100

_TwistedChannel: Any = http.HTTPChannel
_receive_lines: Any = LineReceiver.dataReceived
"""Untyped: half of twisted.web has annotations, and they do not allow what subclasses are for."""


class Channel(_TwistedChannel):  # type: ignore[misc]
    """One connection."""

    site: Front
    totalHeadersSize = MAX_HEAD
    maxHeaders = MAX_HEADERS
    requestFactory = Exchange
    transport: Any
    _head = False
    _lingering = False
    _left: Any = None
    _goodbyes: tuple[asyncio.TimerHandle, ...] = ()

    def dataReceived(self, data: bytes) -> None:
        """Bytes came. The head has one deadline that bytes do not put off; a body must only keep moving."""
        if self._lingering:
            return
        if not self._head and not self._handlingRequest:
            self._head = True
            self.setTimeout(self.site.settings.header_time)
        elif self._head and self.timeOut == self.site.settings.idle_time:
            self.resetTimeout()
        _receive_lines(self, data)
        if self._left is not None:
            rest = b"".join(self._dataBuffer)
            self._dataBuffer.clear()
            if rest:
                self._left.dataReceived(rest)

    def lineLengthExceeded(self, line: bytes) -> None:
        """The request line or a header is too long."""
        self._respondToBadRequestAndDisconnect()

    def allHeadersReceived(self) -> None:
        """The head is complete."""
        exchange = cast(Exchange, self.requests[-1])
        self.persistent = self.checkPersistence(exchange, self._version)
        self.setTimeout(self.site.settings.idle_time)
        exchange.whole = self.length == 0
        exchange.method, exchange.uri, exchange.clientproto = self._command, self._path, self._version
        exchange.path = self._path.partition(b"?")[0]
        if exchange.whole:
            taker = exchange.upgraded()
            if taker is not None:
                self._leave(exchange, taker)
                return
        if exchange._task is None:
            exchange.begin(self._command, self._path, self._version, self.length)

    def allContentReceived(self) -> None:
        """The body is complete."""
        self._head = False
        super().allContentReceived()

    def requestDone(self, request: http.Request) -> None:
        """A response is written."""
        if not cast(Exchange, request).whole:
            self._linger()
            return
        super().requestDone(request)
        if self.persistent and not self._head and not self._handlingRequest:
            self.setTimeout(self.site.settings.idle_time)

    def timeoutConnection(self) -> None:
        """The client was too slow."""
        self.transport.abortConnection()

    def connectionLost(self, reason: Any) -> None:
        """The connection is gone; an answer that is still written begins no goodbye."""
        self.site.channels.discard(self)
        self._lingering = True
        for goodbye in self._goodbyes:
            goodbye.cancel()
        super().connectionLost(reason)

    def _linger(self) -> None:
        """Throw away what still comes, for a while, then close. Once: both a bad request and its answer may want it."""
        if self._lingering:
            return
        self._lingering = True
        self.clearLineBuffer()
        self.requests.clear()
        self._networkProducer.unregisterProducer()
        self._networkProducer.resumeProducing()
        self.timeOut = None
        self.setTimeout(None)
        later = asyncio.get_running_loop().call_later
        self._goodbyes = (
            later(LINGER, self.transport.loseConnection),
            later(2 * LINGER, self.transport.abortConnection),
        )

    def _leave(self, exchange: Exchange, taker: Any) -> None:
        """Hand the connection to another protocol and replay the head of the request to it."""
        transport = self.transport
        self.setTimeout(None)
        self._networkProducer.unregisterProducer()
        self.site.channels.discard(self)
        self._left = taker
        self._handlingRequest = True
        if isinstance(transport, ProtocolWrapper):
            transport.wrappedProtocol = taker
        else:
            transport.protocol = taker
        taker.makeConnection(transport)
        head = [b"GET %s HTTP/1.1\r\n" % exchange.uri]
        for name, values in exchange.requestHeaders.getAllRawHeaders():
            head.extend(b"%s: %s\r\n" % (name, value) for value in values)
        self.requests.clear()
        self.length = 1
        taker.dataReceived(b"".join(head) + b"\r\n")

    def _respondToBadRequestAndDisconnect(self) -> None:
        body = b'{"error":"bad-request","text":"The request is not well-formed HTTP/1.1, or its head is too large."}'
        self.transport.write(
            b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nConnection: close\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
        )
        self._linger()
