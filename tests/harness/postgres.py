"""One private PostgreSQL per test run, and a database of its own for every test that asks for one.

The tables of all modules are made once in a template; a test's database is a copy of it, which takes some tens of
milliseconds. Nothing here survives a crash (fsync is off) and nothing listens on a port.
"""

import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import AsyncConnection, sql
from psycopg.conninfo import make_conninfo

from roschat.kernel.bus_local import LocalBus
from roschat.kernel.db import Database
from roschat.kernel.migrate import migrate
from roschat.kernel.postgres import Postgres

TEMPLATE = "template_roschat"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Cluster:
    """The running server of the test run."""

    postgres: Postgres

    def dsn(self, database: str) -> str:
        """Connection string of one of its databases."""
        return make_conninfo(self.postgres.dsn, dbname=database)

    async def create(self, template: str = "template0") -> str:
        """A new database, copied from `template`; answers its connection string."""
        name = f"test_{next(_numbers)}"
        await self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(sql.Identifier, (name, template))))
        return self.dsn(name)

    async def drop(self, dsn: str) -> None:
        """Remove a database with the sessions in it."""
        name = str(psycopg.conninfo.conninfo_to_dict(dsn)["dbname"])
        await self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    async def rename(self, dsn: str, name: str) -> None:
        """Give a database that nobody uses another name."""
        old = str(psycopg.conninfo.conninfo_to_dict(dsn)["dbname"])
        await self._execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*map(sql.Identifier, (old, name))))

    async def _execute(self, statement: sql.Composed) -> None:
        async with await AsyncConnection.connect(self.dsn("postgres"), autocommit=True) as connection:
            await connection.execute(statement)


@pytest.fixture(scope="session")
async def cluster() -> AsyncIterator[Cluster]:
    """The server of this run, started when the first test needs it."""
    # Not pytest's tmp_path: as root its parents are closed to the account that PostgreSQL runs under.
    folder = Path(tempfile.mkdtemp(prefix="roschat-tests-"))
    os.chmod(folder, 0o711)
    fast = {"full_page_writes": "off", "autovacuum": "off", "max_connections": "200", "shared_buffers": "64MB"}
    binaries = os.environ.get("ROSCHAT_POSTGRES")
    postgres = Postgres(folder, binaries=Path(binaries) if binaries else None, settings=fast, sync=False)
    try:
        await postgres.start()
        yield Cluster(postgres)
    finally:
        await postgres.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
async def template(cluster: Cluster) -> str:
    """Name of the database with the tables of all modules, to be copied only."""
    fresh = await cluster.create()
    await migrate(fresh)
    await cluster.rename(fresh, TEMPLATE)
    return TEMPLATE


@pytest.fixture
async def empty_dsn(cluster: Cluster) -> AsyncIterator[str]:
    """A database without any table."""
    made = await cluster.create()
    yield made
    await cluster.drop(made)


@pytest.fixture
async def dsn(cluster: Cluster, template: str) -> AsyncIterator[str]:
    """A database with the tables of all modules, empty."""
    made = await cluster.create(template)
    yield made
    await cluster.drop(made)


@pytest.fixture
async def db(dsn: str) -> AsyncIterator[Database]:
    """An open Database with a LocalBus."""
    database = Database(dsn, LocalBus())
    await database.open()
    yield database
    await database.close()
