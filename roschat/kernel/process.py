"""One process on one data folder: the lock, the file that says it is ready, and the signals that end it.

The lock is the kernel's (`flock`), so it goes with the process however that ends; what a killed process left in
`DATA/run` is old news that the next start removes.
"""

import asyncio
import fcntl
import json
import os
import signal
from collections.abc import Callable, Mapping
from pathlib import Path

from roschat.kernel.errors import RoschatError

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class FolderTaken(RoschatError):
    """Another process works on the data folder."""

    code = "folder-taken"


class FolderFailed(RoschatError):
    """The data folder cannot be used."""

    code = "folder-failed"


class DataFolder:
    """The data folder of this process: `take` it first, `release` it last."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.run = self.path / "run"
        self.ready_file = self.run / "ready.json"
        self.control_socket = self.run / "control.sock"
        self._lock = -1

    def take(self) -> None:
        """Make the folder when it is absent and lock it. Raises FolderTaken or FolderFailed."""
        try:
            self.run.mkdir(parents=True, exist_ok=True)
            # PostgreSQL under its own account must be able to walk through, nobody needs to list.
            self.path.chmod(0o711)
            lock = os.open(self.run / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise FolderFailed(
                f"The data folder {self.path} cannot be used ({error.strerror}); make it writable or choose another "
                "with --data DIR."
            ) from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            owner = os.read(lock, 32).decode(errors="replace").strip() or "unknown"
            os.close(lock)
            raise FolderTaken(
                f"The data folder {self.path} is in use by process {owner}: stop that one or choose another folder "
                "with --data DIR."
            ) from None
        os.ftruncate(lock, 0)
        os.write(lock, f"{os.getpid()}\n".encode())
        self._lock = lock
        self.ready_file.unlink(missing_ok=True)
        self.control_socket.unlink(missing_ok=True)

    def release(self) -> None:
        """Let the next process have it."""
        if self._lock >= 0:
            self.ready_file.unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = -1

    def say_ready(self, addresses: Mapping[str, list[str]]) -> None:
        """Write `run/ready.json`, whole or not at all: {"pid": 1, "listeners": {"https": ["0.0.0.0:443"]}}."""
        fresh = self.ready_file.with_suffix(".new")
        fresh.write_text(json.dumps({"pid": os.getpid(), "listeners": addresses}, indent=2) + "\n")
        fresh.replace(self.ready_file)

    def say_not_ready(self) -> None:
        """Remove `run/ready.json`: the listeners are about to close."""
        self.ready_file.unlink(missing_ok=True)


class Signals:
    """SIGTERM and SIGINT end the program, SIGHUP calls `reload`. A second signal while it ends is not heard."""

    def __init__(self, reload: Callable[[], None]) -> None:
        self._stop = asyncio.Event()
        self._reload = reload

    def listen(self) -> None:
        """From now on signals come here."""
        loop = asyncio.get_running_loop()
        for number in STOP_SIGNALS:
            loop.add_signal_handler(number, self._stop.set)
        loop.add_signal_handler(signal.SIGHUP, self._reload)

    async def wait(self) -> None:
        """Return when the program shall end."""
        await self._stop.wait()

    @property
    def stopping(self) -> bool:
        """Whether the program shall end."""
        return self._stop.is_set()
