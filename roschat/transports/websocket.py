"""A WebSocket as a link: autobahn with a short way for the frames that nearly all traffic consists of.

autobahn does the handshake, control frames, fragments, compression, closing and every error. Its general receive path
is however the largest single cost of the server, so whole, masked, final, uncompressed text frames are unmasked and
handed over right here. At the first byte that is anything else the buffer goes to autobahn, until it has no message
under way. The checks stay the same: size (1009), masking (1002), UTF-8 (1007); tests/test_websocket.py runs both ways.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, cast

from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from autobahn.websocket.compress import PerMessageDeflateOffer, PerMessageDeflateOfferAccept
from autobahn.websocket.protocol import TrafficStats
from websockets.speedups import apply_mask

from roschat.proto import engineio
from roschat.transports.polling import Polling
from roschat.transports.session import BAD_PAYLOAD, POLICY, PROTOCOL_ERROR, Session, text_frame
from roschat.transports.settings import Settings
from roschat.transports.tcp import socket_of

log = logging.getLogger(__name__)

UPGRADE_TIME = 10.0
"""Seconds that a client has between opening a WebSocket for an upgrade and finishing it."""

HANDSHAKE_ONLY = (
    "http_request_data",
    "http_status_line",
    "http_headers",
    "http_request_uri",
    "http_request_path",
    "http_request_params",
    "http_request_host",
    "http_response_data",
    "websocket_extensions",
    "websocket_extensions_in_use",
    "websocket_protocols",
    "websocket_origin",
    "_wskey",
)
"""Attributes of autobahn that nobody reads once a socket is open."""

_AutobahnProtocol: Any = WebSocketServerProtocol
_AutobahnFactory: Any = WebSocketServerFactory
_DeflateAccept: Any = PerMessageDeflateOfferAccept
"""Untyped: the annotations of autobahn and Twisted contradict each other in subclasses."""

_traffic = cast(Any, TrafficStats)()


class Silence:
    """Takes the place of autobahn's log: bad input of a client is no news, and formatting it costs."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return self._nothing

    def _nothing(self, *args: object, **values: object) -> None:
        """Say nothing."""


