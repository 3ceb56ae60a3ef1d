"""What must be reached, found in the settings of all modules: every option with the format host or url has one.

The port of a host is the option with the format port beside it (of the same parent, of the nearest name). A section
that has an option `on` or `enabled` and is off is left out.
"""

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from roschat.kernel.options import Option

MOST = 200
"""Targets at most; more would be a mistake in the settings."""
SWITCHES = ("on", "enabled")


@dataclass(frozen=True, slots=True)
class Target:
    """The other side that a setting names. `port` 0: only its name is looked up."""

    name: str
    host: str
    port: int = 0
    tls: bool = False

    @property
    def named(self) -> bool:
        """Whether the host is a name, which DNS must know."""
        try:
            ipaddress.ip_address(self.host)
        except ValueError:
            return self.host != "localhost"
        return False


def targets(
    sections: Mapping[str, Sequence[Option]], values: Mapping[str, Mapping[str, Any]], more: Sequence[str] = ()
) -> list[Target]:
    """The targets that options (by section) with these values name, and `more` as host:port."""
    found: list[Target] = []
    for section, options in sorted(sections.items()):
        current = values.get(section, {})
        if any(current.get(switch) is False for switch in SWITCHES):
            continue
        for one in options:
            found += _named_by(section, one, options, current)
    for address in more:
        host, _, port = address.rpartition(":")
        found.append(Target(address, host, int(port)))
    return found[:MOST]


def _named_by(section: str, one: Option, options: Sequence[Option], values: Mapping[str, Any]) -> Iterator[Target]:
    value = values.get(one.key)
    if not isinstance(value, str) or not value or one.secret:
        return
    name = f"{section}.{one.key}"
    if one.format == "url":
        parts = urlsplit(value)
        if parts.hostname:
            tls = parts.scheme == "https"
            yield Target(name, parts.hostname, parts.port or (443 if tls else 80), tls)
    elif one.format == "host":
        yield Target(name, value, _port_of(one, options, values))


def _port_of(host: Option, options: Sequence[Option], values: Mapping[str, Any]) -> int:
    parent = host.key.rpartition(".")[0]
    ports = [
        one
        for one in options
        if one.key.rpartition(".")[0] == parent and (one.format == "port" or one.key.rpartition(".")[2] == "port")
    ]
    if len(ports) != 1:
        return 0
    try:
        return int(values.get(ports[0].key) or 0)
    except (TypeError, ValueError):
        return 0
