"""All SQL of backups: the record of runs, the snapshot that a backup is of, and databases beside ours.

The second half works on lines of its own (`line`), not on the pool: a snapshot lives as long as its transaction, which
may be hours, and a database is created outside of any.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from msgspec import Struct
from psycopg import sql

from roschat.kernel.db import Connection, Transaction, away
from roschat.kernel.errors import RoschatError


class Run(Struct, frozen=True):
    """One line of the record; times are Unix seconds."""

    id: int
    kind: str
    archive: str
    origin: str
    who: str
    started: float
    ended: float
    ok: bool
    text: str


async def add_run(
    tx: Transaction, kind: str, archive: str, origin: str, who: str, started: float, ended: float, text: str
) -> None:
    """Write down how something ended; an empty text: well."""
    await tx.run(
        "INSERT INTO db.run (kind, archive, origin, who, started, ended, ok, text) "
        "VALUES (%s, %s, %s, %s, to_timestamp(%s), to_timestamp(%s), %s, %s)",
        kind, archive, origin, who, started, ended, not text, text,
    )  # fmt: skip
    await tx.run("DELETE FROM db.run WHERE id <= (SELECT max(id) FROM db.run) - 1000")


async def runs(tx: Transaction, count: int) -> list[Run]:
    """The newest runs."""
    return await tx.rows(
        "SELECT id, kind, archive, origin, who, extract(epoch FROM started)::float8, "
        "extract(epoch FROM ended)::float8, ok, text FROM db.run ORDER BY id DESC LIMIT %s",
        count, kind=Run,
    )  # fmt: skip


async def last_run(tx: Transaction, kind: str, *, ok: bool) -> Run | None:
    """The last one that went well, or that did not."""
    return await tx.row(
        "SELECT id, kind, archive, origin, who, extract(epoch FROM started)::float8, "
        "extract(epoch FROM ended)::float8, ok, text FROM db.run "
        "WHERE kind = %s AND ok = %s ORDER BY ended DESC LIMIT 1",
        kind, ok, kind=Run,
    )  # fmt: skip


async def last_scheduled(tx: Transaction) -> float:
    """When a scheduled backup was begun last, whatever became of it; 0 for never."""
    found = await tx.value(
        "SELECT extract(epoch FROM max(started))::float8 FROM db.run WHERE kind = 'make' AND origin = 'schedule'"
    )
    return float(found or 0)


async def first_change(tx: Transaction) -> float:
    """When this installation was made."""
    found = await tx.value("SELECT extract(epoch FROM min(time))::float8 FROM kernel.migration")
    return float(found or 0)


# ---- lines of their own


@asynccontextmanager
async def line(dsn: str) -> AsyncIterator[Connection]:
    """A connection without limits of time, autocommit. Raises Unavailable."""
    with away():
        connection = await Connection.connect(dsn, autocommit=True)
    try:
        await connection.execute("SET statement_timeout = 0")
        await connection.execute("SET idle_in_transaction_session_timeout = 0")
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def snapshot(dsn: str) -> AsyncIterator[tuple[Connection, str]]:
    """A transaction that sees one moment, and the name under which pg_dump sees the same."""
    async with line(dsn) as connection:
        await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        name = await _value(connection, "SELECT pg_export_snapshot()")
        yield connection, str(name)


async def counts(connection: Connection) -> dict[str, int]:
    """The rows of every table of ours, by `schema.table`."""
    found = await connection.execute(
        "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' ORDER BY 1, 2"
    )
    rows: dict[str, int] = {}
    for schema, table in await found.fetchall():
        question = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))
        counted = await (await connection.execute(question)).fetchone()
        rows[f"{schema}.{table}"] = int(counted[0]) if counted else 0
    return rows


async def migrations(connection: Connection) -> list[str]:
    """Every delta that was applied, as `owner/name`."""
    found = await connection.execute("SELECT owner || '/' || name FROM kernel.migration ORDER BY 1")
    return [str(row[0]) for row in await found.fetchall()]


async def settings(connection: Connection) -> dict[str, dict[str, Any]]:
    """All settings that were set, secrets left out."""
    found = await connection.execute("SELECT section, key, value FROM kernel.setting WHERE NOT secret ORDER BY 1, 2")
    sections: dict[str, dict[str, Any]] = {}
    for section, key, value in await found.fetchall():
        sections.setdefault(section, {})[key] = value
    return sections


async def size(dsn: str) -> int:
    """Bytes of the database on its disk."""
    async with line(dsn) as connection:
        return int(await _value(connection, "SELECT pg_database_size(current_database())"))


async def version(dsn: str) -> int:
    """Major version of the server."""
    async with line(dsn) as connection:
        return connection.info.server_version // 10_000


async def check_may_create(dsn: str) -> None:
    """Raises `access-denied` when our role may not make databases, which proving and restoring need."""
    async with line(dsn) as connection:
        may = await _value(connection, "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        if not may:
            raise RoschatError(
                f"The role {connection.info.user!r} may not create databases, which this needs: "
                f"ALTER ROLE {connection.info.user} CREATEDB.",
                "access-denied",
            )


async def create_database(dsn: str, name: str) -> None:
    """An empty database like ours in encoding and order of letters."""
    async with line(dsn) as connection:
        found = await connection.execute(
            "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database "
            "WHERE datname = current_database()"
        )
        row = await found.fetchone()
        assert row is not None
        encoding, collate, ctype = map(sql.Literal, row)
        await connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING {} LC_COLLATE {} LC_CTYPE {}").format(
                sql.Identifier(name), encoding, collate, ctype
            )
        )


async def drop_database(dsn: str, name: str) -> None:
    """Remove a database with the sessions in it; one that is not there is fine."""
    async with line(dsn) as connection:
        await connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


async def databases(dsn: str, beginning: str) -> list[str]:
    """The names of databases that begin so."""
    async with line(dsn) as connection:
        found = await connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY 1", (beginning,)
        )
        return [str(row[0]) for row in await found.fetchall()]


async def _value(connection: Connection, question: Any) -> Any:
    try:
        found = await (await connection.execute(question)).fetchone()
    except psycopg.OperationalError as error:
        with away():
            raise error
    return found[0] if found else None
