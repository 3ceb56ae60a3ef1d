"""Programs written for RosChat's bot SDKs, unchanged: the clients of both generations with the habits of each SDK.

The clients are real (npm socket.io-client 2 and 4, python-socketio 4 and 5) and run in processes of their own.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from roschat.transports.settings import Settings as TransportSettings
from tests.clients.program import SDKS, Program, bot
from tests.harness.client import Client, trust_anything
from tests.harness.server import Server


@dataclass
class Office:
    """A person who is signed in, and a bot with its token."""

    server: Server
    person: int
    client: Client
    bot: int
    token: str

    def program(self, sdk: str, name: str = "echo", token: str | None = None) -> Program:
        """The bot as a program of an SDK."""
        certificate = self.server.program.config.data / "certificates" / "certificate.pem"
        return bot(sdk, self.server.url("https"), certificate, name, self.token if token is None else token)


@pytest.fixture
async def office(server: Server) -> AsyncIterator[Office]:
    person = await server.person("alice")
    made = await server.ask("add-bot", {"name": "echo", "title": "Эхо"})
    async with Client(server.url("websocket")) as client:
        await client.call("login", {"login": "alice", "password": "a good password", "APILevel": 9})
        yield Office(server, person, client, made["cid"], made["token"])


def no_nulls(value: Any) -> bool:
    """Optional fields are absent, never null, at any depth."""
    if isinstance(value, dict):
        return all(no_nulls(inside) for inside in value.values())
    if isinstance(value, list):
        return all(no_nulls(inside) for inside in value)
    return value is not None


@pytest.mark.parametrize("sdk", SDKS)
async def test_an_unchanged_bot_talks(office: Office, sdk: str) -> None:
    alice = office.client
    async with office.program(sdk) as echo:
        [config] = await echo.hear("config")
        assert int(config["webSocketsPort"]) > 0
        assert int(config["webSocketsPortVer4"]) > 0
        if sdk.startswith("js"):
            # Those for Python do the same, but cannot be asked.
            assert await echo.hear("began") == ["polling"]
        assert await echo.hear("started") == [{}]
        await echo.say("transport")
        assert await echo.hear("transport") == ["websocket"]

        await alice.call("send-message", {"cid": office.bot, "data": "привет 😀"})
        heard = await echo.event("bot-message-event")
        assert (heard["cid"], heard["senderId"], heard["dataType"]) == (office.person, office.person, "text")
        assert heard["data"] == "привет 😀"
        assert no_nulls(heard)

        # Marks with and without an ack, numbers as numbers and as texts.
        assert await echo.call("bot-message-received", {"id": heard["id"]}) == {}
        await echo.say("emit", "bot-message-watched", {"id": str(heard["id"])})
        await alice.next("message-marks-event", reader=office.bot, watchedId=heard["id"])
        sent = await echo.call("send-bot-message", {"cid": str(office.person), "data": "раз", "replyId": heard["id"]})
        assert isinstance(sent["id"], int)
        event = await alice.next("message-event", id=sent["id"])
        assert (event["cid"], event["senderId"], event["replyId"]) == (office.bot, office.bot, heard["id"])
        await echo.say("emit", "send-bot-message", {"cid": office.person, "cidType": "user", "data": "два"})
        await alice.next("message-event", data="два")

        # What SDKs add to a request, or leave out.
        extra = {"token": office.token, "name": "echo", "action": "none", "cid": office.person, "data": "три"}
        assert (await echo.call("send-bot-message", extra))["id"]
        for name in ("get-bot-messages-last-revision", "get-bot-chats-last-revision"):
            nothings: list[list[Any]] = [[], [None], [{}]]
            for nothing in nothings:
                assert (await echo.call(name, *nothing))["rev"] > 0
            await echo.say("emit", name, None)
        assert isinstance(await echo.call("get-bot-chats-changes", {"minRev": 0}), list)
        assert "error" in await echo.call("send-bot-message", None)
        assert (await echo.call("send-bot-message", {"cid": 10**9, "data": "?"}))["error"] == "not-found"
        for whose in (office.person, {"cid": office.person}):
            assert not await echo.call("bot-get-acs-info", whose)

        history = await echo.call("get-bot-messages", {"cid": office.person})
        assert [message["data"] for message in history] == ["три", "два", "раз", "привет 😀"]
        assert no_nulls(history)

        keyboard = [[{"text": "Да", "callbackData": "yes"}, {"text": "Сайт", "link": "https://example.org/"}]]
        await echo.say("emit", "set-bot-keyboard", {"cid": office.person, "keyboard": keyboard, "action": "show"})
        assert (await alice.next("bot-keyboard-event"))["keyboard"] == keyboard
        assert await alice.call("bot-button", {"cid": office.bot, "callbackData": "yes"}) == {}
        pressed = await echo.event("bot-button-event")
        assert pressed == {"cid": office.person, "callbackData": "yes"}

        assert (await echo.call("delete-bot-message", {"id": sent["id"]})) == {}
        assert (await alice.next("message-change-event", id=sent["id"]))["deletedTime"]


@pytest.mark.parametrize("sdk", SDKS)
async def test_an_unchanged_bot_uploads_without_saying_who_it_is(office: Office, sdk: str) -> None:
    async with office.program(sdk) as echo:
        await echo.hear("started")
        for path in ("/messages/data", "/messages/data/"):
            await echo.say("upload", path, "отчёт.txt", "итого 42")
            status, kind, name = await echo.hear("uploaded")
            assert status == 200
            assert kind.startswith("text/plain")
            assert name == name.strip()
            assert not name.startswith(("{", '"'))
        body = {"type": "file", "name": "отчёт.txt", "file": name}
        sent = await echo.call(
            "send-bot-message", {"cid": office.person, "dataType": "data", "data": json.dumps(body, ensure_ascii=False)}
        )
        assert sent["id"]
    event = await office.client.next("message-event", id=sent["id"])
    assert json.loads(event["data"])["file"] == name
    # The reader may open it: the message has shared it.
    info = await office.client.call("get-file-info", {"file": name})
    assert (info["name"], info["size"], info["owner"]) == ("отчёт.txt", len("итого 42".encode()), office.bot)


@pytest.mark.parametrize("sdk", SDKS)
@pytest.mark.parametrize(("name", "token", "error"), [("echo", "0" * 64, "bad-token"), ("none", "0" * 64, "not-found")])
async def test_a_refused_bot_is_told_and_hung_up_on(
    office: Office, sdk: str, name: str, token: str, error: str
) -> None:
    async with office.program(sdk, name, token) as stranger:
        [ack] = await stranger.hear("started")
        assert ack["error"] == error
        await stranger.hear("disconnect")


async def test_the_configuration_is_there_with_one_slash_and_with_two(server: Server) -> None:
    async with aiohttp.ClientSession() as session:
        for path in ("/ajax/config.json", "//ajax/config.json"):
            async with session.get(server.url("https") + path, ssl=trust_anything(), allow_redirects=False) as answer:
                assert answer.status == 200
                config = await answer.json()
                assert {"webSocketsPort", "webSocketsPortVer4"} <= config.keys()


def test_a_socket_may_wait_before_it_starts_the_bot() -> None:
    """The vendor's SDK for Python waits for two seconds between connecting and start-bot."""
    assert TransportSettings().sign_in_time >= 10


async def test_requests_before_start_bot_are_refused(office: Office) -> None:
    async with Client(office.server.url("websocket")) as early:
        assert (await early.call("get-bot-messages", {"cid": office.person}))["error"] == "not-authorized"
        assert await early.call("start-bot", {"name": "Echo", "token": office.token}) == {}
        assert await early.call("get-bot-messages", {"cid": office.person}) == []


async def test_a_person_is_no_bot_and_a_bot_no_person(office: Office) -> None:
    reply = await office.client.call("start-bot", {"name": "echo", "token": office.token})
    assert reply["error"] == "bad-request"
    assert (await office.client.call("get-bot-messages", {"cid": office.bot}))["error"] == "access-denied"
    async with Client(office.server.url("websocket")) as echo:
        await echo.call("start-bot", {"name": "echo", "token": office.token})
        assert (await echo.call("get-contacts", {}))["error"] == "access-denied"
        assert (await echo.call("add-bot", {"name": "x2", "title": "x"}))["error"] == "access-denied"
