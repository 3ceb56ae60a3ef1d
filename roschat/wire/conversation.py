"""Values that every part which touches a conversation shares: a message as it is shown, and the bodies of `data`.

`data` is always a string. For dataType "text" it is the text itself; for "data", "unstored" and "system" it is a JSON
document, one of the bodies below, told apart by its `type`. A body of an unknown type is kept and passed on as it is.
"""

from msgspec import Struct

from roschat.types import ChannelId, ContactId, FileName, MessageId, PublicationId, Seconds
from roschat.wire.message import Message


class Reaction(Message, frozen=True):
    """One emoji under a message and who put it there."""

    reaction: str
    cids: list[ContactId]


class Forwarded(Message, frozen=True):
    """Where a forwarded message came from."""

    cid: ContactId
    """Its author."""
    id: MessageId
    time: Seconds


class Entity(Message, frozen=True):
    """A styled stretch of a text; offset and length count UTF-16 units.

    `type` is bold, italic, underline, strike, code, pre, link (with `url`) or mention (with `cid`).
    """

    type: str
    offset: int
    length: int
    url: str = ""
    cid: ContactId = ContactId(0)


class Button(Message, frozen=True):
    """A button of a bot's keyboard: `callbackData` goes to the bot, `link` opens an address."""

    text: str
    callback_data: str = ""
    link: str = ""


class Body(Struct, frozen=True, rename="camel", omit_defaults=True, tag_field="type"):
    """Base of the bodies; the tag is the body's `type`."""


class TextBody(Body, frozen=True, tag="text"):
    """Text with styles, perhaps with a bot's buttons under it."""

    text: str
    entities: list[Entity] = []
    keyboard: list[list[Button]] = []


class Captioned(Body, frozen=True, kw_only=True):
    """Base of the bodies that may have a styled text and a bot's buttons under them."""

    text: str = ""
    entities: list[Entity] = []
    keyboard: list[list[Button]] = []


class ContactBody(Captioned, frozen=True, tag="contact"):
    """A card from the directory."""

    cid: ContactId


class ImageBody(Captioned, frozen=True, tag="image"):
    """A picture; `previewFile` is a smaller copy. Sizes are of the original, in pixels and bytes."""

    file: FileName
    preview_file: FileName = FileName("")
    name: str = ""
    extension: str = ""
    size: int = 0
    width: int = 0
    height: int = 0


class VideoBody(Captioned, frozen=True, tag="video"):
    """A film; `duration` in seconds."""

    file: FileName
    preview_file: FileName = FileName("")
    name: str = ""
    extension: str = ""
    size: int = 0
    width: int = 0
    height: int = 0
    duration: float = 0


class AudioBody(Captioned, frozen=True, tag="audio"):
    """Sound; with `voice` it was recorded in place. `waveform` are loudness samples 0..100."""

    file: FileName
    name: str = ""
    extension: str = ""
    size: int = 0
    duration: float = 0
    voice: bool = False
    waveform: list[int] = []


class FileBody(Captioned, frozen=True, tag="file"):
    """Any other file."""

    file: FileName
    name: str
    extension: str = ""
    size: int = 0


class LocationBody(Captioned, frozen=True, tag="location"):
    """A place on the map, WGS 84 degrees."""

    latitude: float
    longitude: float


class PollBody(Body, frozen=True, tag="poll"):
    """A poll of module survey; its state is asked with get-poll."""

    poll_id: int
    question: str


class ChannelBody(Body, frozen=True, tag="channel"):
    """A shared channel."""

    ch_id: ChannelId
    name: str = ""


class PublicationBody(Body, frozen=True, tag="publication"):
    """A shared publication: exactly {"type":"publication","chId":N,"pubId":N}."""

    ch_id: ChannelId
    pub_id: PublicationId


class WritingBody(Body, frozen=True, tag="message-writing"):
    """`unstored`: the sender is typing."""


class SystemBody(Body, frozen=True, tag="system"):
    """`system`: something happened to the conversation.

    `what` is group-created, members-added, member-removed, member-left, group-renamed, avatar-changed, role-changed,
    message-pinned. `text` says it in Russian for clients that do not know `what`.
    """

    what: str
    text: str
    cid: ContactId = ContactId(0)
    """Who did it."""
    members: list[ContactId] = []
    name: str = ""


class MessageView(Message, frozen=True):
    """A message as clients see it, in events and in history.

    `cid` names the conversation from the reader's side: the other person (for the author's devices too), or the group.
    """

    cid: int
    id: MessageId
    data_type: str
    data: str
    time: Seconds
    rev: int
    cid_type: str = "user"
    sender_id: ContactId = ContactId(0)
    reply_id: MessageId = MessageId(0)
    key: str = ""
    """The author's own key of the message; only the author's sessions get it."""
    edited_time: Seconds = Seconds(0)
    deleted_time: Seconds = Seconds(0)
    reactions: list[Reaction] = []
    forwarded: Forwarded | None = None
    mentioned: bool = False
