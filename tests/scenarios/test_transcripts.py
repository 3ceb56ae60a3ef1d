"""Every scenario is played over the bus, over the sockets of the whole program, and between processes over NATS."""

import asyncio
import json
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from roschat.kernel.bus_codec import encode
from roschat.kernel.errors import RoschatError
from roschat.types import ContactId, Role
from roschat.wire.declare import declared
from roschat.wire.message import Caller
from tests.harness.client import Client
from tests.harness.separate import SeparateServer
from tests.harness.server import Server
from tests.scenarios.messenger import Messenger, Person, messenger_on
from tests.scenarios.transcript import Play

SCENARIOS = {path.stem: path.read_text() for path in sorted(Path(__file__).parent.glob("*.txt"))}
each = pytest.mark.parametrize("scenario", SCENARIOS)


class BusActor:
    """A session that speaks JSON to the bus, as a transport does."""

    def __init__(self, person: Person) -> None:
        self._person = person

    async def call(self, event: str, payload: Any = None) -> Any:
        declaration = declared(event)
        assert declaration is not None
        command = declaration.decode(json.dumps(payload).encode())
        caller = Caller(Role.PERSON, self._person.cid, self._person.session)
        try:
            return json.loads(encode(await self._person.bus.call(command, caller)))
        except RoschatError as error:
            return {"error": error.code}

    async def next(self, event: str, **match: Any) -> Any:
        # Everything is published before the command that caused it is answered.
        events = self._person.events
        for index, (name, heard) in enumerate(events):
            payload = json.loads(encode(heard))
            if name == event and all(payload.get(key) == value for key, value in match.items()):
                del events[index]
                return payload
        raise AssertionError(f"no {event} {match} came; there is {events}")


class BusStage:
    """The features alone."""

    def __init__(self, messenger: Messenger) -> None:
        self._messenger = messenger
        self._cids: dict[str, ContactId] = {}

    async def person(self, login: str) -> int:
        self._cids[login] = (await self._messenger.person(login)).cid
        return self._cids[login]

    async def session(self, login: str) -> BusActor:
        return BusActor(self._messenger.session(self._cids[login]))


class SocketStage:
    """The whole program."""

    def __init__(self, server: Server, clients: AsyncExitStack) -> None:
        self._server = server
        self._clients = clients

    async def person(self, login: str) -> int:
        return await self._server.person(login)

    async def session(self, login: str) -> Client:
        client = await self._clients.enter_async_context(Client(self._server.url("websocket")))
        reply = await client.call("login", {"login": login, "password": "a good password", "APILevel": 9})
        assert reply["status"] == "ok", reply
        return client


class SeparateStage:
    """One process per module, two of the server; every other session is at the second."""

    def __init__(self, server: SeparateServer, clients: AsyncExitStack, scenario: str) -> None:
        self._server = server
        self._clients = clients
        self._scenario = scenario
        self._sessions = 0

    async def person(self, login: str) -> int:
        return await self._server.person(f"{login}.{self._scenario}")

    async def session(self, login: str) -> Client:
        url = self._server.url("websocket", self._sessions % 2)
        self._sessions += 1
        client = await self._clients.enter_async_context(Client(url))
        sign_in = {"login": f"{login}.{self._scenario}", "password": "a good password", "APILevel": 9}
        reply = await client.call("login", sign_in)
        assert reply["status"] == "ok", reply
        return client


@each
async def test_over_the_bus(dsn: str, scenario: str) -> None:
    async with messenger_on(dsn) as messenger:
        await Play(BusStage(messenger)).run(SCENARIOS[scenario])


@each
async def test_over_sockets(server: Server, scenario: str) -> None:
    async with AsyncExitStack() as clients, asyncio.timeout(60):
        await Play(SocketStage(server, clients)).run(SCENARIOS[scenario])


@each
async def test_between_processes(separate_server: SeparateServer, scenario: str) -> None:
    async with AsyncExitStack() as clients, asyncio.timeout(60):
        await Play(SeparateStage(separate_server, clients, scenario)).run(SCENARIOS[scenario])
