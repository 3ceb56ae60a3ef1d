"""One socket of a client: Engine.IO and Socket.IO on one side, named events with JSON payloads on the other.

A session owns nothing but its way to the client (`Link`: a WebSocket or long polling, exchanged by an upgrade) and who
it is (`caller`). What it has to say collects in `out` and leaves in one write at the end of the loop's turn; over a
WebSocket `out` holds whole frames, over polling packets. Sessions are many, so they have slots and no dictionaries.
"""

import struct
from collections import deque
from typing import Any, Protocol

import msgspec

from roschat.kernel.errors import RoschatError, TooMany
from roschat.proto import engineio, socketio
from roschat.proto.engineio import Malformed
from roschat.transports.crypto import SessionCipher
from roschat.transports.settings import Settings
from roschat.types import Role, SessionId
from roschat.wire.message import Caller

_encode = msgspec.json.Encoder().encode

NORMAL = 1000
PROTOCOL_ERROR = 1002
BAD_PAYLOAD = 1007
POLICY = 1008
TOO_BIG = 1009
RESTART = 1012
"""Close codes (RFC 6455 section 7.4.1 and its registry)."""

BINARY_REFUSED = RoschatError(
    "Binary events are not taken here; send JSON, files by POST /messages/data.", "bad-request"
)


def text_frame(packet: bytes) -> bytes:
    """A whole unmasked WebSocket text frame (RFC 6455 section 5.2)."""
    size = len(packet)
    if size < 126:
        return b"\x81%c%s" % (size, packet)
    if size < 65_536:
        return b"\x81\x7e%s%s" % (size.to_bytes(2, "big"), packet)
    return struct.pack("!BBQ", 0x81, 127, size) + packet


def error_payload(error: RoschatError) -> bytes:
    """What a failed command answers: `{"error": code, "text": text}`."""
    return _encode({"error": error.code, "text": error.text})


class Link(Protocol):
    """The way to the client."""

    framed: bool
    """Whether `flush` takes WebSocket frames (else Engine.IO packets)."""

    def flush(self, out: list[bytes]) -> None:
        """Send what is in `out` as far as possible, and take it out of the list."""

    def close(self, code: int, reason: str) -> None:
        """Send what was flushed, then end."""

    def pause(self) -> None:
        """Stop reading from the client."""

    def resume(self) -> None:
        """Read on."""


class Owner(Protocol):
    """What a session asks from the place where all sessions are."""

    now: float
    """Monotonic seconds, moved once a second."""

    @property
    def limits(self) -> Settings:
        """The limits now."""

    def dirty(self, session: "Session") -> None:
        """`session.out` was empty and is not any more."""

    def command(self, session: "Session", ack: bytes, name: bytes, payload: bytes, data: bytes) -> None:
        """An event came; `ack` are the digits that its answer must carry, or nothing; `data` is the whole array."""

    def gone(self, session: "Session", reason: str) -> None:
        """The session has ended."""


