"""Conversations of two and groups: members, rights, options of each member.

A conversation is addressed as RosChat does: `cidType` "user" and the other person's cid, or "group" and the group's
number.
"""

from roschat.types import ChatId, ContactId, FileName, MessageId, PeerKind, Revision, Seconds
from roschat.wire.conversation import MessageView
from roschat.wire.declare import INTERNAL, PERSON, command, event, hook
from roschat.wire.message import ClientEvent, Command, Empty, Event, Hook, Message

MAX_MEMBERS = 5000


class Draft(Message, frozen=True):
    """A text that its author has not sent yet; it follows the person across devices."""

    text: str = ""
    reply_id: MessageId = MessageId(0)
    time: Seconds = Seconds(0)


class ChatView(Message, frozen=True):
    """A conversation in its reader's list."""

    cid: int
    rev: Revision
    cid_type: PeerKind = PeerKind.USER
    name: str = ""
    """Of a group; a conversation of two is called by the other's card."""
    description: str = ""
    avatar: FileName = FileName("")
    role: str = "member"
    """owner, admin, member; "left" when the reader is no member any more and may only read the past."""
    members: int = 2
    unread: int = 0
    mentions: int = 0
    """Unread messages that mention the reader."""
    last: MessageView | None = None
    watched_id: MessageId = MessageId(0)
    """The reader has read up to here."""
    peer_received_id: MessageId = MessageId(0)
    """Somebody else has received up to here."""
    peer_watched_id: MessageId = MessageId(0)
    """Somebody else has read up to here."""
    pinned: bool = False
    archived: bool = False
    muted_until: Seconds = Seconds(0)
    """0 = not muted; 2147483647 = for ever."""
    draft: Draft | None = None
    pinned_id: MessageId = MessageId(0)
    """The message pinned for everybody."""
    hidden_id: MessageId = MessageId(0)
    """The reader deleted the conversation up to here; what he still has of it is to be dropped."""


class Chats(Message, frozen=True):
    """Conversations of the caller as of revision `rev`."""

    rev: Revision
    chats: list[ChatView]
    removed: list[tuple[PeerKind, int]] = []
    """Conversations gone from the list since the revision asked about, as [cidType, cid]."""


@command("get-chats", access=PERSON)
class GetChats(Command[Chats], frozen=True):
    """The caller's list, newest first; with `minRev` only what changed after it (get-chats-changes)."""

    min_rev: Revision = Revision(0)


@command("get-chats-changes", access=PERSON)
class GetChatsChanges(Command[Chats], frozen=True):
    """Conversations that changed in any way after `minRev`; with every change told by `get-messages-changes` inside."""

    min_rev: Revision = Revision(0)


@command("get-chat", access=PERSON)
class GetChat(Command[ChatView], frozen=True):
    """One conversation; a conversation of two that nobody has written in yet is shown empty."""

    cid: int
    cid_type: PeerKind = PeerKind.USER


class MemberView(Message, frozen=True):
    """A member of a group."""

    cid: ContactId
    role: str = "member"


@command("get-group-members", access=PERSON)
class GetGroupMembers(Command[list[MemberView]], frozen=True):
    """The members of a group that the caller is in, owner and admins first."""

    cid: ChatId


class GroupCreated(Message, frozen=True):
    """The number of a new group."""

    cid: ChatId


@command("create-group", access=PERSON)
class CreateGroup(Command[GroupCreated], frozen=True):
    """Create a group of the caller, its owner, and `members`; at most MAX_MEMBERS. The same `key` answers the same."""

    name: str
    members: list[ContactId] = []
    description: str = ""
    avatar: FileName = FileName("")
    key: str = ""


@command("change-group", access=PERSON)
class ChangeGroup(Command[Empty], frozen=True):
    """Change what is given; for owner and admins."""

    cid: ChatId
    name: str | None = None
    description: str | None = None
    avatar: FileName | None = None


