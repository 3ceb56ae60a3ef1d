"""All sessions of this process, and the `/socket.io/` endpoint where they begin.

One endpoint serves both client generations on every listener: the query says which (`EIO`), how (`transport`) and,
after the handshake, whose (`sid`). A wheel of one-second slots looks at each session when its next ping or timeout is
due.
"""

import logging
import secrets
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.errors import RoschatError
from roschat.kernel.http import Request, Response, Routes, json_response
from roschat.kernel.metrics import Metrics
from roschat.transports.commands import Commands
from roschat.transports.crypto import InstallationKey
from roschat.transports.hub import Hub
from roschat.transports.polling import Polling
from roschat.transports.session import NORMAL, POLICY, RESTART, Link, Session
from roschat.transports.settings import Current, Settings
from roschat.transports.websocket import WebSocketFactory
from roschat.types import Role, SessionId
from roschat.wire.delivery import Delivery
from roschat.wire.message import Caller
from roschat.wire.process import EventsMissed
from roschat.wire.session import SessionClosed, SessionOpened, SessionsEnded

log = logging.getLogger(__name__)

PATH = "/socket.io/"
RENEWAL = 5
"""Seconds over which sessions are closed when events were missed."""

ENGINE_ERRORS = {
    0: "Transport unknown",
    1: "Session ID unknown",
    2: "Bad handshake method",
    3: "Bad request",
    4: "Forbidden",
    5: "Unsupported protocol version",
}
"""The refusals of Engine.IO servers, as clients know them."""


class Refused(Exception):
    """A request to the endpoint that does not fit; `code` is one of ENGINE_ERRORS."""

    def __init__(self, code: int) -> None:
        super().__init__(ENGINE_ERRORS[code])
        self.code = code


class Elsewhere(Protocol):
    """The processes that hold other sessions: `transports.doors.Doors`."""

    async def poll(self, process: str, request: Request) -> Response | None:
        """The answer of the process that has a session of long polling; None when there is no such process."""

    def tunnel(self, process: str, request: Request) -> Any:
        """The protocol that takes a WebSocket to the process that has its session; None as above."""


