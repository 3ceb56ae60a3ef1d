"""Keys that the installation makes for itself: 32 random bytes in a file that only our account may read.

They sign tokens and cookies, so losing one signs everybody out, and leaking one lets anybody in. They are never logged
and never sent over the bus.
"""

import os
import re
import secrets
from pathlib import Path

from roschat.kernel.errors import Invalid

SIZE = 32
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


class Secrets:
    """The keys in `folder` (`data/secrets`)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, bytes] = {}

    def get(self, name: str) -> bytes:
        """The key of this name, made when absent; the same for all processes on the folder.

        Raises Invalid when the file is of another size or readable by others.
        """
        if name not in self._known:
            if not _NAME.fullmatch(name):
                raise Invalid(f"{name!r} is no name of a secret: use small letters, digits, - and _.")
            self._known[name] = self._load(self._folder / name)
        return self._known[name]

    def _load(self, path: Path) -> bytes:
        if not path.exists():
            self._make(path)
        if path.stat().st_mode & 0o077:
            raise Invalid(f"{path} may be read by others, so it is no secret: chmod 600 it, better remove it.")
        key = path.read_bytes()
        if len(key) != SIZE:
            raise Invalid(f"{path} holds {len(key)} bytes instead of {SIZE}: restore it from a backup or remove it.")
        return key

    def _make(self, path: Path) -> None:
        """Complete or not at all: written beside, then linked, which fails when another process was first."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_bytes(SIZE))
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(beside, path)
            except FileExistsError:
                return
        finally:
            beside.unlink()
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