@command("add-group-members", access=PERSON)
class AddGroupMembers(Command[Empty], frozen=True):
    """Invite people; for owner and admins. Those who are in already are passed over."""

    cid: ChatId
    members: list[ContactId]


@command("remove-group-member", access=PERSON)
class RemoveGroupMember(Command[Empty], frozen=True):
    """Take a member out; an admin may not remove the owner or another admin."""

    cid: ChatId
    member: ContactId


@command("leave-group", access=PERSON)
class LeaveGroup(Command[Empty], frozen=True):
    """Leave; when the owner leaves, the oldest admin, else the oldest member becomes owner."""

    cid: ChatId


@command("set-group-role", access=PERSON)
class SetGroupRole(Command[Empty], frozen=True):
    """Make a member admin or member, or hand the group over (`owner`); for the owner alone."""

    cid: ChatId
    member: ContactId
    role: str


@command("pin-message", access=PERSON)
class PinMessage(Command[Empty], frozen=True):
    """Pin a message for everybody in the conversation; id 0 takes the pin away. In groups for owner and admins."""

    cid: int
    id: MessageId = MessageId(0)
    cid_type: PeerKind = PeerKind.USER


@command("set-chat-options", access=PERSON)
class SetChatOptions(Command[Empty], frozen=True):
    """The caller's own options of a conversation; what is absent stays."""

    cid: int
    cid_type: PeerKind = PeerKind.USER
    pinned: bool | None = None
    archived: bool | None = None
    muted_until: Seconds | None = None


@command("set-draft", access=PERSON)
class SetDraft(Command[Empty], frozen=True):
    """Keep an unsent text; an empty one is forgotten."""

    cid: int
    cid_type: PeerKind = PeerKind.USER
    text: str = ""
    reply_id: MessageId = MessageId(0)


@command("delete-conversation", access=PERSON)
class DeleteConversation(Command[Empty], frozen=True):
    """Take a conversation off the caller's own list and hide its past from the caller alone; leave it, if a group."""

    cid: int
    cid_type: PeerKind = PeerKind.USER


@command("mark-all-watched", access=PERSON)
class MarkAllWatched(Command[Empty], frozen=True):
    """Everything is read."""


@event("chat-change-event")
class ChatChangeEvent(ClientEvent, frozen=True):
    """A conversation of the reader is now like this (name, members, options, draft, counters)."""

    chat: ChatView


@event("delete-conversation-event")
class DeleteConversationEvent(ClientEvent, frozen=True):
    """The conversation is gone from the reader's list."""

    cid: int
    cid_type: PeerKind = PeerKind.USER


@event("membership-changed")
class MembershipChanged(Event, frozen=True):
    """For other modules: who is in a conversation has changed; anything remembered about it is stale."""

    chat: ChatId
    added: list[ContactId] = []
    removed: list[ContactId] = []


@event("conversation-deleted")
class ConversationDeleted(Event, frozen=True):
    """For other modules: `by` deleted the conversation with `peer` (delete-bot-conversation-event comes from it)."""

    by: ContactId
    cid: int
    cid_type: PeerKind


@command("conversation-members", access=INTERNAL)
class ConversationMembers(Command[list[ContactId]], frozen=True):
    """Everybody in a conversation, seen from `viewer`; `not-found` when the viewer is not in it."""

    viewer: ContactId
    cid: int
    cid_type: PeerKind = PeerKind.USER


@command("conversation-partners", access=INTERNAL)
class ConversationPartners(Command[list[ContactId]], frozen=True):
    """Everybody who is in a conversation with the viewer; with `among` only those of them."""

    viewer: ContactId
    among: list[ContactId] = []


@hook("may-create-group")
class MayCreateGroup(Hook, frozen=True):
    """May this person begin a group with these members beside himself?"""

    cid: ContactId
    members: list[ContactId]


@hook("may-add-members")
class MayAddMembers(Hook, frozen=True):
    """May this person, who leads the group, put these people into it?"""

    cid: ContactId
    chat: ChatId
    members: list[ContactId]
