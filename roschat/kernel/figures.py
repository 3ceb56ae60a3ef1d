"""What a process measures of itself and of its machine: load, memory, disk, and how late the event loop is.

The figures are read from /proc where they are asked; only the loop's delay is watched all the time: a timer that should
fire every quarter of a second says by how much it was late, and the worst of a span is the figure.
"""

import asyncio
import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from roschat.kernel.clock import Clock

EVERY = 0.25
"""Seconds between two looks at the loop."""


class Figures:
    """The figures of this process; `data` is the folder whose disk counts. `start` on the loop, `stop` always."""

    def __init__(self, data: Path, clock: Clock) -> None:
        self._data = data
        self._clock = clock
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0
        self._late = 0.0
        self._started = clock.now()
        self._cpu = _Share()
        self._own = _Share()
        self._sources: list[Callable[[], Mapping[str, float]]] = []

    def add(self, source: Callable[[], Mapping[str, float]]) -> None:
        """Ask this too."""
        self._sources.append(source)

    def start(self) -> None:
        """Watch the loop."""
        loop = asyncio.get_running_loop()
        self._due = loop.time() + EVERY
        self._timer = loop.call_at(self._due, self._look)

    def stop(self) -> None:
        """Watch no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def now(self) -> dict[str, float]:
        """Every figure that can be had.

        `cpu` and `process_cpu` are per cent of all processors since the last question; memory and disk are bytes,
        `loop_delay` seconds (the worst since the last question), `started` Unix time.
        """
        figures = {"loop_delay": self._late, "started": self._started, "processors": float(os.cpu_count() or 1)}
        self._late = 0.0
        with suppress(OSError, ValueError):
            fields = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
            figures["cpu"] = self._cpu.per_cent(sum(fields) - fields[3] - fields[4], sum(fields))
        own = os.times()
        figures["process_cpu"] = self._own.per_cent(
            own.user + own.system, self._clock.monotonic() * figures["processors"]
        )
        figures["process_memory"] = _own_memory()
        with suppress(OSError, ValueError, KeyError):
            memory = _memory()
            figures["memory_total"] = memory["MemTotal"]
            figures["memory_used"] = memory["MemTotal"] - memory["MemAvailable"]
        with suppress(OSError):
            disk = shutil.disk_usage(self._data)
            figures["disk_total"], figures["disk_used"] = float(disk.total), float(disk.total - disk.free)
        with suppress(OSError):
            figures["files_open"] = float(len(os.listdir("/proc/self/fd")))
        for source in self._sources:
            figures.update(source())
        return figures

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        self._late = max(self._late, loop.time() - self._due)
        self._due = loop.time() + EVERY
        self._timer = loop.call_at(self._due, self._look)


class _Share:
    """How much of a growing total was used between two looks."""

    def __init__(self) -> None:
        self._used = self._total = 0.0

    def per_cent(self, used: float, total: float) -> float:
        spent, passed = used - self._used, total - self._total
        self._used, self._total = used, total
        return min(100.0, max(0.0, 100 * spent / passed)) if passed > 0 else 0.0


def _memory() -> dict[str, float]:
    """/proc/meminfo in bytes."""
    lines = (line.split() for line in Path("/proc/meminfo").read_text().splitlines())
    return {fields[0].rstrip(":"): float(fields[1]) * 1024 for fields in lines if len(fields) > 1}


def _own_memory() -> float:
    """Resident bytes of this process; 0 when the machine does not tell."""
    with suppress(OSError, ValueError, IndexError):
        return float(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0.0


def client_kind(client: str) -> str:
    """web, mobile or computer, from what a client calls itself ("pc", "web", "android 12" …)."""
    name = client.lower()
    if any(word in name for word in ("android", "ios", "iphone", "ipad", "mobile")):
        return "mobile"
    return "web" if any(word in name for word in ("web", "browser", "pwa")) else "computer"