class Session:
    """See the module docstring. `budget` is a token bucket of packets, refilled only when it is empty."""

    __slots__ = (
        "address",
        "budget",
        "caller",
        "cipher",
        "closed",
        "exclusive",
        "faults",
        "framed",
        "heard",
        "held",
        "id",
        "joined",
        "link",
        "opened",
        "out",
        "owner",
        "pinged",
        "refilled",
        "running",
        "version",
        "waiting",
    )

    def __init__(self, owner: Owner, sid: SessionId, version: int, address: str, link: Link) -> None:
        self.owner = owner
        self.id = sid
        self.version = version
        self.address = address
        self.link = link
        self.framed = link.framed
        self.out: list[bytes] = []
        self.caller = Caller(session=sid, address=address)
        self.joined = version < 4
        self.closed = False
        self.opened = self.heard = self.refilled = owner.now
        self.pinged = 0.0
        self.budget = float(owner.limits.packets_burst)
        self.faults = 0
        self.running = 0
        self.exclusive = False
        self.waiting: deque[Any] | None = None
        self.held = False
        self.cipher: SessionCipher | None = None

    @property
    def signed_in(self) -> bool:
        """Whether somebody has signed in here."""
        return self.caller.role is not Role.NOBODY

    def open(self) -> None:
        """Say the first packets."""
        limits = self.owner.limits
        new = self.version >= 4
        self.send(
            engineio.handshake(
                self.version,
                self.id,
                upgrades=() if self.framed else ("websocket",),
                ping_interval=limits.ping_interval_4 if new else limits.ping_interval,
                ping_timeout=limits.ping_timeout_4 if new else limits.ping_timeout,
                max_payload=limits.max_packet,
            )
        )
        if not new:
            self.send(socketio.connected_message(self.version, self.id))

    def send(self, packet: bytes) -> None:
        """Say an Engine.IO packet at the end of this turn."""
        if self.closed:
            return
        out = self.out
        if not out:
            self.owner.dirty(self)
        out.append(text_frame(packet) if self.framed else packet)

    def answer(self, ack: bytes, payload: bytes) -> None:
        """Answer an event when it asked for it; encrypted when the client wishes that."""
        if ack:
            self.send(socketio.ack_message(ack, self.sealed(payload)))

    def refuse(self, ack: bytes, error: RoschatError) -> None:
        """Answer an event with an error."""
        if ack:
            self.answer(ack, error_payload(error))

    def sealed(self, payload: bytes) -> bytes:
        """A payload as this client wants it."""
        return payload if self.cipher is None else self.cipher.seal(payload)

    def receive(self, packet: bytes) -> None:
        """Take an Engine.IO packet from the client."""
        if self.closed:
            return
        self.heard = self.owner.now
        self.budget -= 1
        if self.budget < 0 and not self._refilled():
            self._flooded(packet)
            return
        try:
            if packet[:2] == b"42" and (at := packet.find(b"[", 2, 20)) > 0 and (at == 2 or packet[2:at].isdigit()):
                self._event(packet[2:at], packet[at:])
            else:
                self._packet(packet)
        except Malformed as error:
            self.end(BAD_PAYLOAD, str(error))

    def fault(self) -> None:
        """The client sent something that has not the form it should; too often ends the session."""
        self.faults += 1
        if self.faults > self.owner.limits.faults:
            self.end(POLICY, "too many malformed packets")

    def upgrade(self, link: Link) -> None:
        """Go on over another link."""
        self.link = link
        self.framed = link.framed
        if self.out:
            self.out = [text_frame(packet) for packet in self.out] if link.framed else self.out
            self.owner.dirty(self)
        if self.held:
            link.pause()

    def flush(self) -> None:
        """Write now what waits."""
        if self.out:
            self.link.flush(self.out)

    def hold(self) -> None:
        """Read no more until the commands under way are fewer."""
        if not self.held:
            self.held = True
            self.link.pause()

    def release(self) -> None:
        """Read on."""
        if self.held:
            self.held = False
            if not self.closed:
                self.link.resume()

    def check(self, now: float) -> float:
        """Do what time brings (pings, timeouts); the seconds until the next look, 0 when the session has ended."""
        limits = self.owner.limits
        if self.closed:
            return 0
        rest = limits.sign_in_time
        if not self.signed_in:
            rest = self.opened + limits.sign_in_time - now
            if rest <= 0:
                self.end(POLICY, "nobody has signed in")
                return 0
        if self.version >= 4:
            return min(rest, self._ping(now, limits.ping_interval_4, limits.ping_timeout_4))
        silence = self.heard + limits.ping_interval + limits.ping_timeout - now
        if silence <= 0:
            self.end(NORMAL, "ping timeout")
            return 0
        return min(rest, silence)

    def end(self, code: int, reason: str, *, for_good: bool = False) -> None:
        """Close. `for_good` tells the client not to come back by itself."""
        if self.closed:
            return
        if for_good:
            self.send(socketio.DISCONNECTED)
        self.flush()
        self.closed = True
        self.link.close(code, reason)
        self._gone(reason)

    def lost(self, reason: str) -> None:
        """The link broke."""
        if not self.closed:
            self.closed = True
            self._gone(reason)

    def _gone(self, reason: str) -> None:
        self.waiting = None
        self.owner.gone(self, reason)

    def _ping(self, now: float, interval: float, timeout: float) -> float:
        since = max(self.pinged, self.opened)
        if self.pinged and self.heard < self.pinged:
            if now - since >= timeout:
                self.end(NORMAL, "ping timeout")
                return 0
            return since + timeout - now
        if now - since < interval:
            return since + interval - now
        self.pinged = now
        self.heard = min(self.heard, now - 0.001)
        self.send(engineio.PING)
        return min(timeout, interval)

    def _packet(self, packet: bytes) -> None:
        """Any packet but the plain event."""
        kind = packet[:1]
        if kind == engineio.MESSAGE:
            self._message(packet[1:])
        elif kind == engineio.PING and self.version < 4:
            self.send(engineio.PONG + packet[1:])
        elif kind == engineio.CLOSE:
            self.end(NORMAL, "closed by the client")
        elif kind == engineio.BINARY:
            self.fault()
        elif kind not in (engineio.PONG, engineio.NOOP, engineio.UPGRADE):
            raise Malformed("an unknown packet type")

    def _message(self, message: bytes) -> None:
        kind, namespace, ack, data = socketio.parse(message)
        if namespace != "/":
            if kind == socketio.CONNECT:
                self.send(socketio.refused_message(self.version, namespace))
        elif kind == socketio.EVENT:
            self._event(ack, data)
        elif kind == socketio.CONNECT:
            if not self.joined:
                self.joined = True
                self.send(socketio.connected_message(self.version, self.id))
        elif kind == socketio.DISCONNECT:
            self.end(NORMAL, "disconnected by the client")
        elif kind in (socketio.BINARY_EVENT, socketio.BINARY_ACK):
            self.refuse(ack, BINARY_REFUSED)
            self.fault()

    def _event(self, ack: bytes, data: bytes) -> None:
        if not self.joined:
            raise Malformed("an event came before the namespace was connected")
        name, payload = socketio.cut_event(data)
        self.owner.command(self, ack, name, payload, data)

    def _refilled(self) -> bool:
        limits = self.owner.limits
        now = self.owner.now
        self.budget += (now - self.refilled) * limits.packets_per_second
        self.budget = min(self.budget, float(limits.packets_burst))
        self.refilled = now
        return self.budget >= 0

    def _flooded(self, packet: bytes) -> None:
        error = TooMany("The socket sends more packets than it may; slow down.")
        if packet[:2] == b"42":
            self.refuse(socketio.parse(packet[1:]).ack, error)
        self.end(POLICY, error.text)
