"""The private PostgreSQL of a spawned server as processes, to be killed and frozen by tests."""

import os
import signal
from pathlib import Path


class Postmaster:
    """The PostgreSQL of a data folder: the postmaster and everything it started."""

    def __init__(self, data: Path) -> None:
        self._pid_file = data / "postgres" / "cluster" / "postmaster.pid"

    @property
    def pid(self) -> int:
        """Of the postmaster. Raises OSError while there is none."""
        return int(self._pid_file.read_text().split()[0])

    def processes(self) -> list[int]:
        """The postmaster first, then its children."""
        found = [self.pid]
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and _parent(entry) == found[0]:
                found.append(int(entry.name))
        return found

    def kill(self) -> None:
        """kill -9 of all at once: stopped first, so that none notices the death of another."""
        processes = self.freeze()
        _send(processes, signal.SIGKILL)

    def kill_one_line(self) -> None:
        """kill -9 of one process that serves a connection."""
        lines = [pid for pid in self.processes()[1:] if b"[local]" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        _send(lines[:1], signal.SIGKILL)

    def freeze(self) -> list[int]:
        """Let it hang: lines stay open, nothing is answered. Answers the processes that hang."""
        stopped: set[int] = set()
        while fresh := [pid for pid in self.processes() if pid not in stopped]:
            _send(fresh, signal.SIGSTOP)
            stopped.update(fresh)
        return list(stopped)

    def thaw(self) -> None:
        """Go on."""
        _send(self.processes()[::-1], signal.SIGCONT)


def _parent(entry: Path) -> int:
    try:
        # The name in parentheses may hold anything; state and parent stand behind it.
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _send(processes: list[int], number: int) -> None:
    for pid in processes:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