class Sockets:
    """See the module docstring. `tick` must be called about once a second; `serve` puts the endpoint on a listener.

    `process` is the name of this process, with which the ids of its sessions begin; `elsewhere` knows the others.
    """

    def __init__(
        self,
        bus: Bus,
        settings: Current,
        key: InstallationKey,
        clock: Clock,
        *,
        process: str = "",
        elsewhere: Elsewhere | None = None,
    ) -> None:
        self._bus = bus
        self._process = process
        self._elsewhere = elsewhere
        self._settings = settings
        self._clock = clock
        self.now = clock.monotonic()
        self.hub = Hub()
        self.commands = Commands(bus, key, lambda: settings.value, self._bind, self._signed_in)
        self.websockets = WebSocketFactory(self._begin_websocket, lambda: settings.value)
        self._sessions: dict[SessionId, Session] = {}
        self._by_address: Counter[str] = Counter()
        self._strangers: Counter[str] = Counter()
        self._wheel: dict[int, list[Session]] = {}
        self._turned = int(self.now)
        self._closing = False
        self._stale: list[Session] = []
        self._portion = 0
        self.command = self.commands.arrived
        self.dirty: Callable[[Session], None] = self.hub.dirty
        bus.subscribe(Delivery, self.hub.deliver)
        bus.subscribe(SessionsEnded, self._ended)
        bus.subscribe(EventsMissed, self._missed)

    @property
    def limits(self) -> Settings:
        """The limits now."""
        return self._settings.value

    def measure(self, metrics: Metrics) -> None:
        """Let Prometheus ask how many sockets there are, by role."""
        gauge = metrics.gauge("sockets", "Live sockets by the role of who signed in.", ["role"])
        for role in Role:
            gauge.labels(role.value).set_function(partial(self._count, role))

    def _count(self, role: Role) -> int:
        return len(self) - self.hub.count() if role is Role.NOBODY else self.hub.count(role)

    def callers(self) -> list[Caller]:
        """Who is signed in here, one for each socket."""
        return [session.caller for session in self._sessions.values() if session.signed_in]

    def __len__(self) -> int:
        return len(self._sessions)

    # The endpoint.

    def serve(self, routes: Routes) -> None:
        """Answer `/socket.io/` (long polling) among the routes of a listener; `upgrade` is for its WebSockets."""
        for pattern in (PATH, PATH.rstrip("/")):
            routes.add("*", pattern, self._polled, max_body=None)

    def upgrade(self, request: Request) -> Any:
        """The protocol that takes over a connection whose request asks for a WebSocket."""
        if request.path.rstrip("/") != PATH.rstrip("/"):
            return json_response({"error": "not-found", "text": f"There is no WebSocket at {request.path!r}."}, 404)
        try:
            version, sid = self._asked(request, "websocket")
            if self._elsewhere is not None and self._is_foreign(sid):
                tunnel = self._elsewhere.tunnel(sid[: len(self._process)], request)
                if tunnel is not None:
                    return tunnel
            session = self._session(sid) if sid else None
            if session is None:
                self._admit(request.address)
            elif not isinstance(session.link, Polling) or session.version != version:
                raise Refused(3)
        except Refused as refusal:
            return _refusal(refusal)
        except RoschatError as error:
            return json_response({"error": error.code, "text": error.text}, 503)
        return self.websockets.connection(request.address, version, session)

    async def _polled(self, request: Request) -> Response:
        cors = {"access-control-allow-origin": "*"}
        if request.method == "OPTIONS":
            cors["access-control-allow-methods"] = "GET, POST"
            cors["access-control-allow-headers"] = request.headers.get("access-control-request-headers", "content-type")
            return Response(204, b"", cors)
        try:
            sid = request.query.get("sid", "")
            if self._elsewhere is not None and self._is_foreign(sid):
                answer = await self._elsewhere.poll(sid[: len(self._process)], request)
                if answer is not None:
                    return answer
            body = await self._exchange(request)
        except Refused as refusal:
            return _refusal(refusal)
        return Response(200, body, {**cors, "content-type": "text/plain; charset=UTF-8", "cache-control": "no-store"})

    async def _exchange(self, request: Request) -> bytes:
        version, sid = self._asked(request, "polling")
        if not sid:
            if request.method != "GET":
                raise Refused(2)
            self._admit(request.address)
            link = Polling(self.limits.max_unsent)
            session = self._begin(link, request.address, version)
            session.open()
            return await link.fetch(session)
        session = self._session(sid)
        polling = session.link
        if not isinstance(polling, Polling) or session.version != version:
            raise Refused(3)
        if request.method == "GET":
            return await polling.fetch(session)
        if request.method == "POST":
            await polling.post(session, await request.body(self.limits.max_packet))
            return b"ok"
        raise Refused(2)

    def _asked(self, request: Request, transport: str) -> tuple[int, str]:
        query = request.query
        if query.get("transport") != transport:
            raise Refused(0)
        version = query.get("EIO", "3")
        if version not in ("3", "4"):
            raise Refused(5)
        if "j" in query or self._closing:
            raise Refused(3)
        return int(version), query.get("sid", "")

    def _is_foreign(self, sid: str) -> bool:
        """Whether another process gave this id."""
        return bool(sid) and not sid.startswith(self._process)

    def _session(self, sid: str) -> Session:
        session = self._sessions.get(SessionId(sid))
        if session is None:
            raise Refused(1)
        return session

    def _admit(self, address: str) -> None:
        limits = self.limits
        if (
            self._by_address[address] >= limits.sessions_per_address
            or self._strangers[address] >= limits.strangers_per_address
        ):
            raise RoschatError(f"There are too many sockets from {address}; close some.", "too-many-requests")

    # The life of sessions.

    def _begin_websocket(self, link: Link, address: str, version: int) -> Session:
        return self._begin(link, address, version)

    def _begin(self, link: Link, address: str, version: int) -> Session:
        sid = SessionId(self._process + secrets.token_urlsafe(15))
        session = self._sessions[sid] = Session(self, sid, version, address, link)
        self._by_address[address] += 1
        self._strangers[address] += 1
        self._schedule(session)
        return session

    def _bind(self, session: Session, caller: Caller) -> None:
        """A session has become somebody (else)."""
        if session.signed_in:
            self.hub.remove(session)
            self._bus.publish(SessionClosed(session.caller))
        else:
            _less(self._strangers, session.address)
        session.caller = caller
        self.hub.add(session)

    def _signed_in(self, session: Session, caller: Caller) -> None:
        self._bus.publish(SessionOpened(caller))

    def gone(self, session: Session, reason: str) -> None:
        """A session has ended; told by the session itself."""
        self._sessions.pop(session.id, None)
        _less(self._by_address, session.address)
        log.debug("session %s of %s ended: %s", session.id, session.caller.cid, reason)
        if session.signed_in:
            self.hub.remove(session)
            self._bus.publish(SessionClosed(session.caller))
        else:
            _less(self._strangers, session.address)

    def _ended(self, event: SessionsEnded) -> None:
        for session in self.hub.sessions_of(event.cid, event.device):
            session.end(NORMAL, event.reason or "signed out", for_good=True)

    def _missed(self, event: EventsMissed) -> None:
        """The sessions of now may have missed something: they come again, not all at once, and ask what changed."""
        log.warning("%s: %d clients are asked to connect anew", event.reason, len(self._sessions))
        self._stale = [session for session in self._sessions.values() if session.signed_in]
        self._portion = max(100, len(self._stale) // RENEWAL + 1)

    def tick(self) -> None:
        """Turn the wheel up to now."""
        self.now = now = self._clock.monotonic()
        portion, self._stale = self._stale[: self._portion], self._stale[self._portion :]
        for session in portion:
            session.end(RESTART, "events were missed")
        while self._turned < int(now):
            self._turned += 1
            for session in self._wheel.pop(self._turned, ()):
                self._schedule(session)

    def _schedule(self, session: Session) -> None:
        polling = session.link
        if isinstance(polling, Polling) and polling.overfull(session):
            session.end(POLICY, "the client does not fetch what waits for it")
        rest = session.check(self.now)
        if rest > 0:
            self._wheel.setdefault(int(self.now + rest) + 1, []).append(session)

    async def close(self, patience: float) -> None:
        """Take nobody new, let the commands under way answer, tell every client to come back later."""
        self._closing = True
        await self.commands.close(patience)
        self.hub.flush()
        for session in list(self._sessions.values()):
            session.end(RESTART, "the server is stopping")


def _less(counter: Counter[str], key: str) -> None:
    counter[key] -= 1
    if counter[key] <= 0:
        del counter[key]


def _refusal(refusal: Refused) -> Response:
    answer = json_response({"code": refusal.code, "message": ENGINE_ERRORS[refusal.code]}, 400)
    answer.headers["access-control-allow-origin"] = "*"
    return answer
