"""The bytes of a message: encoded once when it is written, put into events and pages of history as they are.

A stored fragment is the JSON of MessageView without braces and without what differs between readers or changes by
itself: `cid`, `cidType`, `id`, `rev`, the author's `key`, and `mentioned`. `frame` puts those around it.
"""

import msgspec

from roschat.types import ContactId, MessageId, PeerKind, Seconds
from roschat.wire.conversation import Forwarded, MessageView, Reaction
from roschat.wire.message import Message


class Fragment(Message, frozen=True):
    """The part of a message that is the same for all its readers; the fields are those of MessageView."""

    data_type: str
    data: str
    time: Seconds
    sender_id: ContactId = ContactId(0)
    reply_id: MessageId = MessageId(0)
    edited_time: Seconds = Seconds(0)
    deleted_time: Seconds = Seconds(0)
    reactions: list[Reaction] = []
    forwarded: Forwarded | None = None


_encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(Fragment)
_views = msgspec.json.Decoder(MessageView)


def encode(fragment: Fragment) -> bytes:
    """The stored form."""
    return _encode(fragment)[1:-1]


def decode(payload: bytes) -> Fragment:
    """A stored form as fields again."""
    return _decoder.decode(b"{%b}" % payload)


def frame(
    cid: int, cid_type: PeerKind, message_id: int, rev: int, payload: bytes, *, key: str = "", mentioned: bool = False
) -> bytes:
    """The complete JSON of a MessageView for one side of a conversation."""
    tail = b""
    if key:
        tail = b',"key":' + _encode(key)
    if mentioned:
        tail += b',"mentioned":true'
    if cid_type is PeerKind.GROUP:
        return b'{"cid":%d,"cidType":"group","id":%d,"rev":%d,%b%b}' % (cid, message_id, rev, payload, tail)
    return b'{"cid":%d,"id":%d,"rev":%d,%b%b}' % (cid, message_id, rev, payload, tail)


def view(framed: bytes) -> MessageView:
    """A framed message as fields."""
    return _views.decode(framed)
