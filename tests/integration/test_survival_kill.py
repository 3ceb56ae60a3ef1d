"""kill -9 of the server and of PostgreSQL in the middle of a load: what was acknowledged is there once, in order."""

import asyncio
import random

from tests.harness.load import Load
from tests.harness.postmaster import Postmaster
from tests.harness.server import SpawnedServer
from tests.harness.web import health, health_becomes

MODULES = ("--modules", "server,web_client")


async def begun(server: SpawnedServer, window: int) -> Load:
    await server.start(*MODULES)
    return await Load.begin(server.data / "run" / "control.sock", server.url("websocket"), window=window)


async def test_the_server_is_killed(spawned_server: SpawnedServer) -> None:
    chance = random.Random(20_240_605)
    load = await begun(spawned_server, window=4)
    async with load.running():
        for _ in range(3):
            await load.acknowledged(chance.randrange(1, 200))
            load.online.clear()
            spawned_server.kill()
            await spawned_server.ended()
            await spawned_server.start(*MODULES)
            load.url = spawned_server.url("websocket")
            load.online.set()
        await load.acknowledged(100)
    assert all(writer.connections > 1 for writer in load.writers)
    assert load.refusals == []
    await load.verify()
    assert await spawned_server.stop() == 0


async def test_postgresql_is_killed(spawned_server: SpawnedServer) -> None:
    chance = random.Random(20_240_606)
    # One message at a time: who does not wait for the answer cannot know the order after a failure.
    load = await begun(spawned_server, window=1)
    postgres = Postmaster(spawned_server.data)
    async with load.running():
        for _ in range(2):
            await load.acknowledged(chance.randrange(1, 100))
            assert (await health(spawned_server))[0] == 200
            before = postgres.pid
            async with asyncio.TaskGroup() as both:
                both.create_task(health_becomes(spawned_server, 503))
                both.create_task(load.refused())
                postgres.kill()
            await health_becomes(spawned_server, 200)
            assert postgres.pid != before
            await load.acknowledged(50)
    assert all(writer.connections == 1 for writer in load.writers)
    assert all(text.endswith("try again.") for text in load.refusals), load.refusals
    await load.verify()
    assert await spawned_server.stop() == 0


async def test_one_process_of_postgresql_is_killed(spawned_server: SpawnedServer) -> None:
    """PostgreSQL then ends all lines and recovers by itself, with the same postmaster."""
    chance = random.Random(20_240_607)
    load = await begun(spawned_server, window=1)
    postgres = Postmaster(spawned_server.data)
    before = postgres.pid
    async with load.running():
        for _ in range(3):
            await load.acknowledged(chance.randrange(1, 100))
            async with asyncio.TaskGroup() as both:
                both.create_task(load.refused())
                postgres.kill_one_line()
            await health_becomes(spawned_server, 200)
            await load.acknowledged(50)
    assert postgres.pid == before
    await load.verify()
    assert await spawned_server.stop() == 0
