"""The switch to a restored backup: the one step that changes anything, done at a start before any module runs.

Whoever restores (modules/db) fills a database beside ours and a folder beside ours, checks both, and only then writes a
plan. The next start carries the plan out: both databases are renamed in one transaction, which is the moment of
decision; then the entries of the data folder are exchanged by renames. Each step sees whether it was done already, so a
start that is killed in the middle is finished by the next one. Before the plan nothing was changed; a plan whose
database cannot be switched is marked failed and the old data stay in use.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import psycopg
from msgspec import Struct
from psycopg import sql

from roschat.kernel.db import Connection
from roschat.kernel.errors import RoschatError
from roschat.kernel.postgres_tools import database_of, with_database

log = logging.getLogger(__name__)

TRIES = 20
PAUSE = 0.5
"""Seconds between two tries: sessions that were ended need a moment to go."""


class RestoreFailed(RoschatError):
    """A restore that was prepared could not be carried out."""

    code = "restore-failed"


class Plan(Struct, frozen=True):
    """What the next start does. `made` is Unix time."""

    archive: str
    who: str
    made: float
    database: str
    """The name of the filled database."""
    old: str
    """The name that ours gets."""
    entries: list[str]
    """Top-level names of the data folder that are exchanged."""
    state: str = "ready"
    """ready; failed: nothing was changed, `text` says why; done, then recorded: the old data wait to be removed."""
    text: str = ""


class Place:
    """Where a restore has its things in a data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.plan_file = data / "db" / "restore.json"
        self.staged = data / "db" / "restored"
        self.replaced = data / "db" / "replaced"

    def plan(self) -> Plan | None:
        """The plan, or None. Raises RestoreFailed when it cannot be read."""
        try:
            return msgspec.json.decode(self.plan_file.read_bytes(), type=Plan)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError) as error:
            raise RestoreFailed(
                f"{self.plan_file} cannot be read ({error}); remove it to start with the data as they are."
            ) from None

    def write(self, plan: Plan) -> None:
        """Keep a plan, whole or not at all."""
        self.plan_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self.plan_file.with_suffix(".new")
        fresh.write_bytes(msgspec.json.format(msgspec.json.encode(plan)))
        fresh.replace(self.plan_file)

    def forget(self) -> None:
        """There is no plan any more."""
        self.plan_file.unlink(missing_ok=True)


async def finish(data: Path, dsn: str) -> bool:
    """Carry out a plan that is ready; answers whether the data are now others. Raises RestoreFailed for a bad plan."""
    place = Place(data)
    plan = place.plan()
    if plan is None or plan.state != "ready":
        return False
    log.warning("the backup %s is being restored", plan.archive)
    try:
        await _switch_databases(dsn, plan)
    except (RestoreFailed, psycopg.Error) as error:
        text = error.text if isinstance(error, RestoreFailed) else str(error).strip()
        log.error("the backup %s was not restored, the old data stay in use: %s", plan.archive, text)
        place.write(msgspec.structs.replace(plan, state="failed", text=text))
        return False
    await asyncio.to_thread(_switch_entries, place, plan)
    place.write(msgspec.structs.replace(plan, state="done"))
    log.warning("the backup %s is restored", plan.archive)
    return True


async def _switch_databases(dsn: str, plan: Plan) -> None:
    current = database_of(dsn)
    async with _beside(dsn) as connection:
        for attempt in range(TRIES):
            found = await connection.execute(
                "SELECT datname FROM pg_database WHERE datname = ANY(%s)", ([current, plan.database, plan.old],)
            )
            names = {str(row[0]) for row in await found.fetchall()}
            if plan.database not in names:
                if {current, plan.old} <= names:
                    return  # an earlier start came as far as this
                raise RestoreFailed(f"The prepared database {plan.database} is gone; restore the backup again.")
            try:
                async with connection.transaction():
                    # Who waits for a connection waits until both names are right.
                    await connection.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ANY(%s) "
                        "AND pid <> pg_backend_pid()",
                        ([current, plan.database],),
                    )
                    for old, new in ((current, plan.old), (plan.database, current)):
                        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
                        await connection.execute(rename.format(sql.Identifier(old), sql.Identifier(new)))
                return
            except psycopg.errors.ObjectInUse:
                if attempt == TRIES - 1:
                    raise
                await asyncio.sleep(PAUSE)


def _switch_entries(place: Place, plan: Plan) -> None:
    place.replaced.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in plan.entries:
        staged, here, replaced = place.staged / name, place.data / name, place.replaced / name
        if not staged.exists():
            continue
        if (here.exists() or here.is_symlink()) and not replaced.exists():
            here.rename(replaced)
        staged.rename(here)


@asynccontextmanager
async def _beside(dsn: str) -> AsyncIterator[Connection]:
    """A connection to another database of the server: ours cannot be renamed while we are in it."""
    trouble: psycopg.Error | None = None
    for name in ("postgres", "template1"):
        try:
            connection = await Connection.connect(with_database(dsn, name), autocommit=True, connect_timeout=5)
        except psycopg.OperationalError as error:
            trouble = error
            continue
        try:
            yield connection
        finally:
            await connection.close()
        return
    raise RestoreFailed(f"Neither the database postgres nor template1 can be reached: {str(trouble).strip()}.")
