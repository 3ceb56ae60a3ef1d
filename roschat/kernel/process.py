"""A process on its data folder: the lock, the file that says it is ready, and the signals that end it.

The lock is the kernel's (`flock`), so it goes with the process however that ends; what a killed process left in
`DATA/run` is old news that the next start removes.
"""

import asyncio
import fcntl
import json
import os
import re
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from roschat.kernel.errors import Invalid, RoschatError

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_NAME = re.compile(r"[a-z0-9_-]{0,32}")


class FolderTaken(RoschatError):
    """Another process works on the data folder."""

    code = "folder-taken"


class FolderFailed(RoschatError):
    """The data folder cannot be used."""

    code = "folder-failed"


class DataFolder:
    """The data folder of this process: `take` it first, `release` it last.

    A process without a name has the folder for itself. Named ones share it; each has `run/NAME` for what is its own.
    """

    def __init__(self, path: Path, name: str = "") -> None:
        if not _NAME.fullmatch(name):
            raise Invalid(f"{name!r} is no name of a process: use up to 32 small letters, digits, - and _.")
        self.path = path.absolute()
        self.name = name
        self.run = self.path / "run" / name if name else self.path / "run"
        self.ready_file = self.run / "ready.json"
        self.control_socket = self.run / "control.sock"
        self._locks: list[int] = []

    def take(self) -> None:
        """Make the folder when it is absent and lock it. Raises FolderTaken or FolderFailed."""
        try:
            self.run.mkdir(parents=True, exist_ok=True)
            # PostgreSQL under its own account must be able to walk through, nobody needs to list.
            self.path.chmod(0o711)
            if self.name:
                self._lock(self.path / "run" / "lock", shared=True)
            self._lock(self.run / "lock", shared=False)
        except OSError as error:
            self.release()
            raise FolderFailed(
                f"The data folder {self.path} cannot be used ({error.strerror}); make it writable or choose another "
                "with --data DIR."
            ) from None
        self.ready_file.unlink(missing_ok=True)
        self.control_socket.unlink(missing_ok=True)

    def release(self) -> None:
        """Let the next process have it."""
        if self._locks:
            self.ready_file.unlink(missing_ok=True)
        while self._locks:
            os.close(self._locks.pop())

    def _lock(self, file: Path, *, shared: bool) -> None:
        lock = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(lock, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError:
            owner = os.read(lock, 32).decode(errors="replace").strip()
            os.close(lock)
            self.release()
            what = f"as {self.name!r} by process {owner}" if self.name and not shared else f"by process {owner}"
            what = what if owner else "by several processes, each with a name of its own (--name)"
            raise FolderTaken(
                f"The data folder {self.path} is in use {what}: stop that one or choose another folder with --data DIR."
            ) from None
        os.ftruncate(lock, 0)
        if not shared:
            os.write(lock, f"{os.getpid()}\n".encode())
        self._locks.append(lock)

    def say_ready(self, addresses: Mapping[str, list[str]]) -> None:
        """Write `run/ready.json`, whole or not at all: {"pid": 1, "listeners": {"https": ["0.0.0.0:443"]}}."""
        fresh = self.ready_file.with_suffix(".new")
        fresh.write_text(json.dumps({"pid": os.getpid(), "listeners": addresses}, indent=2) + "\n")
        fresh.replace(self.ready_file)

    def say_not_ready(self) -> None:
        """Remove `run/ready.json`: the listeners are about to close."""
        self.ready_file.unlink(missing_ok=True)


def begin_anew() -> None:
    """Become a fresh process with the same command line, under the same number; what is open here is closed by that.

    Whoever watches the process, systemd or a terminal, sees it go on. Returns never; raises OSError.
    """
    for handle in os.listdir("/proc/self/fd"):
        with suppress(OSError):
            if int(handle) > 2:
                os.set_inheritable(int(handle), False)
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - our own command line


class Signals:
    """SIGTERM and SIGINT end the program, SIGHUP calls `reload`. A second signal while it ends is not heard."""

    def __init__(self, reload: Callable[[], None]) -> None:
        self._stop = asyncio.Event()
        self._reload = reload
        self.again = False
        """Whether the program shall begin anew after its end."""

    def restart(self) -> None:
        """End the program to begin it anew."""
        self.again = not self._stop.is_set() or self.again
        self._stop.set()

    def listen(self) -> None:
        """From now on signals come here."""
        loop = asyncio.get_running_loop()
        for number in STOP_SIGNALS:
            loop.add_signal_handler(number, self._end)
        loop.add_signal_handler(signal.SIGHUP, self._reload)

    def _end(self) -> None:
        self.again = False
        self._stop.set()

    async def wait(self) -> None:
        """Return when the program shall end."""
        await self._stop.wait()

    @property
    def stopping(self) -> bool:
        """Whether the program shall end."""
        return self._stop.is_set()
