"""How often one session, key or address may ask: so many requests in a minute, in bursts or evenly."""

from collections import OrderedDict
from collections.abc import Callable

from roschat.kernel.clock import Clock
from roschat.kernel.errors import TooMany

REMEMBERED = 10_000
"""Askers at most; beyond it the one that asked longest ago is forgotten."""
MINUTE = 60.0


class Pace:
    """A bucket for each asker that holds a minute's requests and fills evenly."""

    def __init__(self, clock: Clock, per_minute: Callable[[], int]) -> None:
        self._clock = clock
        self._per_minute = per_minute
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def step(self, asker: str) -> None:
        """Count a request. Raises TooMany when it is one too many."""
        now, most = self._clock.monotonic(), float(self._per_minute())
        left, last = self._buckets.pop(asker, (most, now))
        left = min(most, left + (now - last) * most / MINUTE)
        allowed = left >= 1
        self._buckets[asker] = (left - 1 if allowed else left, now)
        while len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        if not allowed:
            raise TooMany(f"More than {int(most)} requests in a minute; wait {MINUTE * (1 - left) / most:.2f} s.")