class WebSocket(_AutobahnProtocol):  # type: ignore[misc]
    """One connection. `begin` makes the session of a client that comes without one."""

    log = Silence()
    framed = True
    data: bytes

    def __init__(self, begin: "Callable[[WebSocket], Session]", session: Session | None, settings: Settings) -> None:
        super().__init__()
        self._begin = begin
        self._session: Session | None = None
        self._upgrading = session
        self._tcp: Any = None
        self._max_unsent = settings.max_unsent
        self.maxMessagePayloadSize = self.maxFramePayloadSize = settings.max_packet

    # The connection.

    def connectionMade(self) -> None:
        """Start autobahn without its inventory of the transport, which costs kilobytes."""
        self._transport_details = None
        self._tcp = socket_of(self.transport)
        self._connectionMade()
        self.trafficStats = _traffic

    def connectionLost(self, reason: Any = None) -> None:
        """The peer is gone."""
        self._connectionLost(reason)
        if self._session is not None:
            self._session.lost("connection lost")
        self._session = self._upgrading = None

    def _onOpen(self) -> None:
        for name in HANDSHAKE_ONLY:
            self.__dict__.pop(name, None)
        if self._upgrading is None:
            self._session = self._begin(self)
            self._session.open()
        else:
            asyncio.get_running_loop().call_later(UPGRADE_TIME, self._upgrade_late)

    def failHandshake(self, reason: str, code: int = 400, responseHeaders: Any = None) -> None:
        """Refuse the opening handshake with an engine error."""
        body = b'{"code":3,"message":"Bad request"}'
        self.sendData(
            b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nConnection: close\r\n"
            b"Sec-WebSocket-Version: 13\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        )
        self.dropConnection(abort=False)

    # Receiving.

    def dataReceived(self, data: bytes) -> None:
        """See the module docstring (RFC 6455 section 5.2 for the layout of a frame)."""
        if self.data:
            data = self.data + data
        if self.state != self.STATE_OPEN or self.current_frame is not None or self.inside_message:
            self.data = data
            self.consumeData()
            return
        session = self._session
        at = 0
        end = len(data)
        limit = self.maxMessagePayloadSize
        while end - at >= 2:
            size = data[at + 1] - 0x80
            if data[at] != 0x81 or size < 0 or size == 127 or session is None:
                break
            start = at + 6
            if size == 126:
                if end - at < 4:
                    break
                size = data[at + 2] << 8 | data[at + 3]
                start = at + 8
                if size < 126:
                    break
            if size > limit:
                break
            stop = start + size
            if stop > end:
                self.data = data[at:]
                return
            payload = apply_mask(data[start:stop], data[start - 4 : start])
            at = stop
            if not payload.isascii() and not _is_utf8(payload):
                self.data = b""
                session.end(BAD_PAYLOAD, "a text is not UTF-8")
                return
            session.receive(payload)
            if self.state != self.STATE_OPEN:
                self.data = b""
                return
        self.data = data[at:]
        if end > at:
            self.consumeData()

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        """A message that came the long way."""
        if self._session is not None:
            self._session.receive(engineio.BINARY + payload if isBinary else payload)
        elif self._upgrading is not None:
            self._upgrade(self._upgrading, payload)

    def _upgrade(self, session: Session, packet: bytes) -> None:
        """Probe, then take over from long polling (engine.io-protocol, "Upgrade")."""
        polling = session.link
        if session.closed or not isinstance(polling, Polling):
            self.close(POLICY, "the session is no longer polling")
        elif packet == b"2probe":
            polling.step_aside()
            self.transport.write(text_frame(b"3probe"))
        elif packet == engineio.UPGRADE:
            self._upgrading = None
            self._session = session
            session.upgrade(self)
            polling.step_aside()
        else:
            self.close(PROTOCOL_ERROR, "a probe was due")

    def _upgrade_late(self) -> None:
        if self._upgrading is not None:
            self.close(POLICY, "the upgrade was not finished")

    # Link.

    def flush(self, out: list[bytes]) -> None:
        """One write for all frames; a reader that is too far behind loses the connection."""
        data = out[0] if len(out) == 1 else b"".join(out)
        out.clear()
        if self.state != self.STATE_OPEN:
            return
        tcp = self._tcp
        # What was written before counts, not this: one large answer is no sign of a slow reader.
        if tcp is not None and tcp.queued and tcp.unsent > self._max_unsent:
            log.info("a socket was closed: its reader is behind by more than %d bytes", self._max_unsent)
            self.transport.abortConnection()
            return
        self.transport.write(data)

    def close(self, code: int, reason: str) -> None:
        """Say goodbye; the connection drops when the client has answered, or a second later."""
        if self.state == self.STATE_OPEN:
            self.sendCloseFrame(code=code, reasonUtf8=reason.encode()[:123])
            self._session = self._upgrading = None
            self.resume()

    def pause(self) -> None:
        """Stop reading."""
        self.transport.pauseProducing()

    def resume(self) -> None:
        """Read on."""
        self.transport.resumeProducing()


class WebSocketFactory(_AutobahnFactory):  # type: ignore[misc]
    """Builds the connections of all listeners."""

    log = Silence()
    noisy = False

    def __init__(self, begin: Callable[[WebSocket, str, int], Session], settings: Callable[[], Settings]) -> None:
        super().__init__(server="")
        self._begin = begin
        self._settings = settings
        self.setProtocolOptions(
            webStatus=False, failByDrop=False, openHandshakeTimeout=0, closeHandshakeTimeout=1, versions=[13]
        )
        # autobahn copies every option that the class of a connection lacks into each connection: here the class has
        # them, which saves a kilobyte and a half per socket.
        options = {
            name: getattr(self, name) for name in (*WebSocket.CONFIG_ATTRS_COMMON, *WebSocket.CONFIG_ATTRS_SERVER)
        }
        options["perMessageCompressionAccept"] = staticmethod(options["perMessageCompressionAccept"])
        self._connection = type("Connection", (WebSocket,), options)

    def connection(self, address: str, version: int, session: Session | None) -> Any:
        """A connection that begins a session, or upgrades the one that is given."""
        settings = self._settings()
        protocol: WebSocket = self._connection(lambda made: self._begin(made, address, version), session, settings)
        protocol.factory = self
        if settings.compression:
            protocol.perMessageCompressionAccept = _accept_deflate
        return protocol


def _accept_deflate(offers: list[Any]) -> Any:
    for offer in offers:
        if isinstance(offer, PerMessageDeflateOffer):
            return _DeflateAccept(offer)
    return None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
