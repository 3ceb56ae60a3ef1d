"""Engine.IO revisions 3 and 4: packets and the payloads of long polling (engine.io-protocol, README of v3 and v4).

A packet is bytes whose first character tells its type; over WebSocket one text frame carries one packet, over long
polling a payload carries several. The revisions differ in three ways that are visible here: how packets are joined into
a payload, who sends the pings (the client in 3, the server in 4), and `maxPayload` in the handshake of 4.

Binary packets are told apart (`BINARY`) so that they can be refused; their content is not looked at.
"""

import re
from collections.abc import Iterable

import msgspec

OPEN = b"0"
CLOSE = b"1"
PING = b"2"
PONG = b"3"
MESSAGE = b"4"
UPGRADE = b"5"
NOOP = b"6"
BINARY = b"b"

SEPARATOR = b"\x1e"
VERSIONS = (3, 4)

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


class Malformed(ValueError):
    """The bytes are not what the protocol allows."""


def handshake(
    version: int,
    sid: str,
    *,
    upgrades: tuple[str, ...],
    ping_interval: float,
    ping_timeout: float,
    max_payload: int,
) -> bytes:
    """The open packet; times in seconds here, in milliseconds on the wire."""
    fields: dict[str, object] = {
        "sid": sid,
        "upgrades": upgrades,
        "pingInterval": round(ping_interval * 1000),
        "pingTimeout": round(ping_timeout * 1000),
    }
    if version >= 4:
        fields["maxPayload"] = max_payload
    return OPEN + msgspec.json.encode(fields)


def join_payload(version: int, packets: Iterable[bytes]) -> bytes:
    """Packets as the body of a poll's answer.

    Revision 3 counts the characters of a packet, which JavaScript does in UTF-16 units and Python clients in code
    points. Characters beyond the basic plane stand only inside JSON strings, so they are written as escapes there and
    both ways of counting agree.
    """
    if version >= 4:
        return SEPARATOR.join(packets)
    parts: list[bytes] = []
    for packet in packets:
        if packet.isascii():
            parts.append(b"%d:%s" % (len(packet), packet))
        else:
            text = _ASTRAL.sub(_escape, packet.decode())
            parts.append(b"%d:%s" % (len(text), text.encode()))
    return b"".join(parts)


def split_payload(version: int, body: bytes) -> list[bytes]:
    """The packets of a posted body; binary ones begin with `BINARY`. Raises Malformed."""
    if version >= 4:
        packets = body.split(SEPARATOR)
        if not all(packets):
            raise Malformed("a payload holds an empty packet")
        return [_text(packet) for packet in packets]
    if body[:1] in (b"\x00", b"\x01"):
        return _split_bytes(body)
    return _split_characters(body)


def _split_characters(body: bytes) -> list[bytes]:
    """`<length>:<packet>…`, lengths in UTF-16 units."""
    if not _text(body):
        raise Malformed("a payload is empty")
    wide = not body.isascii()
    data = body.decode().encode("utf-16-le") if wide else body
    colon, unit = (b":\0", 2) if wide else (b":", 1)
    packets: list[bytes] = []
    at = 0
    while at < len(data):
        end = data.find(colon, at, at + 11 * unit)
        if wide:
            while end > 0 and (end - at) % 2:
                end = data.find(colon, end + 1, at + 11 * unit)
        digits = data[at:end].replace(b"\0", b"") if end > at else b""
        if not digits.isdigit():
            raise Malformed("a payload has no length where one is due")
        start = end + unit
        at = start + int(digits) * unit
        if at > len(data) or at == start:
            raise Malformed("a payload tells a wrong length")
        packet = data[start:at]
        if wide:
            try:
                packet = packet.decode("utf-16-le").encode()
            except UnicodeError:
                raise Malformed("a payload cuts a character in two") from None
        packets.append(packet)
    return packets


def _split_bytes(body: bytes) -> list[bytes]:
    """`<0 text|1 binary><length digits as bytes 0..9><255><packet>…`, lengths in bytes."""
    packets: list[bytes] = []
    at = 0
    while at < len(body):
        kind = body[at]
        end = body.find(b"\xff", at + 1, at + 12)
        digits = body[at + 1 : end] if end > 0 else b""
        if kind > 1 or not digits or max(digits) > 9:
            raise Malformed("a binary payload has no length where one is due")
        size = 0
        for digit in digits:
            size = size * 10 + digit
        at = end + 1 + size
        if at > len(body) or not size:
            raise Malformed("a binary payload tells a wrong length")
        packet = body[end + 1 : at]
        packets.append(BINARY + packet if kind else _text(packet))
    return packets


def _text(data: bytes) -> bytes:
    if not data.isascii():
        try:
            data.decode()
        except UnicodeDecodeError:
            raise Malformed("a packet is not UTF-8") from None
    return data


def _escape(found: re.Match[str]) -> str:
    point = ord(found.group()) - 0x10000
    return f"\\u{0xD800 + (point >> 10):04x}\\u{0xDC00 + (point & 0x3FF):04x}"
