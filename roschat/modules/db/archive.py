"""One backup as one file: what is in it, writing it, and reading it with every byte checked.

    backup-20260102030405/dbs/roschat.dump      pg_dump, custom format
    backup-20260102030405/settings.json         settings for people to read; secrets are only in the dump
    backup-20260102030405/secrets/…             certificates/… files/…      the data folder
    backup-20260102030405/SHA256SUMS            "hash  size  name" of everything above, in the order of the archive
    backup-20260102030405/manifest.json         program, tables with their rows, hash of SHA256SUMS

The manifest is last because the archive is written in one pass; its hash covers SHA256SUMS, and that covers the rest.
The whole is gzip, and sealed when there is a passphrase (seal.py).
"""

import gzip
import hashlib
import os
import re
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from msgspec import Struct

from roschat.modules.db.course import Course
from roschat.modules.db.seal import Damaged, Opener, Sealer, WrongPassphrase, is_sealed
from roschat.modules.db.tar import Reader, Source, Target, Writer

FORMAT = 1
DUMP = "dbs/roschat.dump"
SETTINGS = "settings.json"
SUMS = "SHA256SUMS"
MANIFEST = "manifest.json"
FOLDERS = ("files", "secrets", "certificates")
LEVEL = 1
"""Of gzip: the dump is compressed already, and so are most files."""
LARGEST_MANIFEST = 16 * 1_048_576
GZIP = b"\x1f\x8b"

_ROOT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}")


class Manifest(Struct, frozen=True):
    """What an archive says about itself. `made` is Unix time; `tables` counts rows by `schema.table`."""

    format: int
    program: str
    made: float
    postgres: int
    """Major version of the server."""
    tables: dict[str, int]
    migrations: list[str]
    files: int
    """Members of the archive beside this one and SHA256SUMS."""
    bytes: int
    """Their sizes together."""
    sums: str
    """SHA-256 of SHA256SUMS, hexadecimal."""
    database: int = 0
    """Bytes of the database on its disk."""
    origin: str = "hand"
    who: str = ""


class Member(Struct, frozen=True):
    """A file to put in: its name under the root, and where its content lies."""

    name: str
    path: Path


Take = Callable[[str, int], BinaryIO | None]
"""Where a member is to be unpacked (it is closed by the reader); None: it is only checked."""


def write(
    file: Path,
    root: str,
    members: Iterable[Member],
    manifest: Callable[[int, int, str], Manifest],
    passphrase: str,
    course: Course,
    time: int,
) -> Manifest:
    """Write an archive; `manifest` is asked for at the end with the count, the bytes and the hash of the sums.

    It is on the disk (fsync) when this returns. Raises OSError, Stopped.
    """
    with file.open("xb") as raw, tempfile.TemporaryFile(dir=file.parent) as sums:
        os.fchmod(raw.fileno(), 0o600)
        sealer = Sealer(raw, passphrase) if passphrase else None
        with gzip.GzipFile(fileobj=sealer or raw, mode="wb", compresslevel=LEVEL, mtime=time, filename="") as packed:
            tar = Writer(_Out(packed), time)
            count = total = 0
            whole = hashlib.sha256()
            for member in members:
                digest = hashlib.sha256()

                def taken(piece: bytes, digest: Any = digest) -> None:
                    digest.update(piece)
                    course.step(len(piece))

                with member.path.open("rb") as content:
                    size = os.fstat(content.fileno()).st_size
                    tar.add(f"{root}/{member.name}", size, content, taken)
                line = _line(digest.hexdigest(), size, member.name)
                sums.write(line)
                whole.update(line)
                count, total = count + 1, total + size
            length = sums.tell()
            sums.seek(0)
            tar.add(f"{root}/{SUMS}", length, sums, _nothing)
            made = manifest(count, total, whole.hexdigest())
            with tempfile.TemporaryFile(dir=file.parent) as text:
                length = text.write(msgspec.json.format(msgspec.json.encode(made), indent=2))
                text.seek(0)
                tar.add(f"{root}/{MANIFEST}", length, text, _nothing)
            tar.end()
        if sealer is not None:
            sealer.close()
        raw.flush()
        os.fsync(raw.fileno())
    return made


def read(file: Path, passphrase: str, take: Take, course: Course) -> Manifest:
    """Check a whole archive, and unpack what `take` wants; `take` may refuse what there is no room for.

    Raises Damaged with what is wrong and where, WrongPassphrase, Stopped.
    """
    course.total = file.stat().st_size
    with file.open("rb") as raw, tempfile.TemporaryFile() as lines, _damage(file.name):
        source = _Counted(raw, course)
        tar = Reader(_unpacked(source, passphrase))
        root = ""
        count = total = 0
        sums = ""
        while found := tar.next():
            full, size = found
            head, _, name = full.partition("/")
            root = root or head
            if head != root or not _ROOT.fullmatch(root):
                raise Damaged(f"{_shown(full)} does not lie in the one folder that a backup has.")
            check_name(name)
            if name == MANIFEST:
                manifest = _manifest(tar, size)
                _compare(manifest, count, total, sums)
                if tar.next() is not None:
                    raise Damaged("The archive goes on behind its manifest; it was tampered with.")
                return manifest
            if sums:
                raise Damaged(f"{_shown(name)} stands behind {SUMS}; the archive was tampered with.")
            if name == SUMS:
                sums = _check_sums(tar, lines)
                continue
            total += size
            lines.write(_line(_content(tar, take(name, size)), size, name))
            count += 1
    raise Damaged("The archive has no manifest: it is no backup, or its end is missing.")


