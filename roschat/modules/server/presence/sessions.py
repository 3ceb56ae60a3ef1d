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
SILENT_LIFE = 60.0
"""Seconds in which a session that announced itself silent opens, or never does."""


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
        self._silent: dict[SessionId, float] = {}

    def announce_silent(self, session: SessionId) -> bool:
        """This session, open or about to open, does not want to be shown."""
        now = self._clock.monotonic()
        self._silent = {known: at for known, at in self._silent.items() if now - at < SILENT_LIFE}
        if session in self._sessions:
            return self.say(session, SILENT)
        self._silent[session] = now
        return False

    def open(self, session: SessionId, cid: ContactId, *, is_person: bool) -> bool:
        """A session is there."""
        before = self.status(cid)
        status = SILENT if self._silent.pop(session, None) is not None else ONLINE
        self._sessions[session] = Session(cid, status, is_person)
        self._of_contact.setdefault(cid, set()).add(session)
        return self.status(cid) != before

    def close(self, session: SessionId) -> bool:
        """A session is gone."""
        self._silent.pop(session, None)
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
        """A session says how it is; nothing when it is not there."""
        known = self._sessions.get(session)
        if known is None:
            return False
        before = self.status(known.cid)
        known.status = status
        return self.status(known.cid) != before

    def status(self, cid: ContactId) -> str:
        """How the contact is now."""
        said = {self._sessions[session].status for session in self._of_contact.get(cid, ())}
        return next((status for status in STATUSES if status in said), OFFLINE)

    def has(self, session: SessionId) -> bool:
        """Whether this session is live."""
        return session in self._sessions

    def shown(self) -> list[ContactId]:
        """Contacts that are not offline."""
        return [cid for cid in self._of_contact if self.status(cid) != OFFLINE]

    def people(self) -> list[ContactId]:
        """People with a live session, silent ones included."""
        return [c for c, sessions in self._of_contact.items() if any(self._sessions[s].is_person for s in sessions)]
