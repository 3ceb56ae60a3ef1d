"""An installation to back up: a database with everything in it, and a data folder."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from roschat.modules.db.making import Installation
from roschat.modules.db.shelf import Shelf
from tests.harness.postgres import Cluster
from tests.harness.server import folder

FILES = {
    "server/files/ab/picture.png": b"\x89PNG" + bytes(range(256)) * 4000,
    "server/files/cd/" + "n" * 180 + ".txt": b"a long name",
    "secrets/access-token": b"s" * 32,
    "certificates/key.pem": b"a key",
    "certificates/empty.pem": b"",
    "ports.json": b'{"https": 8443}',
}


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder with FILES, and with what does not belong into a backup."""
    place = folder()
    left_out = {"run/lock": b"1", "log/today.log": b"a line", "backups/other.txt": b"", "stderr.log": b"noise"}
    for name, content in {**FILES, **left_out}.items():
        path = place / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(content)
    yield place
    shutil.rmtree(place)


@pytest.fixture
async def here(cluster: Cluster, dsn: str, data: Path) -> AsyncIterator[Installation]:
    """The installation; some people and settings are in the database, and databases made beside it are removed."""
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as line:
        await line.execute("INSERT INTO kernel.setting (section, key, value) VALUES ('mail', 'host', '\"mx.example\"')")
        await line.execute("INSERT INTO kernel.setting VALUES ('mail', 'password', '\"very secret\"', true)")
        await line.execute("INSERT INTO kernel.outbox (name, payload) SELECT 'x', 'y' FROM generate_series(1, 1000)")
    yield Installation(dsn, data)
    name = conninfo_to_dict(dsn)["dbname"]
    async with await psycopg.AsyncConnection.connect(cluster.dsn("postgres"), autocommit=True) as line:
        rows = await line.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (f"{name}_",))
        for (left,) in await rows.fetchall():
            await cluster.drop(cluster.dsn(left))


@pytest.fixture
def shelf(data: Path) -> Shelf:
    """Where archives go."""
    place = Shelf(data / "backups")
    place.open()
    return place
