"""What of the data folder belongs into a backup, held still while it is copied.

Every file is hard-linked into a folder of our own, which costs a directory entry: what the program deletes meanwhile
stays readable here, and since stores write new files instead of changing old ones, so does its content. Linked once
before the snapshot of the database and once after it, no file is missing that the snapshot speaks of.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from roschat.modules.db.archive import Member

LEFT_OUT = frozenset({"postgres", "run", "log", "db", "backups"})
"""Top-level names: the database goes as a dump, the others are of the moment or are the backups themselves."""
OWN_FOLDERS = frozenset({"secrets", "certificates"})


def entries(data: Path, target: Path) -> list[str]:
    """The top-level names of the data folder that are backed up; `target` is where archives go."""
    return sorted(
        entry.name
        for entry in data.iterdir()
        if entry.name not in LEFT_OUT and not entry.name.endswith(".log") and not _holds(entry, target)
        if entry.is_dir() or entry.is_file()
    )


def archived(name: str) -> str:
    """The name in the archive of a file of the data folder (`secrets/x`, `files/server/…`)."""
    return name if name.partition("/")[0] in OWN_FOLDERS else f"files/{name}"


def unarchived(name: str) -> str:
    """The way back."""
    return name.removeprefix("files/")


class Holding:
    """Links in `place` (made here, removed by `release`) to the files of `data`."""

    def __init__(self, data: Path, target: Path, place: Path) -> None:
        self._data = data
        self._target = target
        self._place = place
        self._plain: list[Member] = []
        """Files on another disk, which cannot be linked."""
        self.bytes = 0

    def hold(self) -> None:
        """Link what is there and not linked yet. Blocking."""
        self._plain.clear()
        self.bytes = 0
        for name in entries(self._data, self._target):
            top = self._data / name
            for path in [top] if top.is_file() else _files(top):
                self._link(path, path.relative_to(self._data))

    def members(self) -> Iterator[Member]:
        """What is held, in the order of names."""
        for path in _files(self._place):
            yield Member(archived(path.relative_to(self._place).as_posix()), path)
        for member in self._plain:
            if member.path.exists():
                yield member

    def release(self) -> None:
        """Let go. Blocking."""
        shutil.rmtree(self._place, ignore_errors=True)

    def _link(self, path: Path, relative: Path) -> None:
        place = self._place / relative
        try:
            self.bytes += path.stat().st_size
            if place.exists():
                # A file that was replaced since is taken in its new form: the snapshot comes after the first look.
                if place.stat().st_ino == path.stat().st_ino:
                    return
                place.unlink()
            place.parent.mkdir(parents=True, exist_ok=True)
            os.link(path, place)
        except FileNotFoundError:
            return
        except OSError:
            self._plain.append(Member(archived(relative.as_posix()), path))


def _files(folder: Path) -> Iterator[Path]:
    """Regular files below a folder, sorted; links and sockets are nobody's content."""
    try:
        found = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    for entry in found:
        if entry.is_symlink():
            continue
        if entry.is_dir():
            yield from _files(Path(entry.path))
        elif entry.is_file():
            yield Path(entry.path)


def _holds(entry: Path, target: Path) -> bool:
    return target == entry or entry in target.parents
