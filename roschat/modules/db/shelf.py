"""The folder of archives, and the note beside each: what it holds and whether it was proven.

The folder is the truth: an archive that somebody copies here is listed, one that is deleted by hand is gone. The note
(`NAME.json`) is written by us and may be missing.
"""

import os
import re
import shutil
from pathlib import Path

import msgspec
from msgspec import Struct

from roschat.kernel.errors import Invalid, NotFound, RoschatError

PLAIN, SEALED = ".tar.gz", ".tar.gz.sealed"
RESERVE = 64 * 1_048_576
"""Bytes that stay free for everything else."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class Proof(Struct, frozen=True):
    """The outcome of restoring an archive into a database beside. `time` is Unix time."""

    time: float
    ok: bool
    text: str = ""


class Note(Struct, frozen=True, omit_defaults=True):
    """What is known of an archive; times are Unix seconds."""

    made: float = 0.0
    origin: str = "hand"
    who: str = ""
    program: str = ""
    tables: int = 0
    rows: int = 0
    files: int = 0
    bytes: int = 0
    proof: Proof | None = None


class Archive(Struct, frozen=True):
    """One file on the shelf."""

    name: str
    path: Path
    size: int
    sealed: bool
    note: Note


class Shelf:
    """The archives in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self) -> None:
        """Make the folder when it is absent. Raises Invalid when it cannot be written to."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            writable = os.access(self.folder, os.W_OK | os.X_OK)
        except OSError as error:
            raise Invalid(
                f"The folder for backups {self.folder} cannot be made ({error.strerror}); choose another one in the "
                "settings of backups."
            ) from None
        if not writable:
            raise Invalid(f"The folder for backups {self.folder} cannot be written to; open it or choose another one.")

    def free(self) -> int:
        """Bytes of free space, those kept in reserve taken off."""
        try:
            return max(0, shutil.disk_usage(self.folder).free - RESERVE)
        except OSError:
            return 0

    def check_room(self, needed: int) -> None:
        """Raises `no-space` when so many bytes do not fit."""
        if needed > (free := self.free()):
            raise RoschatError(
                f"{self.folder} has room for {free:,} bytes and the backup may need {needed:,}: delete old backups or "
                "choose another folder.",
                "no-space",
            )

    def listed(self) -> list[Archive]:
        """All archives, the newest first."""
        try:
            names = [entry.name for entry in os.scandir(self.folder) if entry.is_file(follow_symlinks=False)]
        except OSError:
            return []
        found = [self._archive(name) for name in names if name.endswith((PLAIN, SEALED)) and _NAME.fullmatch(name)]
        return sorted(found, key=lambda archive: (archive.note.made, archive.name), reverse=True)

    def get(self, name: str) -> Archive:
        """The archive of a name. Raises NotFound."""
        if not _NAME.fullmatch(name) or not name.endswith((PLAIN, SEALED)) or not (self.folder / name).is_file():
            raise NotFound(f"There is no backup {name[:100]!r}.")
        return self._archive(name)

    def fresh(self, wanted: str, suffix: str) -> Path:
        """A name that no archive has yet: `wanted`, or with a number behind it."""
        base = wanted if _NAME.fullmatch(wanted + suffix) else "backup"
        number = 1
        while True:
            path = self.folder / (base + (f"-{number}" if number > 1 else "") + suffix)
            if not path.exists() and not unfinished(path).exists():
                return path
            number += 1

    def note(self, name: str, note: Note) -> None:
        """Write what is known of an archive, whole or not at all."""
        path = self.folder / f"{name}.json"
        fresh = path.with_suffix(".new")
        fresh.write_bytes(msgspec.json.format(msgspec.json.encode(note)))
        fresh.replace(path)

    def remove(self, name: str) -> None:
        """Delete an archive and its note."""
        archive = self.get(name)
        archive.path.unlink()
        (self.folder / f"{name}.json").unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove what an interrupted run left."""
        for path in self.folder.glob("*.unfinished"):
            path.unlink(missing_ok=True)

    def _archive(self, name: str) -> Archive:
        path = self.folder / name
        stat = path.stat()
        try:
            note = msgspec.json.decode((self.folder / f"{name}.json").read_bytes(), type=Note)
        except (OSError, msgspec.MsgspecError):
            note = Note(made=stat.st_mtime, origin="upload")
        return Archive(name, path, stat.st_size, name.endswith(SEALED), note)


def unfinished(path: Path) -> Path:
    """The name of an archive while it is written."""
    return path.with_name(path.name + ".unfinished")
