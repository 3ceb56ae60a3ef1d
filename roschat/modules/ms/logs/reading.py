"""Reading log files backwards in blocks: what is looked at is in memory, never a whole file.

A place is the name of a file and an offset in it, for each process: `main-20261120T101500Z-0001.jsonl:5120`, several
joined by commas. Files are only ever appended to and deleted as a whole, so a place stays what it is; that of a deleted
file is the beginning of what is left. Plain functions that block: they run in a thread.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import msgspec

from roschat.kernel.errors import Invalid
from roschat.kernel.log_file import files, process_of
from roschat.modules.ms.logs.api import LogLevel, LogLine, LogPage

BLOCK = 256 * 1024
MOST = 48 * 1024 * 1024
"""Bytes that one question looks at; who asks goes on from there."""
LONGEST = 1024 * 1024
"""Bytes of a line that are looked at; what is longer is skipped."""
LEVELS = [level.value for level in LogLevel]
_KNOWN = frozenset(("time", "level", "module", "text", "request", "trace"))
_decode = msgspec.json.Decoder(dict[str, object]).decode

Places = dict[str, tuple[str, int]]
"""File name and offset by process."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters, ready to be compared: times as the log writes them."""

    level: int = 0
    module: str = ""
    request: str = ""
    text: str = ""
    since: str = ""
    until: str = ""
    process: str = ""

    def takes(self, raw: bytes) -> LogLine | None:
        """The line when it fits."""
        text = raw.decode(errors="replace")
        if self.text and self.text not in text.lower():
            return None
        try:
            values = _decode(raw)
        except msgspec.MsgspecError:
            return None
        line = LogLine(
            str(values.get("time", "")),
            str(values.get("level", "")),
            str(values.get("module", "")),
            str(values.get("text", "")),
            str(values.get("request", "")),
            str(values.get("trace", "")),
            "",
            {name: str(value) for name, value in values.items() if name not in _KNOWN},
        )
        if _rank(line.level) < self.level or (self.request and line.request != self.request):
            return None
        if self.module and line.module != self.module and not line.module.startswith(self.module + "."):
            return None
        return None if (self.since and line.time < self.since) or (self.until and line.time >= self.until) else line


def stamp(seconds: float) -> str:
    """A Unix time as the log writes it; empty for 0."""
    if not seconds:
        return ""
    try:
        time = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise Invalid(f"{seconds:g} is no time; give Unix seconds.") from None
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse(place: str) -> Places:
    """The places of a cursor. Raises Invalid."""
    found: Places = {}
    for part in filter(None, place.split(",")):
        name, colon, offset = part.rpartition(":")
        if not colon or not (offset.isascii() and offset.isdigit() and len(offset) < 19) or "/" in name:
            raise Invalid(f"{place!r} is no place in the log; use `older` or `newer` of an answer.")
        found[process_of(Path(name))] = (name, int(offset))
    return found


def page(folder: Path, wanted: Wanted, count: int, older: str = "") -> LogPage:
    """The newest lines before a place that fit, the newest first."""
    places = parse(older)
    ends = end(folder)
    readers = [
        Backwards(folder, process, places.get(process) if older else at)
        for process, at in ends.items()
        if not wanted.process or process == wanted.process
    ]
    lines: list[LogLine] = []
    budget = MOST // max(len(readers), 1)
    streams = [_newest_first(reader, wanted, budget) for reader in readers]
    for line, process, reader in heapq.merge(*streams, key=lambda one: one[0].time, reverse=True):
        if len(lines) == count:
            break
        lines.append(msgspec.structs.replace(line, process=process))
        reader.taken()
    going_on = [reader for reader in readers if reader.more]
    rest = ",".join(f"{name}:{offset}" for reader in going_on for name, offset in [reader.place])
    searched = max((reader.reached for reader in going_on if len(lines) < count), default="")
    return LogPage(lines, rest, _joined(ends), searched)


def since(folder: Path, wanted: Wanted, count: int, newer: str) -> LogPage:
    """What was written after a place and fits, the newest first; at most the first `count` lines of each process."""
    places, now = parse(newer), dict(parse(newer))
    lines: list[LogLine] = []
    for process, (last, size) in end(folder).items():
        if wanted.process and process != wanted.process:
            continue
        name, offset = places.get(process, ("", 0))
        taken, at = 0, (name, offset)
        for path in files(folder, process):
            if name and path.name != name and _order(path.name) < _order(name):
                continue
            start = offset if path.name == name else 0
            for raw, behind in _forwards(path, start):
                at = path.name, behind
                line = wanted.takes(raw)
                if line is not None:
                    lines.append(msgspec.structs.replace(line, process=process))
                    taken += 1
                if taken >= count:
                    break
            if taken >= count:
                break
        now[process] = at if at[0] else (last, size)
    lines.sort(key=lambda line: line.time, reverse=True)
    return LogPage(lines, "", _joined(now), "")


