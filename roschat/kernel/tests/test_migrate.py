"""Deltas run once, in order, and a database that does not fit is refused untouched."""

import asyncio
from pathlib import Path

import pytest
from psycopg import AsyncConnection

from roschat.kernel.errors import Invalid
from roschat.kernel.migrate import Delta, MigrationRefused, deltas, migrate, program_version

ONE = Delta("m", "0001_one.sql", "CREATE SCHEMA m; CREATE TABLE m.one (id int);")
TWO = Delta("m", "0002_two.sql", "INSERT INTO m.one VALUES (2);")


async def value(dsn: str, sql: str) -> object:
    async with await AsyncConnection.connect(dsn) as connection:
        row = await (await connection.execute(sql.encode())).fetchone()
        return row[0] if row else None


async def test_each_delta_runs_once(empty_dsn: str) -> None:
    assert await migrate(empty_dsn, [ONE], "1.0") == ["m/0001_one.sql"]
    assert await migrate(empty_dsn, [ONE, TWO], "1.1") == ["m/0002_two.sql"]
    assert await migrate(empty_dsn, [ONE, TWO], "1.1") == []
    assert await value(empty_dsn, "SELECT count(*) FROM m.one") == 1
    assert await value(empty_dsn, "SELECT string_agg(program, ' ' ORDER BY name) FROM kernel.migration") == "1.0 1.1"


async def test_two_programs_at_once(empty_dsn: str) -> None:
    done = await asyncio.gather(*(migrate(empty_dsn, [ONE, TWO], "1.0") for _ in range(4)))
    assert sorted(map(len, done)) == [0, 0, 0, 2]


async def test_changed_file_is_refused(empty_dsn: str) -> None:
    await migrate(empty_dsn, [ONE], "1.0")
    changed = Delta("m", "0001_one.sql", ONE.text + " -- a little more")
    with pytest.raises(MigrationRefused, match=r"m/schema/0001_one\.sql was changed after"):
        await migrate(empty_dsn, [changed, TWO], "1.0")
    assert await value(empty_dsn, "SELECT count(*) FROM m.one") == 0


async def test_newer_database_is_refused(empty_dsn: str) -> None:
    await migrate(empty_dsn, [ONE, TWO], "1.1")
    with pytest.raises(MigrationRefused, match=r"m/0002_two\.sql, which this program \(1\.0\) does not know"):
        await migrate(empty_dsn, [ONE], "1.0")


async def test_newer_database_that_is_compatible(empty_dsn: str) -> None:
    gentle = Delta("m", "0002_two.sql", f"-- compatible: 1.9\n{TWO.text}")
    await migrate(empty_dsn, [ONE, gentle], "1.11")
    assert await migrate(empty_dsn, [ONE], "1.10") == []
    with pytest.raises(MigrationRefused):
        await migrate(empty_dsn, [ONE], "1.8.7")


async def test_failing_delta_leaves_nothing_of_itself(empty_dsn: str) -> None:
    broken = Delta("m", "0002_two.sql", "CREATE TABLE m.half (id int); SELECT 1/0;")
    with pytest.raises(MigrationRefused, match=r"m/schema/0002_two\.sql failed: division by zero"):
        await migrate(empty_dsn, [ONE, broken], "1.0")
    assert await value(empty_dsn, "SELECT to_regclass('m.half')") is None
    assert await migrate(empty_dsn, [ONE, TWO], "1.0") == ["m/0002_two.sql"]


def test_folders_are_scanned_kernel_first(tmp_path: Path) -> None:
    for name in ("modules/zebra/schema/0001_z.sql", "modules/ape/schema/0002_b.sql", "modules/ape/schema/0001_a.sql"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("SELECT 1")
    (tmp_path / "kernel/schema").mkdir(parents=True)
    (tmp_path / "kernel/schema/0001_k.sql").write_text("SELECT 1")
    found = [(delta.owner, delta.name) for delta in deltas(tmp_path)]
    assert found == [("kernel", "0001_k.sql"), ("ape", "0001_a.sql"), ("ape", "0002_b.sql"), ("zebra", "0001_z.sql")]
    (tmp_path / "kernel/schema/second.sql").write_text("SELECT 1")
    with pytest.raises(Invalid, match=r"second\.sql is not named like"):
        deltas(tmp_path)


def test_version_is_a_version() -> None:
    assert program_version().split(".")[0].isdigit()
