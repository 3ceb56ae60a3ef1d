"""The roll of signed-in sockets over all processes: each tells the others of its own, each knows those of all.

In one process SessionOpened and SessionClosed are all there is. Between processes they would be lost, doubled, or never
come when a process is killed; so they stay inside, and the roll carries what they say: changes as they happen, the
whole list when somebody asks. Every process hears of a session exactly once that it is there and once that it is gone.
The id of a session begins with the name of its process.
"""

from roschat.kernel.bus import Bus
from roschat.types import SessionId
from roschat.wire.message import Caller
from roschat.wire.process import EventsMissed, PeerGone, PeersAsk
from roschat.wire.session import Seen, SessionClosed, SessionOpened, SessionsHeld

PART = 500
"""Sessions in one event, which stays far below the largest message that a NATS server takes."""


class Roll:
    """See the module docstring. `holds`: this process has listeners, so that sockets may come to it."""

    def __init__(self, bus: Bus, process: str, *, holds: bool) -> None:
        self._bus = bus
        self._process = process
        self._holds = holds
        self._own: dict[SessionId, Caller] = {}
        self._others: dict[str, dict[SessionId, Caller]] = {}
        self._lists: dict[str, set[SessionId]] = {}
        bus.subscribe(SessionOpened, self._opened)
        bus.subscribe(SessionClosed, self._closed)
        bus.subscribe(SessionsHeld, self._heard)
        bus.subscribe(PeersAsk, self._asked)
        bus.subscribe(PeerGone, self._gone)

    def callers(self) -> list[Caller]:
        """Everybody on the roll."""
        return [caller for known in (self._own, *self._others.values()) for caller in known.values()]

    def _opened(self, event: SessionOpened) -> None:
        caller = event.caller
        if caller.session.startswith(self._process):
            self._own[caller.session] = caller
            self._bus.publish(SessionsHeld(self._process, [Seen(caller)]))

    def _closed(self, event: SessionClosed) -> None:
        if self._own.pop(event.caller.session, None) is not None:
            self._bus.publish(SessionsHeld(self._process, [Seen(event.caller, gone=True)]))

    def _asked(self, _: PeersAsk) -> None:
        if not self._holds:
            return
        callers = list(self._own.values())
        for start in range(0, len(callers) or 1, PART):
            part = [Seen(caller) for caller in callers[start : start + PART]]
            self._bus.publish(SessionsHeld(self._process, part, start == 0, start + PART >= len(callers)))

    def _heard(self, event: SessionsHeld) -> None:
        if event.process == self._process:
            return
        known = self._others.setdefault(event.process, {})
        if event.first:
            self._lists[event.process] = set()
        listed = self._lists.get(event.process)
        for seen in event.sessions:
            session = seen.caller.session
            if seen.gone:
                self._lose(known, session)
            else:
                if listed is not None:
                    listed.add(session)
                self._find(known, session, seen.caller)
        if event.last and listed is not None:
            del self._lists[event.process]
            for session in known.keys() - listed:
                self._lose(known, session)

    def _find(self, known: dict[SessionId, Caller], session: SessionId, caller: Caller) -> None:
        before = known.get(session)
        if before == caller:
            return
        if before is not None:
            self._bus.publish(SessionClosed(before))
        known[session] = caller
        self._bus.publish(SessionOpened(caller))

    def _lose(self, known: dict[SessionId, Caller], session: SessionId) -> None:
        caller = known.pop(session, None)
        if caller is not None:
            self._bus.publish(SessionClosed(caller))

    def _gone(self, event: PeerGone) -> None:
        self._lists.pop(event.process, None)
        known = self._others.pop(event.process, None)
        if known is None:
            return
        for session in list(known):
            self._lose(known, session)
        if event.silent:
            # What a worker had committed and not yet told of is in the database, and nowhere else.
            self._bus.publish(EventsMissed(f"process {event.process} ended without a word"))
