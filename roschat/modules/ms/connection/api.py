"""Under which address and ports clients reach the server (console-facts §4 «Подключение»), and the list of servers."""

from roschat.wire.declare import ADMIN, command
from roschat.wire.message import Command, Empty, Message
from roschat.wire.rest import rest


class ConnectionView(Message, frozen=True):
    """The ports are those on which the server listens now; a fixed one is decided by who starts the program."""

    address: str
    http_port: int
    https_port: int
    websocket_port: int
    fixed: list[str] = []
    """Of http, https, websocket."""
    trouble: str = ""
    """Why a listener is not where the settings want it."""


@rest("GET", "/connection", tag="system")
@command("get-connection", access=ADMIN)
class GetConnection(Command[ConnectionView], frozen=True):
    """Address and ports of the server."""


@rest("PUT", "/connection", tag="system")
@command("set-connection", access=ADMIN)
class SetConnection(Command[ConnectionView], frozen=True):
    """Set address and ports; they count at once, connections that there are go on.

    `bad-request` with `fields`: empty, bad-host, bad-port, taken (two listeners on one port), port-in-use,
    port-forbidden, fixed. Ports may come as text, as they were typed.
    """

    address: str
    http_port: str
    https_port: str
    websocket_port: str


class Probe(Message, frozen=True):
    """One thing that was tried from outside of the server's process."""

    name: str
    """dns, http, https, certificate, websocket"""
    good: bool
    target: str
    """What was asked: a name, or host:port."""
    text: str = ""
    """The cause when it is not good, or what was found."""
    duration: float = 0.0
    """Milliseconds."""


class ConnectionCheck(Message, frozen=True):
    """What a client would meet."""

    good: bool
    probes: list[Probe]


@rest("POST", "/connection/check", tag="system")
@command("check-connection", access=ADMIN)
class CheckConnection(Command[ConnectionCheck], frozen=True):
    """Look up the external address and talk to every port there as a client does, from a process of its own."""


class ServerView(Message, frozen=True):
    """A server of the installation. The main one is this server; it cannot be removed."""

    id: int
    name: str
    address: str
    main: bool = False
    web_servers: int = 0
    """Processes there that serve clients; known of this server's own bus."""


@rest("GET", "/servers", tag="system")
@command("list-servers", access=ADMIN)
class ListServers(Command[list[ServerView]], frozen=True):
    """The servers, the main one first."""


class ServerAdded(Message, frozen=True):
    """The number of a new server."""

    id: int


@rest("POST", "/servers", tag="system")
@command("add-server", access=ADMIN)
class AddServer(Command[ServerAdded], frozen=True):
    """Add a server; fields: name (empty, too-long, taken), address (empty, bad-host, taken)."""

    name: str
    address: str


@rest("PUT", "/servers/{id}", tag="system")
@command("change-server", access=ADMIN)
class ChangeServer(Command[Empty], frozen=True):
    """Rename a server or give it another address; the address of the main one stays."""

    id: int
    name: str
    address: str


@rest("DELETE", "/servers/{id}", tag="system")
@command("remove-server", access=ADMIN)
class RemoveServer(Command[Empty], frozen=True):
    """Take a server off the list."""

    id: int


@rest("POST", "/servers/{id}/check", tag="system")
@command("check-server", access=ADMIN)
class CheckServer(Command[ConnectionCheck], frozen=True):
    """Look whether a server answers."""

    id: int
