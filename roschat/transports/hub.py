"""Who is signed in where, and one write per socket and turn.

A delivery is encoded once, as a whole WebSocket frame that is right for every client generation, and the same bytes go
to every socket of its audience. Whatever sessions have to say in one turn of the loop, acks and deliveries alike,
collects in them; the hub remembers who has something and lets each write once.
"""

import asyncio

from roschat.proto.socketio import event_message
from roschat.transports.session import Session, text_frame
from roschat.types import ContactId, DeviceId, Role
from roschat.wire.delivery import Delivery


class Hub:
    """The index of signed-in sessions by role and contact."""

    def __init__(self) -> None:
        self._index: dict[Role, dict[ContactId, list[Session]]] = {role: {} for role in Role}
        self._dirty: list[Session] = []
        self._flushing = False

    def add(self, session: Session) -> None:
        """Let a signed-in session hear what is for its caller."""
        caller = session.caller
        self._index[caller.role].setdefault(caller.cid, []).append(session)

    def remove(self, session: Session) -> None:
        """Forget a session that `add` took in."""
        caller = session.caller
        sessions = self._index[caller.role].get(caller.cid, [])
        if session in sessions:
            sessions.remove(session)
            if not sessions:
                del self._index[caller.role][caller.cid]

    def sessions_of(self, cid: ContactId, device: DeviceId | None = None) -> list[Session]:
        """The sessions of a contact in any role, of one device when it is given."""
        found = [session for index in self._index.values() for session in index.get(cid, ())]
        return [session for session in found if not device or session.caller.device == device]

    def count(self, role: Role | None = None) -> int:
        """How many sessions are signed in, in a role or in all."""
        indexes = self._index.values() if role is None else (self._index[role],)
        return sum(len(sessions) for index in indexes for sessions in index.values())

    def dirty(self, session: Session) -> None:
        """A session has something to say; it may say it at the end of the turn."""
        self._dirty.append(session)
        if not self._flushing:
            self._flushing = True
            self._after_turn()

    def deliver(self, delivery: Delivery) -> None:
        """Give an event to the sockets of its audience."""
        index = self._index[delivery.role]
        packet = frame = b""
        dirty = self._dirty
        but = delivery.but
        for cid in delivery.audience:
            sessions = index.get(cid)
            if sessions is None:
                continue
            for session in sessions:
                if session.id == but:
                    continue
                if not packet:
                    packet = event_message(delivery.name, bytes(delivery.payload))
                    frame = text_frame(packet)
                if session.cipher is not None:
                    session.send(event_message(delivery.name, session.sealed(bytes(delivery.payload))))
                    continue
                out = session.out
                if not out:
                    dirty.append(session)
                out.append(frame if session.framed else packet)
        if dirty and not self._flushing:
            self._flushing = True
            self._after_turn()

    def flush(self) -> None:
        """Write what waits, now."""
        self._flushing = False
        dirty, self._dirty = self._dirty, []
        for session in dirty:
            out = session.out
            if out:
                session.link.flush(out)

    def _after_turn(self) -> None:
        """One turn more: tasks that the same commit has woken put their acks beside the deliveries."""
        loop = asyncio.get_running_loop()
        loop.call_soon(loop.call_soon, self.flush)
