"""Backups of a real installation: made, destroyed, restored, compared; and a restore that is killed."""

import asyncio
import json
import shutil
from typing import Any

import pytest

from tests.harness.server import SpawnedServer


async def ok(server: SpawnedServer, *arguments: str) -> Any:
    """A command that must succeed; its JSON."""
    code, output, errors = await server.admin(*arguments, "--json")
    assert code == 0, errors + output
    return json.loads(output)


async def people(server: SpawnedServer) -> list[str]:
    return sorted(str(card["cid"]) for card in await ok(server, "contact", "list"))


@pytest.fixture
async def furnished(spawned_server: SpawnedServer) -> SpawnedServer:
    """A stopped installation with two people, a file and a backup by the name in `backup`."""
    server = spawned_server
    await ok(server, "contact", "add", "--surname", "Adams", "--login", "adams", "--password", "a good password")
    await ok(server, "contact", "add", "--surname", "Brown")
    (server.data / "server").mkdir(exist_ok=True)
    (server.data / "server" / "note.txt").write_text("a file of before")
    return server


async def test_make_destroy_restore_compare(furnished: SpawnedServer) -> None:
    server = furnished
    before = await people(server)
    made = await ok(server, "backup", "make")
    listed = await ok(server, "backup", "list")
    assert [one["name"] for one in listed["backups"]] == [made["name"]]
    assert listed["backups"][0]["proof"] is None
    assert (await ok(server, "backup", "prove", made["name"]))["ok"]
    # Everything is lost but the archive, which was kept elsewhere.
    kept = server.data.parent / f"{server.data.name}-{made['name']}"
    shutil.move(made["path"], kept)
    try:
        for name in ("postgres", "server", "secrets", "backups", "db"):
            shutil.rmtree(server.data / name, ignore_errors=True)
        assert await people(server) != before
        restored = await ok(server, "backup", "restore", str(kept), "--yes")
        assert restored["restart"] is False
    finally:
        kept.unlink()
    assert await people(server) == before
    assert (server.data / "server" / "note.txt").read_text() == "a file of before"
    after = await ok(server, "backup", "list")
    assert {one["origin"] for one in after["backups"]} == {"upload", "safety"}
    assert after["plan"] is None
    assert after["runs"][0]["kind"] == "restore"


async def test_a_running_server_prepares_and_the_next_start_restores(furnished: SpawnedServer) -> None:
    server = furnished
    await server.start()
    before = await people(server)
    made = await ok(server, "backup", "make")
    await ok(server, "contact", "add", "--surname", "Clark")
    assert len(await people(server)) == len(before) + 1
    (server.data / "server" / "note.txt").write_text("changed")
    result = await ok(server, "backup", "restore", made["name"], "--yes")
    assert result["restart"] is True
    assert len(await people(server)) == len(before) + 1
    assert await server.stop() == 0
    await server.start()
    assert await people(server) == before
    assert (server.data / "server" / "note.txt").read_text() == "a file of before"
    assert await server.stop() == 0


async def test_killed_while_it_restores(furnished: SpawnedServer) -> None:
    """kill -9 at several moments of the preparation and of the switch: the folder starts, with the old or new data."""
    server = furnished
    before = await people(server)
    made = await ok(server, "backup", "make")
    await ok(server, "contact", "add", "--surname", "Clark")
    now = await people(server)
    await server.start()
    assert await server.admin("call", "restore-backup", json.dumps({"name": made["name"], "confirm": made["name"]}))
    await asyncio.to_thread(_until, lambda: (server.data / "db" / "work").exists())
    server.kill()
    await server.ended()
    await server.start()
    assert await people(server) == now
    await ok(server, "backup", "restore", made["name"], "--yes")
    server.kill()
    await server.ended()
    await server.spawn()  # this start carries the plan out, or is killed in the middle of it
    plan = server.data / "db" / "restore.json"
    await asyncio.to_thread(_until, lambda: not plan.exists() or b'"ready"' not in plan.read_bytes())
    server.kill()
    await server.ended()
    await server.start()
    assert await people(server) == before
    assert await server.stop() == 0


def _until(condition: Any) -> None:
    """Wait for a condition of the file system, a minute at most."""
    import time

    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.002)


async def test_refusals_are_one_sentence(furnished: SpawnedServer) -> None:
    server = furnished
    code, _, errors = await server.admin("backup", "prove", "no-such.tar.gz")
    assert (code, errors) == (1, "roschat: There is no backup 'no-such.tar.gz'.\n")
    bad = server.data / "backups" / "bad.tar.gz"
    bad.parent.mkdir(exist_ok=True)
    bad.write_bytes(b"nonsense")
    code, _, errors = await server.admin("backup", "restore", "bad.tar.gz", "--yes")
    assert code == 1
    assert "no backup" in errors
    assert not (server.data / "db" / "restore.json").exists()
