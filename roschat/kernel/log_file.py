"""The log as files: JSON lines in `DATA/logs`, written by a thread, bounded in size, levels changed while it runs.

Each process has its own files, named by the time of their beginning, so that a name means the same lines for ever:
`NAME-20261120T101500Z-0001.jsonl`. A full one is closed and the oldest are deleted. A line is made where it is logged
(it carries the request's number) and waits in memory for the thread; when the disk does not keep up lines are dropped,
and how many is the next line.
"""

import json
import logging
import os
import threading
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, BinaryIO, Literal

import msgspec
from msgspec import Struct

from roschat.kernel.clock import Clock
from roschat.kernel.log import JsonLines
from roschat.kernel.options import option

SUFFIX = ".jsonl"
WAITING = 20_000
"""Lines that may wait for the disk."""
LEVELS = ("debug", "info", "warning", "error")


class Settings(Struct, frozen=True):
    """Section `logs`."""

    __title__ = ("Log", "Журнал работы")

    level: Annotated[
        Literal["", "debug", "info", "warning", "error"],
        option("Level of the log", "Уровень журнала", description="Empty: as the program was started."),
    ] = ""
    levels: Annotated[
        dict[str, str],
        option(
            "Levels of single parts",
            "Уровни отдельных частей",
            description="By the name of the part, such as roschat.modules.server: debug.",
            description_ru="По имени части, например roschat.modules.server: debug.",
        ),
    ] = msgspec.field(default_factory=dict)
    file_size: Annotated[int, option("Size of a log file, MB", "Размер файла журнала, МБ", ge=1, le=1024)] = 16
    files: Annotated[int, option("Log files kept", "Сколько файлов журнала хранить", ge=2, le=1000)] = 12

    def __post_init__(self) -> None:
        """Levels are words that we know."""
        for name, level in self.levels.items():
            if level not in LEVELS:
                raise ValueError(f"the level of {name} is {level!r}; it is one of {', '.join(LEVELS)}")


class LogFile(logging.Handler):
    """The log files of a process. `open()` begins to write, `end()` writes what waits and ends."""

    def __init__(self, folder: Path, name: str, clock: Clock) -> None:
        super().__init__()
        self.folder = folder
        self.process = name or "main"
        self._clock = clock
        self._settings = Settings()
        self._lines: deque[bytes] = deque()
        self._wake = threading.Event()
        self._ending = False
        self._dropped = 0
        self._number = 0
        self._size = 0
        self._file: BinaryIO | None = None
        self._usual: dict[str, int] = {}
        self._thread = threading.Thread(target=self._run, name="log file", daemon=True)
        self.setFormatter(JsonLines())

    def open(self) -> None:
        """Write from now on what the root logger gets."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        logging.getLogger().addHandler(self)
        self._thread.start()

    def end(self) -> None:
        """Write what waits, for at most two seconds."""
        logging.getLogger().removeHandler(self)
        self.follow(Settings())
        self._ending = True
        self._wake.set()
        self._thread.join(2)

    def follow(self, settings: Settings) -> None:
        """Take new settings: levels count at once, sizes from the next line on."""
        self._settings = settings
        wanted = {**({"": settings.level} if settings.level else {}), **settings.levels}
        for name in self._usual.keys() - wanted.keys():
            logging.getLogger(name).setLevel(self._usual.pop(name))
        for name, level in wanted.items():
            logger = logging.getLogger(name)
            self._usual.setdefault(name, logger.level)
            logger.setLevel(level.upper())

    def emit(self, record: logging.LogRecord) -> None:
        """Put a line in line."""
        try:
            line = self.format(record).encode(errors="replace") + b"\n"
        except Exception:
            self.handleError(record)
            return
        if len(self._lines) >= WAITING:
            self._dropped += 1
        else:
            self._lines.append(line)
        self._wake.set()

    def flush_waiting(self) -> None:
        """Wait until everything logged up to now is in the file, at most two seconds; for whoever reads it next."""
        written = threading.Event()
        self._written = written
        self._wake.set()
        written.wait(2)

    _written: threading.Event | None = None

    def _run(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            waiting, self._written = self._written, None
            self._write_all()
            if waiting is not None:
                waiting.set()
            if self._ending:
                self._close()
                return

    def _write_all(self) -> None:
        while self._lines:
            if self._dropped:
                number, self._dropped = self._dropped, 0
                self._lines.append(self._say(f"{number} lines of the log were dropped: the disk did not keep up."))
            batch: list[bytes] = []
            while self._lines and len(batch) < 1000:
                batch.append(self._lines.popleft())
            try:
                self._write(b"".join(batch))
            except OSError:
                # A full disk must not end the program, and where else could it be told? stderr has the line as well.
                self._dropped += len(batch)
                self._close()
                return

    def _write(self, data: bytes) -> None:
        if self._file is None or self._size >= self._settings.file_size * 1_000_000:
            self._close()
            self._begin()
        assert self._file is not None
        self._file.write(data)
        self._file.flush()
        self._size += len(data)

    def _begin(self) -> None:
        self._number += 1
        time = datetime.fromtimestamp(self._clock.now(), UTC)
        path = self.folder / f"{self.process}-{time:%Y%m%dT%H%M%SZ}-{self._number:04}{SUFFIX}"
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600), "ab")
        self._size = path.stat().st_size
        for old in files(self.folder, self.process)[: -self._settings.files]:
            with suppress(OSError):
                old.unlink()

    def _close(self) -> None:
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None

    def _say(self, text: str) -> bytes:
        time = datetime.fromtimestamp(self._clock.now(), UTC).isoformat(timespec="milliseconds")
        line = {"time": time.replace("+00:00", "Z"), "level": "warning", "module": __name__, "text": text}
        return json.dumps(line).encode() + b"\n"


def files(folder: Path, name: str = "") -> list[Path]:
    """The log files of a process (of all), the oldest first."""
    found = [path for path in folder.glob(f"*{SUFFIX}") if not name or process_of(path) == name]
    return sorted(found, key=lambda path: path.stem.split("-")[-2:])


def process_of(path: Path) -> str:
    """The name of the process that wrote a log file."""
    return path.stem.rsplit("-", 2)[0]
