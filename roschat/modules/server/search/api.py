"""One search over messages, files, people and channels: word forms of Russian and English, and parts of words.

What the caller may not read is never found, not even counted.
"""

from roschat.types import ChannelId, ContactId, MessageId, PeerKind
from roschat.wire.conversation import MessageView
from roschat.wire.declare import PERSON, command
from roschat.wire.message import Command, Message


class Mark(Message, frozen=True):
    """A stretch to highlight, in UTF-16 units of the snippet."""

    offset: int
    length: int


class MessageHit(Message, frozen=True):
    """A message that matches; `snippet` is the text around the match."""

    message: MessageView
    snippet: str
    marks: list[Mark] = []


class ContactHit(Message, frozen=True):
    """A person or bot that matches in a name, number, e-mail, position or department."""

    cid: ContactId
    snippet: str
    marks: list[Mark] = []


class ChannelHit(Message, frozen=True):
    """A channel the caller may see."""

    ch_id: ChannelId
    name: str
    snippet: str = ""
    marks: list[Mark] = []


class Found(Message, frozen=True):
    """Best first; messages newest first among equals."""

    messages: list[MessageHit] = []
    files: list[MessageHit] = []
    contacts: list[ContactHit] = []
    channels: list[ChannelHit] = []
    more: bool = False


@command("search", access=PERSON)
class Search(Command[Found], frozen=True):
    """Find `text` (1 to 200 characters) in the kinds named in `what`; in one conversation when `cid` is given.

    The kinds are messages, files, contacts and channels; all of them when `what` is empty.

    `beforeId` continues the list of messages or files.
    """

    text: str
    what: list[str] = []
    cid: int = 0
    cid_type: PeerKind = PeerKind.USER
    before_id: MessageId = MessageId(0)
    count: int = 20
