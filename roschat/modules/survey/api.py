"""Polls inside conversations: question, options, one or several answers, open or anonymous, with a closing time."""

from roschat.types import ContactId, MessageId, PeerKind, Seconds
from roschat.wire.declare import PERSON, command, event
from roschat.wire.message import ClientEvent, Command, Empty, Message


class PollOption(Message, frozen=True):
    """An answer and its votes; `voters` only in an open poll."""

    text: str
    votes: int = 0
    voters: list[ContactId] = []


class PollView(Message, frozen=True):
    """The state of a poll as the caller sees it."""

    poll_id: int
    question: str
    options: list[PollOption]
    author: ContactId
    message_id: MessageId = MessageId(0)
    several: bool = False
    anonymous: bool = False
    closes_time: Seconds = Seconds(0)
    closed: bool = False
    voted: int = 0
    """How many people have answered."""
    mine: list[int] = []
    """The caller's own answers, as indexes of options."""
    rev: int = 0
    """Grows with each change of the poll: of two states the one with the larger `rev` is the newer."""


@command("create-poll", access=PERSON)
class CreatePoll(Command[PollView], frozen=True):
    """Ask a conversation; a message with a PollBody carries it. 2 to 20 different options of 1 to 200 characters."""

    cid: int
    question: str
    options: list[str]
    cid_type: PeerKind = PeerKind.USER
    several: bool = False
    anonymous: bool = False
    closes_time: Seconds = Seconds(0)
    key: str = ""


@command("get-poll", access=PERSON)
class GetPoll(Command[PollView], frozen=True):
    """The present state of a poll in a conversation the caller is in."""

    poll_id: int


@command("vote-poll", access=PERSON)
class VotePoll(Command[PollView], frozen=True):
    """Answer, change the answer, or take it back with no options, until the poll is closed."""

    poll_id: int
    options: list[int] = []


@command("close-poll", access=PERSON)
class ClosePoll(Command[Empty], frozen=True):
    """No more answers; for the author."""

    poll_id: int


@event("poll-event")
class PollEvent(ClientEvent, frozen=True):
    """The live result of a poll. `mine` is absent: each reader keeps his own."""

    poll: PollView
