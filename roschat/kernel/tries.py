"""Wrong passwords counted per login and per address; who fails too often waits, each time twice as long.

The counts are of this process and forgotten with it. A try for a login is counted before its password is looked at,
so a burst of parallel guesses gets no further than guesses one by one. Tries from an address are counted when they have
failed: a whole office behind one address signs in at nine o'clock.
"""

import ipaddress
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from roschat.kernel.clock import Clock
from roschat.kernel.errors import TooMany

REMEMBERED = 50_000
"""Logins and addresses at most; beyond it the one that failed longest ago is forgotten."""


@dataclass(slots=True)
class Failures:
    """Of one login or one address. Times are of the monotonic clock."""

    count: int = 0
    last: float = 0.0
    wait_until: float = 0.0


class Limits(Protocol):
    """When waiting begins and how it grows; delays are in seconds. Settings of a module may be these limits."""

    @property
    def tries_per_login(self) -> int: ...  # noqa: D102
    @property
    def tries_per_address(self) -> int: ...  # noqa: D102
    @property
    def first_delay(self) -> int: ...  # noqa: D102
    @property
    def longest_delay(self) -> int: ...  # noqa: D102
    @property
    def forget_tries_after(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class UsualLimits:
    """For those who have no settings of their own."""

    tries_per_login: int = 5
    tries_per_address: int = 30
    first_delay: int = 2
    longest_delay: int = 300
    forget_tries_after: int = 3600


class Tries:
    """Says who has to wait. `limits` are asked anew at each try."""

    def __init__(self, clock: Clock, limits: Callable[[], Limits] = UsualLimits) -> None:
        self._limits = limits
        self._clock = clock
        self._failures: OrderedDict[str, Failures] = OrderedDict()

    def begin(self, login: str, address: str) -> None:
        """Raises TooMany when the login or the address has to wait; else the try is on."""
        wait = max(self._wait(_of_login(login)), self._wait(_of_address(address)))
        if wait > 0:
            raise TooMany(f"Too many wrong passwords; try again in {int(wait) + 1} s.")
        self._count(_of_login(login), self._limits().tries_per_login)

    def failed(self, address: str) -> None:
        """The password was wrong."""
        self._count(_of_address(address), self._limits().tries_per_address)

    def succeeded(self, login: str) -> None:
        """The password was right: the login starts anew; the failures of the address stay."""
        self._failures.pop(_of_login(login), None)

    def _wait(self, key: str) -> float:
        known = self._failures.get(key)
        return known.wait_until - self._clock.monotonic() if known else 0.0

    def _count(self, key: str, free: int) -> None:
        limits, now = self._limits(), self._clock.monotonic()
        known = self._failures.pop(key, None)
        if known is None or now - known.last > limits.forget_tries_after:
            known = Failures()
        known.count += 1
        known.last = now
        if known.count >= free:
            doublings = min(known.count - free, 30)
            known.wait_until = now + min(limits.first_delay * 2**doublings, limits.longest_delay)
        self._failures[key] = known
        while len(self._failures) > REMEMBERED:
            self._failures.popitem(last=False)


def _of_login(login: str) -> str:
    return "login " + login


def _of_address(address: str) -> str:
    """An IPv6 subscriber has a whole /64 to try from; it counts as one."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "address " + address
    if parsed.version == 6 and parsed.ipv4_mapped is None:
        return f"address {ipaddress.ip_network((int(parsed) >> 64 << 64, 64))}"
    return f"address {parsed.ipv4_mapped if parsed.version == 6 else parsed}"
