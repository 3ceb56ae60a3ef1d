"""The ports that clients are told.

A setting goes first, then what is really listened on (a process may have fallen back to another port, or taken a free
one), by this process or another of the same data folder, then the port of the request itself: sockets are served on
https too, so that one always works.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from roschat.kernel.http import Request
from roschat.modules.web_client.settings import Settings


class Ready(Struct, frozen=True):
    """`ready.json` of a process: written when all listeners are open, removed before they close."""

    pid: int = 0
    listeners: dict[str, list[str]] = {}


class Ports:
    """Reads what the processes wrote in the folder `run`."""

    def __init__(self, run: Path) -> None:
        self._run = run

    def websocket(self, settings: Settings, request: Request) -> int:
        """Where Socket.IO is spoken."""
        return settings.websocket_port or self._listening("websocket") or self.https(settings, request)

    def https(self, settings: Settings, request: Request) -> int:
        """Where pages and files are."""
        return settings.https_port or self._listening("https") or port_of(request.host) or 443

    def _listening(self, name: str) -> int:
        return next((port_of(ready.listeners[name][0]) for ready in self._running() if name in ready.listeners), 0)

    def _running(self) -> Iterator[Ready]:
        for path in (self._run / "ready.json", *sorted(self._run.glob("*/ready.json"))):
            try:
                ready = msgspec.json.decode(path.read_bytes(), type=Ready)
            except (OSError, msgspec.MsgspecError):
                continue
            # A process that was killed left its file behind. The first one is of a process alone, hence ours.
            alive = ready.pid == os.getpid() if path.parent == self._run else _lives(ready.pid)
            if alive:
                yield ready


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return pid > 0


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
