"""One question to a time server (SNTP, RFC 4330): by how much our clock differs from its.

Blocks for at most `timeout` seconds; runs in a thread.
"""

import os
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass

from roschat.kernel.errors import RoschatError

EPOCH = 2_208_988_800
"""Seconds from 1900, where NTP begins to count, to 1970."""
PACKET = struct.Struct("!BBbbII4sQQQQ")
CLIENT = 0x23
"""Version 4, mode 3."""
UNSYNCHRONISED = 16


class TimeServerFailed(RoschatError):
    """The answer is not one of a time server that knows the time."""

    code = "bad-answer"


@dataclass(frozen=True, slots=True)
class Offset:
    """Seconds that our clock is behind (positive) the server's, and how long the answer took."""

    offset: float
    delay: float
    stratum: int


def ask(host: str, port: int, now: Callable[[], float], timeout: float = 3.0) -> Offset:
    """Ask once. Raises OSError (unreachable, timeout) or TimeServerFailed (nonsense, or a server without time)."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, kind, protocol) as line:
        line.settimeout(timeout)
        line.connect(address)
        # A random number in the place of our time: the answer must repeat it, and it tells nobody our clock.
        cookie = int.from_bytes(os.urandom(8))
        sent = now()
        line.send(PACKET.pack(CLIENT, 0, 0, 0, 0, 0, b"", 0, 0, 0, cookie))
        answer = line.recv(512)
        came = now()
    if len(answer) < PACKET.size:
        raise TimeServerFailed(f"The answer has {len(answer)} bytes, one of a time server has 48.")
    first, stratum, _, _, _, _, name, _, origin, received, left = PACKET.unpack_from(answer)
    if first & 7 != 4 or origin != cookie:
        raise TimeServerFailed("The answer is not one to our question.")
    if stratum == 0:
        raise TimeServerFailed(f"The server refuses to answer ({name.decode('ascii', 'replace').strip(chr(0))}).")
    if stratum >= UNSYNCHRONISED or first >> 6 == 3 or not left:
        raise TimeServerFailed("The server does not know the time itself.")
    theirs_in, theirs_out = _seconds(received), _seconds(left)
    delay = max(0.0, (came - sent) - (theirs_out - theirs_in))
    return Offset(((theirs_in - sent) + (theirs_out - came)) / 2, delay, stratum)


def _seconds(stamp: int) -> float:
    """Unix time of an NTP stamp: 32 bits of seconds, 32 of their fraction. Small ones are after 2036."""
    seconds = stamp / 2**32
    return seconds - EPOCH + (2**32 if seconds < 2**31 else 0)
