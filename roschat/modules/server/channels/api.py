"""Information channels: publications from a few to many, with comments.

A public channel («Публичный») is found by search and anyone may subscribe; a closed one («Закрытый») is reached by
those who were added.
"""

from roschat.types import ChannelId, ContactId, FileName, PublicationId, Revision, Seconds
from roschat.wire.declare import ADMIN, OPERATOR, PERSON, command, event
from roschat.wire.message import ClientEvent, Command, Empty, Message
from roschat.wire.rest import rest


class PublicationFile(Message, frozen=True):
    """A file attached to a publication; sizes in bytes and pixels."""

    file: FileName
    name: str
    type: str = "file"
    """image, video, audio, file"""
    preview_file: FileName = FileName("")
    size: int = 0
    width: int = 0
    height: int = 0


class PublicationView(Message, frozen=True):
    """A publication as readers see it."""

    ch_id: ChannelId
    pub_id: PublicationId
    cid: ContactId
    """Who published it."""
    title: str
    time: Seconds
    rev: Revision
    text: str = ""
    files: list[PublicationFile] = []
    comments: int = 0
    edited_time: Seconds = Seconds(0)
    deleted_time: Seconds = Seconds(0)


class ChannelView(Message, frozen=True):
    """A channel as the caller sees it."""

    ch_id: ChannelId
    name: str
    rev: Revision
    description: str = ""
    closed: bool = False
    verified: bool = False
    avatar: FileName = FileName("")
    role: str = ""
    """admin, subscriber, invited (added, has not subscribed yet), or empty"""
    subscribed: bool = False
    """Whether the caller subscribed or created the channel himself; an admin who was added has not yet."""
    admins: int = 0
    subscribers: int = 0
    unread: int = 0
    watched_id: PublicationId = PublicationId(0)
    last: PublicationView | None = None
    comments: bool = True
    """Whether readers may comment."""
    muted_until: Seconds = Seconds(0)
    pinned: bool = False


class ChannelCreated(Message, frozen=True):
    """The number of a new channel."""

    ch_id: ChannelId


@command("create-channel", access=PERSON)
class CreateChannel(Command[ChannelCreated], frozen=True):
    """Create a channel; the caller is its first admin. The name is needed (up to 100 characters)."""

    name: str
    description: str = ""
    closed: bool = False
    avatar: FileName = FileName("")
    comments: bool = True


@command("change-channel", access=PERSON)
class ChangeChannel(Command[Empty], frozen=True):
    """Change what is given; for admins."""

    ch_id: ChannelId
    name: str | None = None
    description: str | None = None
    closed: bool | None = None
    avatar: FileName | None = None
    comments: bool | None = None


@command("delete-channel", access=PERSON)
class DeleteChannel(Command[Empty], frozen=True):
    """Delete for everybody; for admins."""

    ch_id: ChannelId


@command("get-channels", access=PERSON)
class GetChannels(Command[list[ChannelView]], frozen=True):
    """Channels that the caller administers, subscribed to, or was added to."""


@command("get-channel", access=PERSON)
class GetChannel(Command[ChannelView], frozen=True):
    """One channel; `not-found` for a closed one that the caller was not added to."""

    ch_id: ChannelId


@command("find-channels", access=PERSON)
class FindChannels(Command[list[ChannelView]], frozen=True):
    """Public channels whose name or description holds the text; closed ones are never found."""

    text: str = ""
    count: int = 50


@command("subscribe-channel", access=PERSON)
class SubscribeChannel(Command[Empty], frozen=True):
    """Subscribe to a public channel, or to a closed one the caller was added to."""

    ch_id: ChannelId


@command("unsubscribe-channel", access=PERSON)
class UnsubscribeChannel(Command[Empty], frozen=True):
    """Leave a channel. The last admin cannot leave; the channel is deleted or handed over first."""

    ch_id: ChannelId


class ChannelMember(Message, frozen=True):
    """An admin or subscriber of a channel."""

    cid: ContactId
    role: str


@command("get-channel-members", access=PERSON)
class GetChannelMembers(Command[list[ChannelMember]], frozen=True):
    """Admins (`role` "admin") or subscribers (`role` "subscriber") of a channel the caller may see."""

    ch_id: ChannelId
    role: str


@command("add-channel-members", access=PERSON)
class AddChannelMembers(Command[Empty], frozen=True):
    """Add admins or subscribers; for admins. The added see the channel in their list at once."""

    ch_id: ChannelId
    members: list[ContactId]
    role: str


@command("remove-channel-member", access=PERSON)
class RemoveChannelMember(Command[Empty], frozen=True):
    """Take the role from a member; for admins. The last admin stays."""

    ch_id: ChannelId
    member: ContactId


