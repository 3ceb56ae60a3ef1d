"""The ports that clients are told.

A setting goes first, then what this process really listens on (it may have fallen back to another port, or taken a
free one), then the port of the request itself: sockets are served on https too, so that one always works.
"""

import os
from pathlib import Path

import msgspec
from msgspec import Struct

from roschat.kernel.http import Request
from roschat.modules.web_client.settings import Settings


class Ready(Struct, frozen=True):
    """`run/ready.json`: written when all listeners are open, removed before they close."""

    pid: int = 0
    listeners: dict[str, list[str]] = {}


class Ports:
    """Reads `ready` when it changed."""

    def __init__(self, ready: Path) -> None:
        self._path = ready
        self._stamp: tuple[int, int] | None = None
        self._ready = Ready()

    def websocket(self, settings: Settings, request: Request) -> int:
        """Where Socket.IO is spoken."""
        return settings.websocket_port or self._listening("websocket") or self.https(settings, request)

    def https(self, settings: Settings, request: Request) -> int:
        """Where pages and files are."""
        return settings.https_port or self._listening("https") or port_of(request.host) or 443

    def _listening(self, name: str) -> int:
        addresses = self._read().listeners.get(name)
        return port_of(addresses[0]) if addresses else 0

    def _read(self) -> Ready:
        try:
            stat = self._path.stat()
            stamp = stat.st_mtime_ns, stat.st_ino
            if stamp != self._stamp:
                self._ready = msgspec.json.decode(self._path.read_bytes(), type=Ready)
                self._stamp = stamp
        except (OSError, msgspec.MsgspecError):
            self._ready, self._stamp = Ready(), None
        # A process that was killed left its file behind.
        return self._ready if self._ready.pid == os.getpid() else Ready()


def port_of(address: str) -> int:
    """The port at the end of `host:port`; 0 when there is none."""
    _, _, port = address.rpartition(":")
    return int(port) if port.isascii() and port.isdigit() and len(port) < 6 and int(port) < 65536 else 0


def host_of(address: str) -> str:
    """The host of `host:port` when it has nothing but what a host is made of; else an empty text."""
    host = address if address.endswith("]") else address.rpartition(":")[0] or address
    if host.startswith("[") and host.endswith("]"):
        good = all(c in "0123456789abcdefABCDEF:." for c in host[1:-1])
    else:
        good = host.isascii() and all(c.isalnum() or c in ".-" for c in host)
    return host if good and len(host) < 256 else ""
