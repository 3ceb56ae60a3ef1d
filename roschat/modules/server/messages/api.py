"""Messages: sending, changing, marks, history, and what changed since a revision."""

from typing import Annotated

import msgspec

from roschat.types import ChatId, ContactId, MessageId, PeerKind, Revision, Seconds
from roschat.wire.conversation import MessageView, Reaction
from roschat.wire.declare import INTERNAL, PERSON, Shape, command, event, hook
from roschat.wire.message import ClientEvent, Command, Empty, Event, Hook, Message

PAGE = 50
"""Messages in one page of history when `count` is absent; no more than 4 pages at once."""
MAX_TEXT = 20_000
"""Characters of `data` in one message."""


class Sent(Message, frozen=True):
    """A message is stored. A resend with the same key answers the same."""

    id: MessageId
    time: Seconds = Seconds(0)
    rev: Revision = Revision(0)


@command("send-message", access=PERSON)
class SendMessage(Command[Sent], frozen=True):
    """Write into a conversation. `unstored` is passed on to those online and kept nowhere (id 0)."""

    cid: int
    data: str
    cid_type: PeerKind = PeerKind.USER
    data_type: str = "text"
    """text, data or unstored; system is the server's own."""
    reply_id: MessageId = MessageId(0)
    key: str = ""
    """Chosen by the client, unique for the author, up to 64 characters; makes a resend harmless."""


@command("store-message", access=INTERNAL)
class StoreMessage(Command[Sent], frozen=True):
    """Write as `sender`, for modules (bots, bridges, system notices). The same rules hold for the sender."""

    sender: ContactId
    cid: int
    data: str
    cid_type: PeerKind = PeerKind.USER
    data_type: str = "text"
    reply_id: MessageId = MessageId(0)
    key: str = ""


@command("forward-messages", access=PERSON)
class ForwardMessages(Command[list[Sent]], frozen=True):
    """Repeat messages that the caller may read, in their order, in another conversation."""

    ids: list[MessageId]
    cid: int
    cid_type: PeerKind = PeerKind.USER
    key: str = ""


@command("edit-message", access=PERSON)
class EditMessage(Command[Empty], frozen=True):
    """Change the author's own message for all; the earlier text is kept for the audit."""

    id: MessageId
    data: str


@command("delete-message", access=PERSON)
class DeleteMessage(Command[Empty], frozen=True):
    """Delete for all: the author's own message, or any message of a group for its owner and admins."""

    id: MessageId


@command("set-reaction", access=PERSON)
class SetReaction(Command[Empty], frozen=True):
    """Put an emoji under a message, or take it back."""

    id: MessageId
    reaction: str
    on: bool = True


@command("message-received", access=PERSON)
class MessageReceived(Command[Empty], frozen=True):
    """The caller's device has this message and all before it in the conversation."""

    id: MessageId


@command("message-watched", access=PERSON)
class MessageWatched(Command[Empty], frozen=True):
    """The caller has read this message and all before it in the conversation."""

    id: MessageId


class MessageDetails(Message, frozen=True):
    """When one member received and read a message; absent = not yet."""

    cid: ContactId
    received_time: Seconds = Seconds(0)
    watched_time: Seconds = Seconds(0)
    deleted_time: Seconds = Seconds(0)


@command("get-message-details", access=PERSON)
class GetMessageDetails(Command[list[MessageDetails]], frozen=True):
    """Who has received and read a message; one entry per member but the author."""

    id: MessageId


class History(Message, frozen=True):
    """A page of a conversation, newest first."""

    messages: Annotated[msgspec.Raw, Shape(list[MessageView])]
    older: bool = False
    """There is more before the last one of the page."""
    newer: bool = False
    """There is more after the first one of the page."""
    rev: Revision = Revision(0)


@command("get-messages", access=PERSON)
class GetMessages(Command[History], frozen=True):
    """A page of history.

    Without bounds the newest `count`. `endId`: those before it. `beginId`: those after it, the ones next to it. Both:
    between them, next to `beginId`. `around`: half a page on each side of a message, and itself. Always newest first.
    """

    cid: int
    cid_type: PeerKind = PeerKind.USER
    begin_id: MessageId = MessageId(0)
    end_id: MessageId = MessageId(0)
    around: MessageId = MessageId(0)
    count: int = PAGE


class MessageChange(Message, frozen=True):
    """The state of a message at revision `rev`."""

    rev: Revision
    message: MessageView


class Changes(Message, frozen=True):
    """Messages new or changed after the revision asked about, oldest change first; `rev`: as far as they reach."""

    rev: Revision
    messages: list[MessageView]
    more: bool = False
    """Ask again from `rev`."""


@command("get-messages-changes", access=PERSON)
class GetMessagesChanges(Command[Changes], frozen=True):
    """What changed after `minRev`: in one conversation, or in all of the caller's when `cid` is absent.

    A snapshot as of revision N plus these changes equals a fresh snapshot.
    """

    min_rev: Revision
    cid: int = 0
    cid_type: PeerKind = PeerKind.USER
    count: int = 500


class LastRevision(Message, frozen=True, omit_defaults=False):
    """The newest revision of the journal."""

    rev: Revision


