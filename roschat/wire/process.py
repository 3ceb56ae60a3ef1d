"""The life of the processes of one installation, as each learns it from the bus. One process alone hears none."""

from roschat.wire.declare import INTERNAL, command, event
from roschat.wire.message import Command, Event, LocalEvent, Message


@event("peers-ask")
class PeersAsk(LocalEvent, frozen=True):
    """A process has come, or come back: tell again what others must know of this one."""


@event("peer-gone")
class PeerGone(LocalEvent, frozen=True):
    """Another process has ended; `silent` when it did not say so itself, hence was killed, frozen or cut off."""

    process: str
    silent: bool = False


@event("bus-lost")
class BusLost(LocalEvent, frozen=True):
    """From now on no event of other processes comes: what is held in memory may be out of date."""


@event("events-missed")
class EventsMissed(LocalEvent, frozen=True):
    """Events of other processes may have been lost up to now; from now on they come again.

    Who keeps in memory what others change reads it anew, and sockets are closed so that their clients ask what changed.
    """

    reason: str = ""


class ServedRoute(Message, frozen=True):
    """As the arguments of `kernel.http.Routes.add`."""

    method: str
    pattern: str
    max_body: int | None = 0


@event("routes-served")
class RoutesServed(Event, frozen=True):
    """The HTTP routes of a process for a listener, and where it answers them: the path of a Unix socket."""

    process: str
    name: str
    listener: str
    address: str
    routes: list[ServedRoute]


class Listening(Message, frozen=True):
    """Where the program listens, and what is served there."""

    addresses: dict[str, list[str]]
    """`host:port` by name of the listener."""
    fixed: list[str] = []
    """Listeners whose port the command line or roschat.toml decides."""
    trouble: str = ""
    """Why a listener is not where the settings want it."""
    certificate_fixed: bool = False
    """Whether roschat.toml names the files of the certificate."""
    certificate_file: str = ""
    self_made: bool = False
    certificate_trouble: str = ""


@command("get-listening", access=INTERNAL)
class GetListening(Command[Listening], frozen=True):
    """Where a process with listeners listens."""


class PortRefusal(Message, frozen=True):
    """Why a port cannot be used: a reason of kernel.formats; empty: it can."""

    reason: str = ""


@command("try-port", access=INTERNAL)
class TryPort(Command[PortRefusal], frozen=True):
    """Whether a listener could be moved to a port; tried by listening there for a moment."""

    listener: str
    port: int


@event("certificate-changed")
class CertificateChanged(Event, frozen=True):
    """The files of the certificate were changed: look at them now rather than in some seconds."""
