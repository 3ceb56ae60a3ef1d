"""pg_dump and pg_restore: found in the version that fits the server, and run.

For the private server they are those beside its own programs; for another one the oldest that is at least as new as the
server, since pg_dump refuses to read a newer server than itself. A password never stands in the arguments, where every
account of the machine could read it.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from roschat.kernel import programs
from roschat.kernel.postgres_binaries import DISTRIBUTION, PostgresFailed, candidates

DUMP_LIMIT = 6 * 3600.0
"""Seconds for a dump or a restore of a whole database."""
LIST_LIMIT = 300.0
KEPT_PARAMETERS = (
    "host", "hostaddr", "port", "dbname", "user", "sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl",
    "target_session_attrs", "connect_timeout", "passfile", "service", "gssencmode", "channel_binding",
)  # fmt: skip
"""Of a connection string; our own timeouts are not for a dump."""


def database_of(dsn: str) -> str:
    """The name of the database in a connection string."""
    values = conninfo_to_dict(dsn)
    return str(values.get("dbname") or values.get("user") or os.environ.get("PGDATABASE") or "roschat")


def with_database(dsn: str, database: str) -> str:
    """The connection string of another database of the same server, without our options."""
    given = conninfo_to_dict(dsn).items()
    values = {key: str(value) for key, value in given if key in (*KEPT_PARAMETERS, "password")}
    return make_conninfo("", **{**values, "dbname": database})


class PostgresTools:
    """The two programs for a server of the version `major`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    async def find(cls, major: int, data: Path, configured: Path | None = None) -> "PostgresTools":
        """Raises PostgresFailed when there are none that are new enough."""
        found: dict[int, Path] = {}
        for folder in [configured] if configured else [*_of_running(data), *candidates()]:
            if all(os.access(folder / name, os.X_OK) for name in ("pg_dump", "pg_restore")):
                found.setdefault(await _version(folder / "pg_dump"), folder)
        usable = [version for version in found if version >= major]
        if not usable:
            raise PostgresFailed(
                f"No pg_dump of PostgreSQL {major} or newer was found ({configured or DISTRIBUTION[0] + ' and others'}"
                "): install the client programs of PostgreSQL, or name their folder in db.toml as `programs`."
            )
        return cls(found[min(usable)])

    async def dump(self, dsn: str, file: Path, snapshot: str) -> None:
        """Write the whole database as of an exported snapshot, in PostgreSQL's own compressed format."""
        options = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={file}")
        await self._run("pg_dump", dsn, *options)

    async def restore(self, dsn: str, file: Path) -> None:
        """Fill an empty database from a dump."""
        await self._run("pg_restore", dsn, "--no-owner", "--no-privileges", "--exit-on-error", str(file))

    async def readable(self, file: Path) -> list[str]:
        """The table of contents of a dump: a line for each thing in it. Raises ProgramFailed for what is no dump."""
        listing = await programs.run(self._folder / "pg_restore", "--list", file, timeout=LIST_LIMIT)
        return [line for line in listing.decode(errors="replace").splitlines() if line and not line.startswith(";")]

    async def _run(self, name: str, dsn: str, *options: str) -> None:
        values = {key: str(value) for key, value in conninfo_to_dict(dsn).items()}
        password = values.pop("password", "")
        environment = {"PGPASSWORD": password} if password else {}
        shown = make_conninfo("", **{key: value for key, value in values.items() if key in KEPT_PARAMETERS})
        await programs.run(
            self._folder / name, f"--dbname={shown}", *options, environment=environment, timeout=DUMP_LIMIT
        )


def _of_running(data: Path) -> Iterator[Path]:
    """The folder of the programs of the private server that runs on the data folder."""
    try:
        pid = int((data / "postgres" / "cluster" / "postmaster.pid").read_text().split()[0])
        yield Path(os.readlink(f"/proc/{pid}/exe")).parent
    except (OSError, ValueError, IndexError):
        return


async def _version(program: Path) -> int:
    found = re.search(rb"(\d+)", await programs.run(program, "--version", timeout=10))
    return int(found[1]) if found else 0
