"""Long polling as a link: packets wait in the session until a GET fetches them; a POST brings packets."""

import asyncio

from roschat.kernel.errors import RoschatError
from roschat.proto import engineio
from roschat.proto.engineio import Malformed
from roschat.transports.session import BAD_PAYLOAD, POLICY, Session

MAX_PACKETS = 512
"""Packets in one answer."""


class Polling:
    """The way to a client that polls."""

    __slots__ = ("_closed", "_max_unsent", "_may_read", "_poll", "upgrading")

    framed = False

    def __init__(self, max_unsent: int) -> None:
        self._max_unsent = max_unsent
        self._poll: asyncio.Future[None] | None = None
        self._may_read: asyncio.Future[None] | None = None
        self._closed = False
        self.upgrading = False

    def flush(self, out: list[bytes]) -> None:
        """Wake the waiting GET; nothing leaves `out` here."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    def close(self, code: int, reason: str) -> None:
        """End the waiting GET."""
        self._closed = True
        self._wake()
        self.resume()

    def pause(self) -> None:
        """Answer no POST until `resume`."""
        if self._may_read is None:
            self._may_read = asyncio.get_running_loop().create_future()

    def resume(self) -> None:
        """Go on answering POSTs."""
        if self._may_read is not None:
            self._may_read.set_result(None)
            self._may_read = None

    def step_aside(self) -> None:
        """An upgrade has begun or is done: polls are answered at once, so that the client can stop polling."""
        self.upgrading = True
        self._wake()

    async def fetch(self, session: Session) -> bytes:
        """The answer of a GET: what waits, as soon as something does. Raises RoschatError when another GET waits."""
        if self._poll is not None:
            session.end(POLICY, "two polls at once")
            raise RoschatError("Another GET of this session is waiting; poll one at a time.", "bad-request")
        if not session.out and not self._closed and not self.upgrading:
            self._poll = asyncio.get_running_loop().create_future()
            try:
                await self._poll
            finally:
                self._poll = None
        packets = self._taken(session)
        if self._closed:
            packets.append(engineio.CLOSE)
        return engineio.join_payload(session.version, packets or [engineio.NOOP])

    async def post(self, session: Session, body: bytes) -> None:
        """Take the packets of a POST."""
        try:
            packets = engineio.split_payload(session.version, body)
        except Malformed as error:
            session.end(BAD_PAYLOAD, str(error))
            raise RoschatError(f"The body is not an Engine.IO payload: {error}.", "bad-request") from None
        for packet in packets:
            session.receive(packet)
            if self._may_read is not None:
                await self._may_read

    def overfull(self, session: Session) -> bool:
        """Whether more waits than may."""
        return len(session.out) > MAX_PACKETS and sum(map(len, session.out)) > self._max_unsent

    def _taken(self, session: Session) -> list[bytes]:
        if session.link is not self:
            return []
        packets = session.out[:MAX_PACKETS]
        del session.out[:MAX_PACKETS]
        return packets

    def _wake(self) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
