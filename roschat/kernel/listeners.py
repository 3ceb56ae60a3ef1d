"""The table of listeners and the ports they get.

A port is taken before anything else is started, so a port that is not to be had costs a second and one sentence. What
is said on the sockets is the business of the transports. Which port: what the command line or roschat.toml says, else
what the console chose (kept in `DATA/ports.json`, for the database is not there yet), else that of the table.
"""

import errno
import json
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from roschat.kernel.errors import Invalid, RoschatError
from roschat.kernel.local import LocalConfig
from roschat.kernel.options import did_you_mean

BACKLOG = 4096
EVERYWHERE = ("0.0.0.0", "::")
CHOSEN = "ports.json"
"""The file in the data folder with the ports that the console chose."""
TRIES = 20
"""How often a free port is looked for that is free on all addresses."""


class PortFailed(RoschatError):
    """A port cannot be listened on."""

    code = "port-failed"


@dataclass(frozen=True)
class Listener:
    """A row of the table. `fallback` is the port for a program without the right to ports below 1024."""

    name: str
    port: int
    tls: bool
    fallback: int = 0


LISTENERS = (
    Listener("http", 80, tls=False, fallback=8000),
    Listener("https", 443, tls=True, fallback=8443),
    Listener("websocket", 8080, tls=True),
    Listener("console", 1110, tls=True),
)
NAMES = tuple(listener.name for listener in LISTENERS)


@dataclass(frozen=True)
class Opened:
    """A listener with its listening sockets. `note` is a sentence for the administrator, or empty."""

    name: str
    tls: bool
    sockets: tuple[socket.socket, ...]
    note: str = ""

    @property
    def port(self) -> int:
        """The port, the same on all addresses."""
        return int(self.sockets[0].getsockname()[1])

    @property
    def addresses(self) -> list[str]:
        """`host:port` of each socket, IPv6 hosts in brackets."""
        return [_shown(*one.getsockname()[:2]) for one in self.sockets]


