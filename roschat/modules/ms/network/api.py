"""The network as the server sees it: its own ports and certificates, names, time, and what it must reach outside."""

from enum import StrEnum

from roschat.wire.declare import OPERATOR, command
from roschat.wire.message import Command, Message
from roschat.wire.rest import rest


class CheckKind(StrEnum):
    """What is looked at."""

    LISTENER = "listener"
    CERTIFICATE = "certificate"
    DNS = "dns"
    TIME = "time"
    HOST = "host"


class NetworkCheck(Message, frozen=True, omit_defaults=False):
    """One thing and how it was when it was looked at last."""

    kind: CheckKind
    name: str
    """A listener, a server, or the setting `section.key` that names the other side."""
    target: str
    """The address that was asked."""
    state: str
    """ok, degraded, failed"""
    text: str
    """What was found: an address, a date, a cause in plain words."""
    text_ru: str
    fix: str
    """The page of the console where it is put right; may be empty."""
    checked: float
    """Unix seconds."""
    duration: float
    """Seconds that it took."""


class NetworkView(Message, frozen=True, omit_defaults=False):
    """All checks. `every` is how often, in seconds, they are done by themselves."""

    checks: list[NetworkCheck]
    every: int


@rest("GET", "/network", tag="network")
@command("get-network", access=OPERATOR)
class GetNetwork(Command[NetworkView], frozen=True):
    """What was found last."""


@rest("POST", "/network/check", tag="network")
@command("check-network", access=OPERATOR)
class CheckNetwork(Command[NetworkView], frozen=True):
    """Look at everything now; takes at most about ten seconds."""
