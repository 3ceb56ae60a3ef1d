"""The rules of values that people type into forms, and the reasons why one is refused.

`option(..., format="host")` makes a setting keep such a rule; commands use the checks themselves. A reason is a key
that the console turns into a sentence beside the field, in its language (console-facts §2: «Неверный адрес» …).
"""

import ipaddress
import re
from collections.abc import Callable, Mapping

from roschat.kernel.errors import Invalid

REASONS: Mapping[str, str] = {
    "empty": "a value is needed",
    "bad-host": "it is not the name or the IPv4 address of a host",
    "bad-ip": "it is not an IPv4 address",
    "bad-port": "it is not a port from 1 to 65535",
    "bad-email": "it is not an e-mail address in Latin letters",
    "bad-url": "it is not an address that begins with http:// or https://",
    "bad-time": "it is not a time of day like 09:00",
    "bad-value": "it breaks the rule of this field",
    "too-short": "it is too short",
    "too-easy": "it is one of the first passwords that anybody would try",
    "same": "it is the one that was there before",
    "too-long": "it is too long",
    "too-small": "it is too small",
    "too-large": "it is too large",
    "max-below-min": "the last port is below the first one",
    "taken": "somebody or something else has it",
    "port-in-use": "another program listens on this port",
    "port-forbidden": "ports below 1024 need rights that the server does not have",
    "fixed": "the command line or the configuration file of the server decides this",
    "unknown": "there is no such thing",
}
"""Every reason in `RoschatError.fields`, with what it means in English."""

_label = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?", re.ASCII)
_octet = re.compile(r"0|[1-9][0-9]{0,2}", re.ASCII)
_local_part = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}", re.ASCII)


def is_ipv4(value: str) -> bool:
    """Four octets of 0 to 255 without leading zeros."""
    octets = value.split(".")
    return len(octets) == 4 and all(_octet.fullmatch(one) and int(one) < 256 for one in octets)


def is_host(value: str) -> bool:
    """A name of two labels or more, or an IPv4 address.

    The label before the last has two characters or more; letters are Latin (console-facts §3).
    """
    if is_ipv4(value):
        return True
    labels = value.split(".")
    if len(value) > 253 or len(labels) < 2 or not all(_label.fullmatch(label) for label in labels):
        return False
    return len(labels[-2]) > 1 and not labels[-1].isdigit()


def is_port(value: str) -> bool:
    """A decimal number from 1 to 65535."""
    return value.isascii() and value.isdigit() and len(value) <= 5 and 0 < int(value) < 65536


def is_email(value: str) -> bool:
    """`name@host`, with the host of more than one label."""
    local, _, domain = value.rpartition("@")
    labels = domain.split(".")
    return (
        bool(_local_part.fullmatch(local))
        and not local.startswith(".")
        and not local.endswith(".")
        and ".." not in local
        and len(domain) <= 253
        and len(labels) > 1
        and all(_label.fullmatch(label) for label in labels)
    )


def is_url(value: str) -> bool:
    """An http or https address of a host, with or without port and path."""
    scheme, _, rest = value.partition("://")
    host, colon, port = rest.split("/", 1)[0].partition(":")
    return scheme in ("http", "https") and (is_host(host) or host == "localhost") and (not colon or is_port(port))


def is_network(value: str) -> bool:
    """An IPv4 or IPv6 address or network."""
    try:
        ipaddress.ip_network(value, strict=False)
    except ValueError:
        return False
    return True


FORMATS: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "host": (is_host, "bad-host"),
    "ip": (is_ipv4, "bad-ip"),
    "port": (is_port, "bad-port"),
    "email": (is_email, "bad-email"),
    "url": (is_url, "bad-url"),
    "network": (is_network, "bad-ip"),
}
"""The rule of each format and the reason of its refusal."""


def reason(name: str, value: object, *, needed: bool = True) -> str:
    """Why a value does not have the format `name`; empty when it has. An empty one is refused when it is `needed`."""
    text = str(value)
    if not text:
        return "empty" if needed else ""
    rule, refusal = FORMATS[name]
    return "" if rule(text) else refusal


def refuse(fields: Mapping[str, str]) -> None:
    """Raise Invalid for the fields (wire name → reason) that have one."""
    bad = {field: why for field, why in fields.items() if why}
    if bad:
        told = "; ".join(f"{field}: {REASONS[why]}" for field, why in bad.items())
        raise Invalid(f"Some values cannot be taken: {told}.", fields=bad)
