"""The tables of every part of the program, brought up to date by plain .sql files that only go forward.

`<package folder>/schema/NNNN_what.sql` of the kernel and of each module is a delta. Every delta runs once, in its own
transaction, and is remembered with its SHA-256 in `kernel.migration`. A delta that was changed after it ran is refused,
and so is a database with deltas that this program does not know, unless each of those says in a line
`-- compatible: 1.4.0` that programs from that version on may work on it (then the program can be
rolled back).
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import psycopg

import roschat
from roschat.kernel.db import Connection, Transaction, away
from roschat.kernel.errors import Invalid, RoschatError, Unavailable

LOCK = 0x726F7363686174  # "roschat": two programs that start at once migrate one after the other

_NAME = re.compile(r"\d{4}_[a-z0-9_]+\.sql")
_COMPATIBLE = re.compile(r"^-- compatible: (\d+(?:\.\d+)*)\s*$", re.MULTILINE)

_REGISTER = """
CREATE SCHEMA IF NOT EXISTS kernel;
CREATE TABLE IF NOT EXISTS kernel.migration (
    owner          text NOT NULL,
    name           text NOT NULL,
    sha256         text NOT NULL,
    time           timestamptz NOT NULL DEFAULT now(),
    program        text NOT NULL,
    oldest_program text NOT NULL DEFAULT '',
    PRIMARY KEY (owner, name)
)
"""


class MigrationRefused(RoschatError):
    """The database and the files of the program do not belong together; nothing was changed."""

    code = "migration-refused"


@dataclass(frozen=True)
class Delta:
    """One file. `oldest_program` is the oldest program version that can work on it, or empty."""

    owner: str
    name: str
    text: str

    @property
    def sha256(self) -> str:
        """Hash of the file, hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def oldest_program(self) -> str:
        """From the line `-- compatible: VERSION`."""
        found = _COMPATIBLE.search(self.text)
        return found[1] if found else ""


@dataclass(frozen=True)
class Applied:
    """A delta as the database remembers it."""

    owner: str
    name: str
    sha256: str
    oldest_program: str


def program_version() -> str:
    """Version of this program: of the installed package, or of the source tree it runs from."""
    pyproject = Path(roschat.__path__[0]).parent / "pyproject.toml"
    if pyproject.is_file() and (found := re.search(r'^version = "(.+)"', pyproject.read_text(), re.MULTILINE)):
        return found[1]
    return metadata.version("roschat")


def deltas(package: Path | None = None) -> list[Delta]:
    """All deltas under the package folder: the kernel's first, then each module's by name."""
    root = package or Path(roschat.__path__[0])
    found = _read("kernel", root / "kernel" / "schema")
    for folder in sorted((root / "modules").glob("*/schema")):
        found += _read(folder.parent.name, folder)
    return found


async def migrate(dsn: str, wanted: Iterable[Delta] | None = None, version: str | None = None) -> list[str]:
    """Apply what is missing; answers `owner/name` of every delta applied now.

    Raises MigrationRefused when the database and the files do not fit, Unavailable when it is away.
    """
    files = list(deltas() if wanted is None else wanted)
    try:
        with away():
            async with await Connection.connect(dsn, autocommit=True, connect_timeout=5) as connection:
                await connection.execute("SET statement_timeout = 0")
                await connection.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
                await connection.execute(_REGISTER)
                missing = await _missing(connection, files, version or program_version())
                for delta in missing:
                    await _apply(connection, delta, version or program_version())
    except Unavailable as error:
        # Only administrators see this one, and need the cause.
        reason = (str(error.__cause__).strip().splitlines() or ["no reason given"])[0]
        raise Unavailable(
            f"The database is not available ({reason}); look at its address and whether it runs."
        ) from error
    return [f"{delta.owner}/{delta.name}" for delta in missing]


async def _missing(connection: Connection, files: list[Delta], version: str) -> list[Delta]:
    tx = Transaction(connection)
    sql = "SELECT owner, name, sha256, oldest_program FROM kernel.migration ORDER BY owner, name"
    applied = {(a.owner, a.name): a for a in await tx.rows(sql, kind=Applied)}
    known = {(delta.owner, delta.name) for delta in files}
    for key, unknown in applied.items():
        if key not in known and not _allows(unknown.oldest_program, version):
            raise MigrationRefused(
                f"The database was changed by {unknown.owner}/{unknown.name}, which this program ({version}) does not "
                "know: start the newer program, or restore a backup made before."
            )
    for delta in files:
        done = applied.get((delta.owner, delta.name))
        if done is not None and done.sha256 != delta.sha256:
            raise MigrationRefused(
                f"{delta.owner}/schema/{delta.name} was changed after it had been applied to this database: put the "
                "old text back and write the change into a new file."
            )
    return [delta for delta in files if (delta.owner, delta.name) not in applied]


async def _apply(connection: Connection, delta: Delta, version: str) -> None:
    try:
        async with connection.transaction():
            await connection.execute(delta.text.encode(), prepare=False)
            await connection.execute(
                "INSERT INTO kernel.migration (owner, name, sha256, program, oldest_program) VALUES (%s,%s,%s,%s,%s)",
                (delta.owner, delta.name, delta.sha256, version, delta.oldest_program),
            )
    except psycopg.OperationalError:
        raise
    except psycopg.Error as error:
        raise MigrationRefused(f"{delta.owner}/schema/{delta.name} failed: {str(error).strip()}") from error


def _allows(oldest: str, version: str) -> bool:
    return bool(oldest) and _numbers(version) >= _numbers(oldest)


def _numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


def _read(owner: str, folder: Path) -> list[Delta]:
    files = sorted(folder.glob("*.sql"))
    for file in files:
        if not _NAME.fullmatch(file.name):
            raise Invalid(f"{owner}/schema/{file.name} is not named like 0001_what_it_does.sql; rename it.")
    return [Delta(owner, file.name, file.read_text()) for file in files]
