"""What the tests of the Telegram-compatible endpoint share: the server, a bot, a person with a socket, raw calls."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from tests.harness.client import WAIT, Client, trust_anything
from tests.harness.server import Server

PASSWORD = "a good password"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cfc0f01f0005fe02fe0d"
    "26aba20000000049454e44ae426082"
)


@dataclass
class World:
    """A bot and Alice, who talks to it over a socket."""

    server: Server
    bot: int
    token: str
    """As Telegram's libraries want it."""
    person: int
    alice: Client
    http: aiohttp.ClientSession
    access_token: str
    """Alice's, for HTTP."""

    @property
    def url(self) -> str:
        return self.server.url("https")

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """A raw call with a JSON body; the whole answer."""
        async with self.http.post(f"{self.url}/bot{self.token}/{method}", json=params) as answer:
            assert answer.content_type == "application/json"
            found = await answer.json()
            assert isinstance(found, dict)
            assert found["ok"] is (answer.status == 200)
            assert found["ok"] or found["error_code"] == answer.status
            return found

    async def done(self, method: str, **params: Any) -> Any:
        """The result of a call that must be granted."""
        answer = await self.call(method, **params)
        assert answer["ok"], answer
        return answer["result"]

    async def refused(self, method: str, **params: Any) -> tuple[int, str]:
        """Number and description of a call that must be refused."""
        answer = await self.call(method, **params)
        assert not answer["ok"], answer
        return answer["error_code"], answer["description"]

    async def updates(self, count: int, offset: int = 0) -> list[dict[str, Any]]:
        """Wait for so many updates."""
        found: list[dict[str, Any]] = []
        async with asyncio.timeout(WAIT):
            while len(found) < count:
                found += await self.done(
                    "getUpdates", timeout=5, offset=found[-1]["update_id"] + 1 if found else offset
                )
        assert len(found) == count, found
        return found

    async def says(self, text: str) -> int:
        """Alice writes to the bot; the id of her message."""
        return int((await self.alice.call("send-message", {"cid": self.bot, "data": text}))["id"])

    async def hears(self, **match: Any) -> dict[str, Any]:
        """The next message of the bot to Alice."""
        found = await self.alice.next("message-event", senderId=self.bot, **match)
        assert isinstance(found, dict)
        return found


async def signed_in(server: Server, login: str) -> tuple[Client, str]:
    """A person's socket and access token."""
    client = await Client(server.url("websocket")).connect()
    reply = await client.call("login", {"login": login, "password": PASSWORD, "APILevel": 9})
    assert reply["status"] == "ok", reply
    return client, reply["tokens"]["access_token"]


@pytest.fixture
async def world(server: Server) -> AsyncIterator[World]:
    """See `World`. The bot has begun to fetch updates."""
    made = await server.ask("add-bot", {"name": "EchoBot", "title": "Echo"})
    person = await server.person("alice")
    alice, access_token = await signed_in(server, "alice")
    http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust_anything()))
    made_world = World(server, made["cid"], f"{made['cid']}:{made['token']}", person, alice, http, access_token)
    try:
        assert await made_world.done("getUpdates", offset=0) == []
        yield made_world
    finally:
        await http.close()
        await alice.close()
