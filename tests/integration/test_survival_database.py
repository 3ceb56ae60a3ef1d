"""The database is away, stopped or hanging: what needs it fails soon with a clear error, the rest works."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Awaitable
from typing import Any

import pytest

from roschat.kernel.postgres import Postgres
from tests.harness.client import Client
from tests.harness.load import Load, sign_in, whole_history
from tests.harness.postmaster import Postmaster
from tests.harness.server import SpawnedServer, folder
from tests.harness.web import health, health_becomes

BOUND = 13.0
"""Seconds: a command may take 10, the rest is for a machine that does other things too."""
ONE_MESSAGE = {"dataType": "text", "data": "away", "key": "away-1"}


@pytest.fixture
async def database() -> AsyncIterator[tuple[Postgres, Postmaster]]:
    """A database server that does not belong to the server process."""
    data = folder()
    made = Postgres(data, sync=False)
    await made.start()
    yield made, Postmaster(data)
    await made.stop()
    shutil.rmtree(data)


@pytest.fixture
async def load(spawned_server: SpawnedServer, database: tuple[Postgres, Postmaster]) -> Load:
    await spawned_server.start("--modules", "server,web_client", "--dsn", database[0].dsn)
    control = spawned_server.data / "run" / "control.sock"
    return await Load.begin(control, spawned_server.url("websocket"), pairs=2, window=1)


async def within(bound: float, work: Awaitable[Any]) -> Any:
    """What came out, which must be soon."""
    began = time.monotonic()
    found = await work
    assert time.monotonic() - began < bound
    return found


async def refused(client: Client, event: str, payload: Any) -> None:
    """The command answers in time that the database is away."""
    reply = await within(BOUND, client.call(event, payload, 60))
    assert reply["error"] == "unavailable", reply
    assert reply["text"].endswith("try again."), reply
    assert "/" not in reply["text"], "paths of the server are nobody's business"


async def check_while_away(server: SpawnedServer, load: Load) -> None:
    """What must hold while the database does not answer, whichever way."""
    writer, partner = load.writers[0], load.writers[1]
    async with Client(server.url("websocket")) as client, Client(server.url("https"), eio=3) as other:
        await within(3, sign_in(client, writer.token))
        await within(3, sign_in(other, partner.token))
        status, report = await within(5, health(server))
        assert status == 503
        assert report["state"] == "failed"
        assert report["parts"]["database"]["text"].endswith(".")
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(refused(client, "send-message", {"cid": partner.cid, **ONE_MESSAGE}))
            tasks.create_task(refused(client, "get-chats", {}))
            tasks.create_task(refused(other, "message-watched", {"id": next(iter(writer.sent.values()))["id"]}))
        # Nobody is stuck behind what was refused.
        await client.emit(
            "send-message", {"cid": partner.cid, "dataType": "unstored", "data": '{"type":"message-writing"}'}
        )
        await other.next("message-event", dataType="unstored")


async def check_mended(server: SpawnedServer, load: Load) -> None:
    """The refused message can be sent again, and is there once."""
    writer, partner = load.writers[0], load.writers[1]
    await health_becomes(server, 200)
    async with Client(server.url("websocket")) as client:
        await sign_in(client, writer.token)
        first = await client.call("send-message", {"cid": partner.cid, **ONE_MESSAGE})
        again = await client.call("send-message", {"cid": partner.cid, **ONE_MESSAGE})
        assert first["id"] > 0
        assert again == first
        history = await whole_history(client, ("user", partner.cid))
        assert [message["id"] for message in history if message["data"] == "away"] == [first["id"]]


@pytest.mark.parametrize("how", ["stopped", "hanging"])
async def test_away(spawned_server: SpawnedServer, database: tuple[Postgres, Postmaster], load: Load, how: str) -> None:
    postgres, processes = database
    async with load.running():
        await load.acknowledged(20)
    await load.verify()
    if how == "stopped":
        await postgres.stop()
    else:
        processes.freeze()
    try:
        await check_while_away(spawned_server, load)
    finally:
        if how == "stopped":
            await postgres.start()
        else:
            processes.thaw()
    await check_mended(spawned_server, load)
    assert await spawned_server.stop() == 0
    assert "Traceback" not in spawned_server.log()
