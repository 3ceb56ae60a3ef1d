"""The only place that reads the wall clock. Tests give services a clock that they advance."""

import time

from roschat.types import Seconds


class Clock:
    """The time of this machine."""

    def now(self) -> float:
        """Unix time in seconds with a fraction."""
        return time.time()

    def seconds(self) -> Seconds:
        """Unix time in whole seconds."""
        return Seconds(int(self.now()))

    def monotonic(self) -> float:
        """Seconds that only grow, for measuring spans; not moved by clock jumps."""
        return time.monotonic()


class ManualClock(Clock):
    """A clock that stands still until it is advanced."""

    def __init__(self, start: float = 1_700_000_000.0) -> None:
        self._now = start
        self._ticks = 0.0

    def now(self) -> float:
        """Unix time as set."""
        return self._now

    def monotonic(self) -> float:
        """Seconds advanced since the clock was made."""
        return self._ticks

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._now += seconds
        self._ticks += seconds

    def jump(self, seconds: float) -> None:
        """Move the wall clock alone, as an administrator or NTP may do."""
        self._now += seconds
