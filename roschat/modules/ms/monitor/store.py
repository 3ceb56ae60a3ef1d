"""SQL of the monitor: samples in three resolutions, the ages of problems, and what PostgreSQL tells of itself.

Samples of ten seconds live a day, those of five minutes a month, those of an hour a year. The coarser ones are means,
written again as long as their time runs, so they are never missing at its end.
"""

from dataclasses import dataclass

from msgspec import Struct
from psycopg.types.json import Jsonb

from roschat.kernel.db import Transaction

FINE, MIDDLE, COARSE = 10, 300, 3600
KEPT = {FINE: 86_400, MIDDLE: 31 * 86_400, COARSE: 366 * 86_400}
"""Seconds that rows of a step are kept."""
COARSER = ((FINE, MIDDLE), (MIDDLE, COARSE))


class Point(Struct, frozen=True):
    """A mean of one figure."""

    time: int
    name: str
    value: float


@dataclass(frozen=True, slots=True)
class DatabaseFigures:
    """What PostgreSQL tells of itself."""

    size: int
    connections: int
    outbox: int


async def add(tx: Transaction, time: int, figures: dict[str, float]) -> None:
    """Keep a fine sample."""
    await tx.run(
        "INSERT INTO ms.sample (step, time, figures) VALUES (%s, %s, %s) "
        "ON CONFLICT (step, time) DO UPDATE SET figures = excluded.figures",
        FINE,
        time - time % FINE,
        Jsonb(figures),
    )


async def thin(tx: Transaction, now: int) -> None:
    """Write the means of the current and the former coarser step anew."""
    for fine, coarse in COARSER:
        await tx.run(
            "INSERT INTO ms.sample (step, time, figures) "
            "SELECT %s, at, jsonb_object_agg(key, mean) FROM ("
            " SELECT time / %s * %s AS at, key, avg(value::float8) AS mean"
            " FROM ms.sample, jsonb_each_text(figures) WHERE step = %s AND time >= %s GROUP BY 1, 2) AS means "
            "GROUP BY at ON CONFLICT (step, time) DO UPDATE SET figures = excluded.figures",
            coarse,
            coarse,
            coarse,
            fine,
            now - now % coarse - coarse,
        )


async def forget(tx: Transaction, now: int) -> None:
    """Delete what is too old."""
    for step, seconds in KEPT.items():
        await tx.run("DELETE FROM ms.sample WHERE step = %s AND time < %s", step, now - seconds)


async def points(tx: Transaction, source: int, width: int, since: int, names: list[str]) -> list[Point]:
    """Means over `width` seconds from rows of a step, the oldest first; of all figures when none is named."""
    return await tx.rows(
        "SELECT (time / %s * %s)::float8, key, avg(value::float8) FROM ms.sample, jsonb_each_text(figures) "
        "WHERE step = %s AND time >= %s AND (%s OR key = ANY(%s)) GROUP BY 1, 2 ORDER BY 1",
        width,
        width,
        source,
        since,
        not names,
        names,
        kind=lambda time, name, value: Point(int(time), name, value),
    )


async def database(tx: Transaction) -> DatabaseFigures:
    """Size of the database in bytes, connections to it, events that wait for their publication."""
    found = await tx.row(
        "SELECT pg_database_size(current_database()), "
        "(SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()), "
        "(SELECT count(*) FROM kernel.outbox)",
        kind=DatabaseFigures,
    )
    assert found is not None
    return found


async def since(tx: Transaction, problems: list[tuple[str, str]], now: float) -> dict[tuple[str, str], float]:
    """Since when there are these problems (code, part), as Unix time; the others are over and forgotten."""
    codes, parts = [code for code, _ in problems], [part for _, part in problems]
    await tx.run(
        "DELETE FROM ms.problem WHERE (code, part) NOT IN (SELECT * FROM unnest(%s::text[], %s::text[]))", codes, parts
    )
    await tx.run(
        "INSERT INTO ms.problem (code, part, since) "
        "SELECT code, part, to_timestamp(%s) FROM unnest(%s::text[], %s::text[]) AS found (code, part) "
        "ON CONFLICT DO NOTHING",
        now,
        codes,
        parts,
    )
    rows = await tx.rows("SELECT code, part, extract(epoch FROM since)::float8 FROM ms.problem", kind=lambda *row: row)
    return {(code, part): at for code, part, at in rows}