def beginning(file: Path) -> bool:
    """Look at the beginning alone; answers whether it is sealed. Raises Damaged for what cannot be a backup."""
    with file.open("rb") as raw, _damage(file.name):
        magic = raw.read(16)
        if is_sealed(magic):
            return True
        raw.seek(0)
        found = Reader(_unpacked(raw, "")).next()
        if found is None or found[0].partition("/")[2] != DUMP:
            raise Damaged("The archive does not begin with the dump of a database; it is no backup of this program.")
    return False


def check_name(name: str) -> None:
    """Raises Damaged for a name under the root that no backup holds, and for one that leads out of it."""
    parts = name.split("/")
    known = name in (DUMP, SETTINGS, SUMS, MANIFEST) or (parts[0] in FOLDERS and len(parts) > 1)
    bad = any(part in ("", ".", "..") or len(os.fsencode(part)) > 255 or "\0" in part for part in parts)
    if bad or not known or len(os.fsencode(name)) > 3000:
        raise Damaged(f"The archive holds {_shown(name)}, a name that no backup has.")


def _unpacked(source: Source, passphrase: str) -> Source:
    magic = _Peek(source)
    start = magic.beginning(16)
    if is_sealed(start):
        if not passphrase:
            raise WrongPassphrase("The archive is encrypted; give the passphrase it was made with.")
        return _In(gzip.GzipFile(fileobj=Opener(magic, passphrase), mode="rb"))  # type: ignore[arg-type, call-overload]
    if not start.startswith(GZIP):
        raise Damaged("The file is no backup: it is neither a .tar.gz nor encrypted by this program.")
    return _In(gzip.GzipFile(fileobj=magic, mode="rb"))  # type: ignore[call-overload]


def _content(tar: Reader, target: BinaryIO | None) -> str:
    digest = hashlib.sha256()
    try:
        while piece := tar.read():
            digest.update(piece)
            if target is not None:
                target.write(piece)
    finally:
        if target is not None:
            target.close()
    return digest.hexdigest()


def _check_sums(tar: Reader, ours: BinaryIO) -> str:
    """Compare SHA256SUMS with what was read, so that the damaged file is named; answers its own hash."""
    digest = hashlib.sha256()
    ours.seek(0)
    rest = b""
    while piece := tar.read():
        digest.update(piece)
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            expected = ours.readline().rstrip(b"\n")
            if line != expected:
                name = (expected or line).split(b"  ", 2)[-1].decode("utf-8", "replace")
                raise Damaged(f"{_shown(name)} in the archive is not what was written: its checksum differs.")
    if rest or ours.readline():
        raise Damaged(f"{SUMS} does not list what is in the archive; it was tampered with.")
    return digest.hexdigest()


def _manifest(tar: Reader, size: int) -> Manifest:
    if size > LARGEST_MANIFEST:
        raise Damaged(f"The manifest has {size} bytes; it is none of this program.")
    text = b"".join(iter(tar.read, b""))
    try:
        made = msgspec.json.decode(text, type=Manifest)
    except msgspec.MsgspecError as error:
        raise Damaged(f"The manifest cannot be read: {error}.") from None
    if made.format > FORMAT:
        raise Damaged(
            f"The archive is of format {made.format}, made by a newer program ({made.program}); update first."
        )
    return made


def _compare(manifest: Manifest, count: int, total: int, sums: str) -> None:
    if not sums:
        raise Damaged(f"The archive has no {SUMS} before its manifest.")
    if manifest.sums != sums or manifest.files != count or manifest.bytes != total:
        raise Damaged(f"The manifest does not fit what is in the archive ({count} files, {total} bytes).")


def _line(digest: str, size: int, name: str) -> bytes:
    return f"{digest}  {size}  {name}\n".encode("utf-8", "surrogateescape")


def _nothing(_: bytes) -> None:
    """Sums and manifest are not in the sums."""


def _shown(name: str) -> str:
    return repr(name if len(name) <= 120 else name[:117] + "…")


@contextmanager
def _damage(name: str) -> Iterator[None]:
    """What gzip says about broken files, in one sentence of ours."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        what = "it was cut off" if isinstance(error, EOFError) else f"{error}".rstrip(".")
        raise Damaged(f"{name} is damaged: {what}. Take another copy.") from None


class _Out:
    """GzipFile has a wider `write` than needed here."""

    def __init__(self, file: gzip.GzipFile) -> None:
        self._file = file

    def write(self, data: bytes, /) -> object:
        return self._file.write(data)


class _In:
    """Reads of GzipFile, at most what was asked for."""

    def __init__(self, file: gzip.GzipFile) -> None:
        self._file = file

    def read(self, size: int, /) -> bytes:
        return self._file.read(size)


class _Counted:
    """Tells how far the file is read."""

    def __init__(self, file: BinaryIO, course: Course) -> None:
        self._file = file
        self._course = course

    def read(self, size: int, /) -> bytes:
        piece = self._file.read(size)
        self._course.step(len(piece))
        return piece


class _Peek:
    """A source whose beginning was looked at."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._kept = b""

    def beginning(self, size: int) -> bytes:
        self._kept = self._source.read(size)
        return self._kept

    def read(self, size: int = -1, /) -> bytes:
        if self._kept:
            piece, self._kept = self._kept[:size], self._kept[size:]
            if size > len(piece):
                piece += self._source.read(size - len(piece))
            return piece
        return self._source.read(size)


__all__ = ["DUMP", "FOLDERS", "Manifest", "Member", "Take", "Target", "beginning", "check_name", "read", "write"]