def all_lines(folder: Path, wanted: Wanted) -> Iterator[bytes]:
    """Every line that fits as it stands in the files, the oldest first within a process."""
    for path in files(folder, wanted.process):
        for raw, _ in _forwards(path, 0):
            if wanted.takes(raw) is not None:
                yield raw + b"\n"


def end(folder: Path) -> Places:
    """The end of what is written, by process."""
    found: Places = {}
    for path in files(folder):
        found[process_of(path)] = (path.name, path.stat().st_size)
    return found


class Backwards:
    """The lines of one process from a place (None: nothing) to the oldest; `place` is behind the last line taken."""

    def __init__(self, folder: Path, process: str, place: tuple[str, int] | None) -> None:
        self._files: list[Path] = []
        self._offset = 0
        self.process = process
        self.read = 0
        self.reached = ""
        if place is not None:
            name, self._offset = place
            known = [path for path in files(folder, process) if _order(path.name) <= _order(name)]
            if known and known[-1].name != name:
                self._offset = known[-1].stat().st_size
            self._files = known
        self._oldest = self._files[0].name if self._files else ""
        self._seen = self.place = (self._files[-1].name, self._offset) if self._files else ("", 0)

    @property
    def more(self) -> bool:
        """Whether there may be older lines than `place`."""
        return self.place[1] > 0 or self.place[0] not in ("", self._oldest)

    def taken(self) -> None:
        """The line that was read last was taken, or not wanted: go on before it next time."""
        self.place = self._seen

    def lines(self) -> Iterator[bytes]:
        """The lines, the newest first."""
        while self._files:
            path = self._files[-1]
            try:
                with path.open("rb") as file:
                    yield from self._of(path.name, file, min(self._offset, path.stat().st_size))
            except FileNotFoundError:
                pass  # Deleted meanwhile, and everything older with it.
            self._files.pop()
            if self._files:
                try:
                    self._offset = self._files[-1].stat().st_size
                except FileNotFoundError:
                    self._offset = 0
                self._seen = (self._files[-1].name, self._offset)

    def _of(self, name: str, file: BinaryIO, offset: int) -> Iterator[bytes]:
        tail = b""
        """The end of a line whose beginning lies before the block."""
        while offset > 0:
            start = max(0, offset - BLOCK)
            file.seek(start)
            data = file.read(offset - start) + tail
            self.read += offset - start
            offset = start
            cut = (data.find(b"\n") + 1 or len(data)) if start else 0
            tail = data[:cut] if cut < LONGEST else b""
            places, at = [], start + cut
            pieces = data[cut:].split(b"\n")
            for piece in pieces:
                places.append(at)
                at += len(piece) + 1
            for piece, place in zip(reversed(pieces), reversed(places), strict=True):
                if piece:
                    self._seen = (name, place)
                    yield piece
        self._seen = (name, 0)


def _newest_first(reader: Backwards, wanted: Wanted, budget: int) -> Iterator[tuple[LogLine, str, Backwards]]:
    for raw in reader.lines():
        line = wanted.takes(raw)
        if line is not None:
            yield line, reader.process, reader
            continue
        reader.taken()
        time = raw[10:34].decode(errors="replace")
        if time[:2].isdigit():
            reader.reached = time
            if wanted.since and time < wanted.since:
                reader.place = ("", 0)
                return
        if reader.read > budget:
            return
    # Every line was taken by now. Files without a line may lie below the last place; they are not asked again.
    reader.place = ("", 0)


def _forwards(path: Path, offset: int) -> Iterator[tuple[bytes, int]]:
    """Whole lines from an offset, each with the offset behind it."""
    try:
        with path.open("rb") as file:
            file.seek(offset)
            while line := file.readline(LONGEST):
                if not line.endswith(b"\n"):
                    return
                offset += len(line)
                yield line[:-1], offset
    except FileNotFoundError:
        return


def _rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)


def _order(name: str) -> list[str]:
    return name.rsplit("-", 2)[1:]


def _joined(places: Places) -> str:
    return ",".join(f"{name}:{offset}" for name, offset in places.values() if name)
