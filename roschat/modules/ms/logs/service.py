"""Answers the console about the log, in threads: files are read there, never on the loop."""

import asyncio
import logging
import zlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from roschat.kernel import audit, log_file
from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid
from roschat.kernel.formats import refuse
from roschat.kernel.http import Request, Response
from roschat.kernel.settings import Live, Settings
from roschat.modules.ms.logs import reading
from roschat.modules.ms.logs.api import (
    DOWNLOAD,
    GetLogLevels,
    ListLog,
    LoggerLevel,
    LogLevel,
    LogPage,
    LogState,
    SetLogLevel,
)
from roschat.modules.ms.users.api import AuthenticateConsole
from roschat.wire.message import Caller, Empty
from roschat.wire.rest import COOKIE

PAGE = 1000
"""Lines at most in one answer."""
PIECE = 256
"""Lines that a download reads at once."""
OURS = ("roschat", "twisted", "psycopg", "asyncio", "nats")
"""Parts that are offered besides those with a level of their own, and what begins so."""


class LogViewer:
    """See the module docstring; `folder` is that of the log files."""

    def __init__(
        self, folder: Path, db: Database, bus: Bus, clock: Clock, settings: Settings, live: Live[log_file.Settings]
    ) -> None:
        self._folder = folder
        self._db = db
        self._bus = bus
        self._clock = clock
        self._settings = settings
        self._live = live

    async def page(self, command: ListLog, caller: Caller) -> LogPage:
        """Serve list-log."""
        count = min(max(command.count, 1), PAGE)
        wanted = _wanted(command)
        if command.newer:
            return await asyncio.to_thread(reading.since, self._folder, wanted, count, command.newer)
        return await asyncio.to_thread(reading.page, self._folder, wanted, count, command.older)

    async def levels(self, command: GetLogLevels, caller: Caller) -> LogState:
        """Serve get-log-levels."""
        settings = self._live.value
        names = {name for name in logging.root.manager.loggerDict if name.split(".")[0] in OURS}
        names |= settings.levels.keys()
        loggers = [
            LoggerLevel(
                name,
                settings.levels.get(name, ""),
                logging.getLevelName(logging.getLogger(name).getEffectiveLevel()).lower(),
            )
            for name in sorted(names)
        ]
        files = await asyncio.to_thread(_files, self._folder)
        processes = sorted({log_file.process_of(path) for path, _ in files})
        return LogState(settings.level, loggers, processes, len(files), sum(size for _, size in files))

    async def set_level(self, command: SetLogLevel, caller: Caller) -> Empty:
        """Serve set-log-level. The settings carry it to every process."""
        if command.level and command.level not in log_file.LEVELS:
            refuse({"level": "bad-value"})
        levels = self._live.value.levels
        who = caller.name or caller.role.value
        if command.name:
            changed = {name: level for name, level in levels.items() if name != command.name}
            if command.level:
                changed[command.name] = command.level
            await self._settings.set("logs", "levels", changed, who)
            before = levels.get(command.name, "")
        else:
            before = self._live.value.level
            await self._settings.set("logs", "level", command.level, who)
        async with self._db.transaction() as tx:
            await audit.record(
                tx, caller, "set-log-level", command.name or "log", {"level": before}, {"level": command.level}
            )
        return Empty()

    async def download(self, request: Request) -> Response:
        """Serve the download: `list-log`'s filters in the query."""
        await self._bus.call(
            AuthenticateConsole(
                request.cookies.get(COOKIE, "")[:200],
                request.headers.get("authorization", "")[:400],
                request.address,
                access=sorted(DOWNLOAD.access),
                tag=DOWNLOAD.tag,
            )
        )
        wanted = _wanted(_asked(request.query))
        name = f"roschat-log-{reading.stamp(self._clock.now())[:19].replace(':', '')}.jsonl.gz"
        return Response(
            200,
            _zipped(self._folder, wanted),
            {
                "content-type": "application/gzip",
                "content-disposition": f'attachment; filename="{name}"',
                "cache-control": "no-store",
            },
        )


def _asked(query: dict[str, str]) -> ListLog:
    try:
        return ListLog(
            LogLevel(query.get("level") or LogLevel.DEBUG),
            query.get("module", ""),
            query.get("request", ""),
            query.get("text", ""),
            float(query.get("since") or 0),
            float(query.get("until") or 0),
            query.get("process", ""),
        )
    except ValueError as error:
        raise Invalid(f"The filters of the download are not valid: {error}.") from None


def _wanted(command: ListLog) -> reading.Wanted:
    return reading.Wanted(
        reading.LEVELS.index(command.level.value),
        command.module,
        command.request,
        command.text.lower(),
        reading.stamp(command.since),
        reading.stamp(command.until),
        command.process,
    )


async def _zipped(folder: Path, wanted: reading.Wanted) -> AsyncIterator[bytes]:
    """The lines as gzip (RFC 1952), piece by piece and no faster than they are taken."""
    packing = zlib.compressobj(6, wbits=31)
    lines = reading.all_lines(folder, wanted)
    while (piece := await asyncio.to_thread(_piece, lines)) is not None:
        if data := packing.compress(piece):
            yield data
    yield packing.flush()


def _piece(lines: Iterator[bytes]) -> bytes | None:
    found = [line for _, line in zip(range(PIECE), lines, strict=False)]
    return b"".join(found) if found else None


def _files(folder: Path) -> list[tuple[Path, int]]:
    return [(path, path.stat().st_size) for path in log_file.files(folder)]