def chosen_ports(data: Path) -> dict[str, int]:
    """The ports that the console chose, by listener; none when the file is absent or not ours."""
    try:
        kept = json.loads((data / CHOSEN).read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(kept, dict):
        return {}
    return {name: port for name, port in kept.items() if name in NAMES and type(port) is int and 0 < port < 65536}


def choose_ports(data: Path, ports: Mapping[str, int]) -> None:
    """Keep the ports for the next start. Processes that share the folder write the same, each in a file of its own."""
    if chosen_ports(data) == ports:
        return
    fresh = data / f"{CHOSEN}.{os.getpid()}"
    fresh.write_text(json.dumps(dict(ports)) + "\n")
    fresh.replace(data / CHOSEN)


def open_ports(config: LocalConfig, chosen: Mapping[str, int] | None = None) -> dict[str, Opened]:
    """Listening, non-blocking sockets of the listeners that the configuration wants. Raises PortFailed or Invalid."""
    wanted = NAMES if config.listeners is None else tuple(config.listeners)
    for name in (*wanted, *config.ports, *config.plain):
        if name not in NAMES:
            raise Invalid(f"There is no listener {name!r}{did_you_mean(name, NAMES)}")
    for name, port in config.ports.items():
        if not 0 <= port <= 65535:
            raise Invalid(f"Port {port} of {name} is not between 0 and 65535.")
    opened: dict[str, Opened] = {}
    try:
        for listener in LISTENERS:
            if listener.name in wanted:
                opened[listener.name] = _open(listener, config, (chosen or {}).get(listener.name, 0))
    except BaseException:
        close(opened)
        raise
    return opened


def open_port(name: str, port: int, config: LocalConfig) -> Opened:
    """The sockets of one listener on another port (0: as the start would choose). Raises PortFailed."""
    return _open(next(listener for listener in LISTENERS if listener.name == name), config, port)


def refusal(name: str, port: int, config: LocalConfig) -> str:
    """Why a port cannot be listened on, as a reason of kernel.formats; empty when it can."""
    try:
        sockets = _listen(name, port, config)
    except PermissionError:
        return "port-forbidden"
    except PortFailed:
        return "port-in-use"
    for one in sockets:
        one.close()
    return ""


def close(opened: dict[str, Opened]) -> None:
    """Let go of the ports."""
    for listener in opened.values():
        for one in listener.sockets:
            one.close()


def _open(listener: Listener, config: LocalConfig, chosen: int = 0) -> Opened:
    tls = listener.tls and listener.name not in config.plain
    port = config.ports.get(listener.name, chosen or listener.port)
    try:
        return Opened(listener.name, tls, _listen(listener.name, port, config))
    except PermissionError:
        if listener.name in config.ports or chosen or not listener.fallback:
            raise PortFailed(
                f"Port {port} ({listener.name}) may only be opened by an administrator: start as root or choose a port "
                f"from 1024 on with --ports {listener.name}=PORT."
            ) from None
    note = f"Port {port} needs administrator's rights, so {listener.name} listens on {listener.fallback} instead."
    return Opened(listener.name, tls, _listen(listener.name, listener.fallback, config), note)


def _listen(name: str, port: int, config: LocalConfig) -> tuple[socket.socket, ...]:
    bind = config.bind
    for _ in range(TRIES if port == 0 else 1):
        sockets: list[socket.socket] = []
        try:
            for address in bind or EVERYWHERE:
                try:
                    taken = sockets[0].getsockname()[1] if sockets else port
                    sockets.append(_socket(name, address, taken, share=config.share_ports))
                except _NoSuchFamily:
                    # A machine without IPv6 listens on IPv4 alone, unless it was told otherwise.
                    if bind:
                        raise
            return tuple(sockets)
        except PortFailed:
            for one in sockets:
                one.close()
            if port or not sockets:
                raise
        except BaseException:
            for one in sockets:
                one.close()
            raise
    raise PortFailed(f"No port for {name} is free on all of {', '.join(bind or EVERYWHERE)}; bind fewer addresses.")


class _NoSuchFamily(PortFailed):
    """The machine does not speak this version of IP."""


def _socket(name: str, address: str, port: int, *, share: bool = False) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        one = socket.socket(family, socket.SOCK_STREAM)
    except OSError:
        raise _NoSuchFamily(f"This machine has no network that {address!r} belongs to.") from None
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if share:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        one.bind((address, port))
        one.listen(BACKLOG)
        one.setblocking(False)
    except PermissionError:
        one.close()
        raise
    except OSError as error:
        one.close()
        if error.errno == errno.EADDRINUSE:
            raise PortFailed(
                f"Port {port} ({name}) is taken{_owner_text(port)}: stop that program or choose another port with "
                f"--ports {name}=PORT."
            ) from None
        if error.errno == errno.EADDRNOTAVAIL:
            kind = _NoSuchFamily if address == "::" else PortFailed
            raise kind(f"{address} is not an address of this machine; name one with --bind ADDR.") from None
        raise PortFailed(
            f"{address!r} port {port} ({name}) cannot be listened on: {error.strerror or error}."
        ) from None
    return one


def _owner_text(port: int) -> str:
    for pid, program in owners(port):
        return f" by {program} (process {pid})"
    return ""


def owners(port: int) -> Iterator[tuple[int, str]]:
    """Processes that listen on a TCP port, as (pid, name); those of other users are seen by root only."""
    inodes = set(_listening_inodes(port))
    for folder in Path("/proc").glob("[0-9]*") if inodes else ():
        with suppress(OSError):
            if any(os.readlink(handle) in inodes for handle in (folder / "fd").iterdir()):
                yield int(folder.name), (folder / "comm").read_text().strip()


def _listening_inodes(port: int) -> Iterator[str]:
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:
                    yield f"socket:[{fields[9]}]"


def _shown(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
