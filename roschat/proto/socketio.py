"""Socket.IO packets as Engine.IO messages carry them (socket.io-protocol revisions 4 and 5).

Revision 4 of the packets rides on Engine.IO 3 (clients 2.x), revision 5 on Engine.IO 4 (clients 3.x, 4.x). They differ
in the connect packet alone: in 4 the server says `0` unasked, in 5 the client asks and gets `0{"sid":…}`. Only the
namespace `/` exists here.

An event is cut, not decoded: its name and the bytes of its first argument are found without building any object of the
JSON in between, and the argument is decoded once, by the type that its name declares.
"""

import re
from typing import NamedTuple

import msgspec

from roschat.proto.engineio import MESSAGE, Malformed

CONNECT = 0
DISCONNECT = 1
EVENT = 2
ACK = 3
CONNECT_ERROR = 4
BINARY_EVENT = 5
BINARY_ACK = 6

DISCONNECTED = MESSAGE + b"1"
"""Told to a client that it shall not come back by itself."""

_HEAD = re.compile(rb"([0-6])(?:(\d{1,4})-)?(?:(/[^,\[{]*),?)?(\d{0,16})")
_arguments = msgspec.json.Decoder(list[msgspec.Raw])
_text = msgspec.json.Decoder(str)


class Packet(NamedTuple):
    """One packet: `data` is the JSON behind its head, `ack` the digits of its number or nothing."""

    kind: int
    namespace: str
    ack: bytes
    data: bytes


def parse(message: bytes) -> Packet:
    """A packet from an Engine.IO message without its `4`. Raises Malformed."""
    head = _HEAD.match(message)
    if head is None:
        raise Malformed("a packet has no type between 0 and 6")
    kind, _, namespace, ack = head.groups()
    path = (namespace or b"/").partition(b"?")[0]
    return Packet(int(kind), path.decode("utf-8", "replace") or "/", ack, message[head.end() :])


def cut_event(data: bytes) -> tuple[bytes, bytes]:
    """The name of an event and the bytes of its first argument (empty when absent), from `["name",argument]`.

    The short way takes the shape that every client writes; anything else (spaces, escapes) goes to `all_arguments`.
    With several arguments the short way yields more than one JSON value, which the typed decoder refuses: ask
    `first_argument` then. Raises Malformed.
    """
    if data[:2] == b'["' and data[-1:] == b"]":
        end = data.find(b'"', 2)
        name = data[2:end]
        if b"\\" not in name:
            after = data[end + 1 : end + 2]
            if after == b",":
                return name, data[end + 2 : -1]
            if after == b"]" and end + 2 == len(data):
                return name, b""
    return first_argument(data)


def first_argument(data: bytes) -> tuple[bytes, bytes]:
    """Like `cut_event`, by reading the whole array."""
    try:
        arguments = _arguments.decode(data)
        name = _text.decode(arguments[0]).encode() if arguments else b""
    except (msgspec.DecodeError, UnicodeError):
        raise Malformed("an event is not a JSON array that begins with a name") from None
    if not arguments:
        raise Malformed("an event has no name")
    return name, bytes(arguments[1]) if len(arguments) > 1 else b""


def event_message(name: str, argument: bytes) -> bytes:
    """The Engine.IO message of an event: `42["name",argument]`."""
    return b'42["%s",%s]' % (name.encode(), argument)


def ack_message(ack: bytes, argument: bytes) -> bytes:
    """The Engine.IO message that answers an event, with exactly one argument: `43<ack>[argument]`."""
    return b"43%s[%s]" % (ack, argument)


def connected_message(version: int, sid: str) -> bytes:
    """What tells a client that it has the namespace `/`; `version` is the one of Engine.IO."""
    return b'40{"sid":"%s"}' % sid.encode() if version >= 4 else b"40"


def refused_message(version: int, namespace: str) -> bytes:
    """The refusal of another namespace."""
    path = namespace.encode()
    reason = b'{"message":"Invalid namespace"}' if version >= 4 else b'"Invalid namespace"'
    return b"44%s,%s" % (path, reason)
