"""Who is online: several devices per person, told in batches and only to those who look."""

from roschat.types import ContactId, Seconds, SessionId
from roschat.wire.declare import INTERNAL, PERSON, command, event
from roschat.wire.message import ClientEvent, Command, Empty, Event, Message


class PresenceView(Message, frozen=True):
    """`status` is online, away, busy or offline; `seen_time` is when an offline contact was last online."""

    cid: ContactId
    status: str
    seen_time: Seconds = Seconds(0)
    text: str = ""


@command("set-contact-status", access=PERSON)
class SetContactStatus(Command[Empty], frozen=True):
    """The state of this session (online, away, busy) and, when given, a text shown beside the name."""

    status: str = "online"
    text: str | None = None


@command("watch-presence", access=PERSON)
class WatchPresence(Command[list[PresenceView]], frozen=True):
    """Look at these contacts from this session, and no longer at those named before. Answers how they are now.

    Contacts that the caller may not see are left out.
    """

    cids: list[ContactId] = []


@event("presence-event")
class PresenceEvent(ClientEvent, frozen=True):
    """Changes of the looked-at contacts, gathered over a moment."""

    changes: list[PresenceView]


@command("online-people", access=INTERNAL)
class OnlinePeople(Command[list[ContactId]], frozen=True):
    """People with a live session, silent ones included."""


@command("get-presence", access=INTERNAL)
class GetPresence(Command[list[PresenceView]], frozen=True):
    """How these contacts are now."""

    cids: list[ContactId]


@event("presence-fact")
class PresenceFact(Event, frozen=True):
    """A session said how it is; every process that keeps presence hears it."""

    cid: ContactId
    session: SessionId
    status: str
    text: str | None = None


@event("presence-watched")
class PresenceWatched(Event, frozen=True):
    """The process `by` now keeps what this session looks at; the others forget it."""

    session: SessionId
    by: str