class Published(Message, frozen=True):
    """The number of a new publication in its channel."""

    pub_id: PublicationId


@command("send-publication", access=PERSON)
class SendPublication(Command[Published], frozen=True):
    """Publish; for admins. A repeated `key` returns the same publication."""

    ch_id: ChannelId
    title: str
    text: str = ""
    files: list[PublicationFile] = []
    key: str = ""


@command("edit-publication", access=PERSON)
class EditPublication(Command[Empty], frozen=True):
    """Change a publication; for admins."""

    ch_id: ChannelId
    pub_id: PublicationId
    title: str
    text: str = ""
    files: list[PublicationFile] = []


@command("delete-publication", access=PERSON)
class DeletePublication(Command[Empty], frozen=True):
    """Delete a publication for everybody; for admins."""

    ch_id: ChannelId
    pub_id: PublicationId


class Publications(Message, frozen=True):
    """A page of a channel, newest first."""

    publications: list[PublicationView]
    older: bool = False
    newer: bool = False


@command("get-publications", access=PERSON)
class GetPublications(Command[Publications], frozen=True):
    """A page of publications: the newest, those before `endId`, or those after `beginId`."""

    ch_id: ChannelId
    begin_id: PublicationId = PublicationId(0)
    end_id: PublicationId = PublicationId(0)
    count: int = 50


@command("publication-watched", access=PERSON)
class PublicationWatched(Command[Empty], frozen=True):
    """The caller has read this publication and those before it."""

    ch_id: ChannelId
    pub_id: PublicationId


class CommentView(Message, frozen=True):
    """A comment under a publication."""

    id: int
    ch_id: ChannelId
    pub_id: PublicationId
    cid: ContactId
    text: str
    time: Seconds
    deleted_time: Seconds = Seconds(0)


@command("send-comment", access=PERSON)
class SendComment(Command[CommentView], frozen=True):
    """Comment on a publication the caller may read, where the channel allows comments. A repeated `key`: the same."""

    ch_id: ChannelId
    pub_id: PublicationId
    text: str
    key: str = ""


@command("get-comments", access=PERSON)
class GetComments(Command[list[CommentView]], frozen=True):
    """Comments after `beginId`, oldest first."""

    ch_id: ChannelId
    pub_id: PublicationId
    begin_id: int = 0
    count: int = 50


@command("delete-comment", access=PERSON)
class DeleteComment(Command[Empty], frozen=True):
    """Delete a comment: its author or an admin."""

    id: int


@command("set-channel-options", access=PERSON)
class SetChannelOptions(Command[Empty], frozen=True):
    """The caller's own options; what is absent stays."""

    ch_id: ChannelId
    muted_until: Seconds | None = None
    pinned: bool | None = None


@rest("PUT", "/channels/{chId}/verified", tag="channels")
@command("verify-channel", access=ADMIN)
class VerifyChannel(Command[Empty], frozen=True):
    """Give or take the verified mark (R-ADM-004). `not-found` for a closed channel: the console knows none."""

    ch_id: ChannelId
    verified: bool = True


class ChannelRow(Message, frozen=True, omit_defaults=False):
    """A public channel as the console lists it."""

    ch_id: ChannelId
    name: str
    description: str
    verified: bool
    avatar: FileName
    admins: int
    subscribers: int
    publications: int
    created: Seconds
    last_time: Seconds
    """When the newest publication appeared; 0 when there is none."""


class ChannelPage(Message, frozen=True, omit_defaults=False):
    """Some of the public channels, and how many match."""

    channels: list[ChannelRow]
    total: int


@rest("GET", "/channels", tag="channels")
@command("list-public-channels", access=OPERATOR)
class ListPublicChannels(Command[ChannelPage], frozen=True):
    """Public channels whose name or description holds the words of `text`; a closed channel is never listed.

    `verified` is yes, no or empty for both; `sort` is name, subscribers, created or last; `page` counts from 1, `size`
    is 1 to 1000.
    """

    text: str = ""
    verified: str = ""
    sort: str = "name"
    descending: bool = False
    page: int = 1
    size: int = 25


@event("publication-event")
class PublicationEvent(ClientEvent, PublicationView, frozen=True):
    """A new publication, to admins and subscribers."""


@event("publication-change-event")
class PublicationChangeEvent(ClientEvent, PublicationView, frozen=True):
    """A publication was edited, deleted or its count of comments changed."""


@event("channel-change-event")
class ChannelChangeEvent(ClientEvent, frozen=True):
    """A channel of the reader is now like this; when it is gone for the reader, `deleted`."""

    ch_id: ChannelId
    channel: ChannelView | None = None
    deleted: bool = False


@event("comment-event")
class CommentEvent(ClientEvent, CommentView, frozen=True):
    """A new or deleted comment, to those who see the channel."""
