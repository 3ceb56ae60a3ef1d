"""Who is online: the live sessions of each contact and how each of them says it is. In memory, no I/O.

A contact is as its best session: online before busy before away. A silent session counts for nothing until it says how
it is.
"""

from dataclasses import dataclass

from roschat.kernel.clock import Clock
from roschat.types import ContactId, SessionId

ONLINE, BUSY, AWAY, OFFLINE = "online", "busy", "away", "offline"
STATUSES = (ONLINE, BUSY, AWAY)
"""What a session may say, the best first."""
SILENT = "silent"
EARLY_LIFE = 60.0
"""Seconds in which a session opens that something was said of, or never does."""


@dataclass(slots=True)
class Session:
    """One live session."""

    cid: ContactId
    status: str
    is_person: bool


class Sessions:
    """Every method that changes something answers whether the contact's status changed by it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sessions: dict[SessionId, Session] = {}
        self._of_contact: dict[ContactId, set[SessionId]] = {}
        self._early: dict[SessionId, tuple[float, str]] = {}

    def announce_silent(self, session: SessionId) -> bool:
        """This session, open or about to open, does not want to be shown."""
        return self.say(session, SILENT)

    def open(self, session: SessionId, cid: ContactId, *, is_person: bool) -> bool:
        """A session is there."""
        before = self.status(cid)
        _, status = self._early.pop(session, (0.0, ONLINE))
        self._sessions[session] = Session(cid, status, is_person)
        self._of_contact.setdefault(cid, set()).add(session)
        return self.status(cid) != before

    def close(self, session: SessionId) -> bool:
        """A session is gone."""
        self._early.pop(session, None)
        known = self._sessions.get(session)
        if known is None:
            return False
        before = self.status(known.cid)
        del self._sessions[session]
        others = self._of_contact[known.cid]
        others.discard(session)
        if not others:
            del self._of_contact[known.cid]
        return self.status(known.cid) != before

    def say(self, session: SessionId, status: str) -> bool:
        """A session says how it is; of one that is not there yet it is remembered for a while."""
        known = self._sessions.get(session)
        if known is None:
            now = self._clock.monotonic()
            self._early = {one: said for one, said in self._early.items() if now - said[0] < EARLY_LIFE}
            self._early[session] = now, status
            return False
        before = self.status(known.cid)
        known.status = status
        return self.status(known.cid) != before

    def status(self, cid: ContactId) -> str:
        """How the contact is now."""
        said = {self._sessions[session].status for session in self._of_contact.get(cid, ())}
        return next((status for status in STATUSES if status in said), OFFLINE)

    def unusual(self) -> list[tuple[SessionId, Session]]:
        """Sessions that said something else than that they are online."""
        return [(number, session) for number, session in self._sessions.items() if session.status != ONLINE]

    def has(self, session: SessionId) -> bool:
        """Whether this session is live."""
        return session in self._sessions

    def shown(self) -> list[ContactId]:
        """Contacts that are not offline."""
        return [cid for cid in self._of_contact if self.status(cid) != OFFLINE]

    def people(self) -> list[ContactId]:
        """People with a live session, silent ones included."""
        return [c for c, sessions in self._of_contact.items() if any(self._sessions[s].is_person for s in sessions)]