@command("get-messages-last-revision", access=PERSON)
class GetMessagesLastRevision(Command[LastRevision], frozen=True):
    """Where to count changes from."""


class Scheduled(Message, frozen=True):
    """A message that will be sent later."""

    id: int
    cid: int
    data: str
    send_time: Seconds
    cid_type: PeerKind = PeerKind.USER
    data_type: str = "text"
    reply_id: MessageId = MessageId(0)
    error: str = ""
    """Why it could not be sent when its time came."""


@command("schedule-message", access=PERSON)
class ScheduleMessage(Command[Scheduled], frozen=True):
    """Send at `sendTime` (at least a moment ahead, at most a year). The rules are asked again then."""

    cid: int
    data: str
    send_time: Seconds
    cid_type: PeerKind = PeerKind.USER
    data_type: str = "text"
    reply_id: MessageId = MessageId(0)


@command("get-scheduled-messages", access=PERSON)
class GetScheduledMessages(Command[list[Scheduled]], frozen=True):
    """The caller's messages that wait for their time, soonest first."""


@command("delete-scheduled-message", access=PERSON)
class DeleteScheduledMessage(Command[Empty], frozen=True):
    """Take a waiting message back."""

    id: int


@event("message-event")
class MessageEvent(ClientEvent, MessageView, frozen=True):
    """A new message, or an `unstored` notice. Also to the author's other sessions."""


@event("message-change-event")
class MessageChangeEvent(ClientEvent, MessageView, frozen=True):
    """A message was edited, deleted (`deletedTime`, empty `data`) or got reactions: it is now like this."""


@event("message-marks-event")
class MessageMarksEvent(ClientEvent, frozen=True):
    """`reader` has received or read a conversation up to these messages. The reader's own devices get it too."""

    cid: int
    reader: ContactId
    time: Seconds
    cid_type: PeerKind = PeerKind.USER
    received_id: MessageId = MessageId(0)
    watched_id: MessageId = MessageId(0)
    unread: int = -1
    """For the reader's own devices: the count of unread messages that is left."""


class StoredMessage(Message, frozen=True):
    """A message as other modules hear of it."""

    chat: ChatId
    id: MessageId
    rev: Revision
    sender: ContactId
    data_type: str
    data: str
    time: Seconds
    peer: int
    """For a conversation of two the other person's cid, else the group's number."""
    cid_type: PeerKind = PeerKind.USER
    reply_id: MessageId = MessageId(0)


@event("messages-stored")
class MessagesStored(Event, frozen=True):
    """A batch was committed. Hints that there is something new; consumers that may miss nothing follow the journal."""

    messages: list[StoredMessage]


@event("notice-passed")
class NoticePassed(Event, frozen=True):
    """For other modules: an `unstored` notice (id 0) went to those online."""

    message: StoredMessage


@event("message-changed")
class MessageChanged(Event, frozen=True):
    """For other modules: a message was edited, deleted or got a reaction."""

    message: StoredMessage
    deleted_time: Seconds = Seconds(0)
    reactions: list[Reaction] = []
    rewritten: bool = False
    """Its author changed `data`; false for a reaction and a deletion."""


@hook("may-send-message")
class MaySendMessage(Hook, frozen=True):
    """May this be written? Asked for every message before it is stored."""

    sender: ContactId
    cid: int
    cid_type: PeerKind
    data_type: str
    data: str


@hook("may-tell-status")
class MayTellStatus(Hook, frozen=True):
    """May the other side be told that the reader has received, or with `read` has read, what is in a conversation?

    When Denied, the mark is kept for the reader alone.
    """

    reader: ContactId
    cid: int
    cid_type: PeerKind
    read: bool = False


class OldVersion(Message, frozen=True):
    """A text that an edit or a deletion replaced."""

    data: str
    until: Seconds
    by: ContactId


@command("get-message-versions", access=INTERNAL)
class GetMessageVersions(Command[list[OldVersion]], frozen=True):
    """Earlier texts of a message, oldest first, for the audit."""

    id: MessageId


class MessageState(Message, frozen=True):
    """A message and what has become of it; the times are when the first member but its author received or read it."""

    id: MessageId
    rev: Revision
    """Of the newest change: storing, edit, deletion, or the mark that set one of the times."""
    cid: int
    cid_type: PeerKind
    sender: ContactId
    data_type: str
    data: str
    time: Seconds
    received_time: Seconds = Seconds(0)
    watched_time: Seconds = Seconds(0)
    deleted_time: Seconds = Seconds(0)


@command("message-states", access=INTERNAL)
class MessageStates(Command[list[MessageState]], frozen=True):
    """The state of those of the messages that the caller may read, deleted ones included, in the order of their ids."""

    ids: list[MessageId]


@command("get-state-changes", access=INTERNAL)
class GetStateChanges(Command[list[MessageState]], frozen=True):
    """States of one conversation that changed after `min_rev`, oldest change first, at most 500; ids up to `end_id`."""

    cid: int
    cid_type: PeerKind = PeerKind.USER
    min_rev: Revision = Revision(0)
    end_id: MessageId = MessageId(0)
