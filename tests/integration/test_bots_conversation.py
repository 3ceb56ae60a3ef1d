"""What bots and people do with each other: history, revisions, keyboards, groups, several sockets, tokens."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from tests.harness.client import Client
from tests.harness.server import Server

PASSWORD = "a good password"


@dataclass
class Talk:
    """Alice and her bot, both on a socket."""

    server: Server
    alice: Client
    person: int
    echo: Client
    bot: int
    token: str

    async def bot_socket(self, token: str = "") -> Client:
        """One more socket of the bot."""
        client = await Client(self.server.url("websocket"), eio=3).connect()
        assert await client.call("start-bot", {"name": "echo", "token": token or self.token}) == {}
        return client

    async def write(self, text: str) -> int:
        """Alice writes to the bot."""
        sent = await self.alice.call("send-message", {"cid": self.bot, "data": text})
        assert (await self.echo.next("bot-message-event", id=sent["id"]))["data"] == text
        return int(sent["id"])

    async def say(self, text: str, **more: Any) -> int:
        """The bot writes to Alice."""
        sent = await self.echo.call("send-bot-message", {"cid": self.person, "data": text, **more})
        await self.alice.next("message-event", id=sent["id"])
        return int(sent["id"])


@asynccontextmanager
async def signed_in(server: Server, login: str) -> AsyncIterator[Client]:
    async with Client(server.url("websocket")) as client:
        assert (await client.call("login", {"login": login, "password": PASSWORD, "APILevel": 9}))["status"] == "ok"
        yield client


@pytest.fixture
async def talk(server: Server) -> AsyncIterator[Talk]:
    person = await server.person("alice")
    made = await server.ask("add-bot", {"name": "echo", "title": "Эхо", "commands": ["/start - начать"]})
    async with signed_in(server, "alice") as alice, Client(server.url("https")) as echo:
        assert await echo.call("start-bot", {"name": "echo", "token": made["token"]}) == {}
        yield Talk(server, alice, person, echo, made["cid"], made["token"])


async def test_people_find_a_bot_in_the_directory(talk: Talk) -> None:
    [card] = [card for card in await talk.alice.call("get-contacts", {}) if card["cid"] == talk.bot]
    assert (card["kind"], card["title"], card["commands"]) == ("bot", "Эхо", ["/start - начать"])
    assert {"type": "name", "value": "echo"} in card["fields"]
    await talk.server.ask("change-bot", {"cid": talk.bot, "title": "Эхо 2", "description": "повторяет"})
    changed = await talk.alice.next("contact-change-event")
    while changed["contact"].get("title") != "Эхо 2":
        changed = await talk.alice.next("contact-change-event")
    assert changed["contact"]["description"] == "повторяет"


async def test_history_is_newest_first_within_its_bounds(talk: Talk) -> None:
    ids = [await talk.write(f"m{number}") for number in range(6)]
    mine = await talk.say("мой", replyId=ids[0])
    await talk.alice.call("delete-message", {"id": ids[3]})

    async def page(**bounds: int) -> list[int]:
        return [m["id"] for m in await talk.echo.call("get-bot-messages", {"cid": talk.person, **bounds})]

    kept = [mine, ids[5], ids[4], ids[2], ids[1], ids[0]]
    assert await page() == kept
    assert await page(count=2) == kept[:2]
    assert await page(beginId=ids[4]) == kept[:3]
    assert await page(endId=ids[4], count=2) == [ids[4], ids[2]]
    assert await page(beginId=ids[1], endId=ids[2]) == [ids[2], ids[1]]
    one = await talk.echo.call("get-bot-message", {"cid": talk.person, "id": mine})
    assert (one["data"], one["senderId"], one["replyId"]) == ("мой", talk.bot, ids[0])
    assert (await talk.echo.call("get-bot-message", {"cid": talk.person, "id": ids[3]}))["error"] == "not-found"
    assert (await talk.echo.call("get-bot-message", {"id": 10**9}))["error"] == "not-found"


async def test_states_and_revisions_tell_who_read_what(talk: Talk) -> None:
    first, second = await talk.say("раз"), await talk.say("два")
    before = (await talk.echo.call("get-bot-messages-last-revision"))["rev"]

    async def changes(since: int, **more: int) -> list[dict[str, Any]]:
        found = await talk.echo.call("get-bot-messages-changes", {"cid": talk.person, "minRev": since, **more})
        assert [change["rev"] for change in found] == sorted(change["rev"] for change in found)
        assert all(change["rev"] > since for change in found)
        return list(found)

    assert {change["id"] for change in await changes(0)} == {first, second}
    assert await changes(before) == []
    await talk.alice.call("message-received", {"id": second})
    await talk.alice.call("message-watched", {"id": first})
    found = {change["id"]: change for change in await changes(before)}
    assert found[first]["receivedTime"]
    assert found[first]["watchedTime"]
    assert found[second]["receivedTime"]
    assert "watchedTime" not in found[second]
    assert {change["id"] for change in await changes(before, endId=first)} == {first}
    [details] = await talk.echo.call("get-bot-message-details", {"cidType": "user", "cid": talk.person, "id": first})
    assert details["cid"] == talk.person
    assert details["watchedTime"] == found[first]["watchedTime"]
    after = max(change["rev"] for change in found.values())
    await talk.echo.call("delete-bot-message", {"id": first})
    [gone] = await changes(after)
    assert gone["id"] == first
    assert gone["deletedTime"]
    shown = await talk.echo.call("get-bot-messages", {"cid": talk.person})
    assert [(message["id"], "receivedTime" in message, "watchedTime" in message) for message in shown] == [
        (second, True, False)
    ]


async def test_unwatched_messages_and_changed_chats(talk: Talk) -> None:
    mine = [await talk.say("раз"), await talk.say("два"), await talk.say("три")]
    rev = (await talk.echo.call("get-bot-chats-last-revision"))["rev"]
    assert await talk.echo.call("get-bot-chats-changes", {"minRev": rev}) == []
    assert await talk.echo.call("get-bot-unwatched-messages", mine) == []
    await talk.alice.call("message-watched", {"id": mine[0]})
    await talk.echo.call("delete-bot-message", {"id": mine[2]})
    news = await talk.write("новое")
    found = await talk.echo.call("get-bot-unwatched-messages", mine)
    # What she wrote came after she had read everything: all of mine is watched by then.
    assert [message["id"] for message in found] == [*mine, news]
    assert found[-1]["senderId"] == talk.person
    [chat] = await talk.echo.call("get-bot-chats-changes", {"minRev": rev})
    assert (chat["cid"], chat["lastId"], chat["unwatched"]) == (talk.person, news, 1)
    await talk.echo.call("bot-message-watched", {"id": news})
    found = await talk.echo.call("get-bot-unwatched-messages", [])
    assert found == []


async def test_an_edit_and_a_deletion_reach_the_bot(talk: Talk) -> None:
    written = await talk.write("првиет")
    await talk.alice.call("edit-message", {"id": written, "data": "привет"})
    changed = await talk.echo.next("bot-message-change-event", id=written)
    assert (changed["data"], changed["cid"]) == ("привет", talk.person)
    await talk.alice.call("set-reaction", {"id": written, "reaction": "👍"})
    await talk.alice.call("delete-message", {"id": written})
    changed = await talk.echo.next("bot-message-change-event", id=written)
    assert changed["deletedTime"]


async def test_a_bot_sees_that_somebody_is_typing(talk: Talk) -> None:
    notice = {"cid": talk.bot, "dataType": "unstored", "data": '{"type":"message-writing"}'}
    assert await talk.alice.call("send-message", notice) is not None
    heard = await talk.echo.next("bot-message-event", dataType="unstored")
    assert (heard["cid"], heard["id"], heard["data"]) == (talk.person, 0, '{"type":"message-writing"}')


async def test_buttons_under_a_picture_are_pressed_too(talk: Talk) -> None:
    stored = await talk.server.ask("store-file", {"owner": talk.bot, "name": "a.txt", "content": "YQ=="})
    body = {"type": "file", "file": stored["file"], "name": "a.txt", "keyboard": [[{"text": "А", "callbackData": "a"}]]}
    shown = await talk.say(json.dumps(body, ensure_ascii=False), dataType="data")
    assert await talk.alice.call("bot-button", {"cid": talk.bot, "messageId": shown, "callbackData": "a"}) == {}
    assert await talk.echo.next("bot-button-event") == {"cid": talk.person, "replyId": shown, "callbackData": "a"}


async def test_an_inline_keyboard_is_pressed_where_it_is(talk: Talk) -> None:
    body = {"type": "text", "text": "Выберите", "keyboard": [[{"text": "А", "callbackData": "a"}, {"text": "Б"}]]}
    shown = await talk.say(json.dumps(body, ensure_ascii=False), dataType="data")
    press = {"cid": talk.bot, "messageId": shown, "callbackData": "a"}
    assert await talk.alice.call("bot-button", press) == {}
    assert await talk.echo.next("bot-button-event") == {"cid": talk.person, "replyId": shown, "callbackData": "a"}
    assert await talk.alice.call("bot-button", {"cid": talk.bot, "messageId": shown, "callbackData": ""}) == {}
    assert await talk.echo.next("bot-button-event") == {"cid": talk.person, "replyId": shown}
    for wrong in ({"callbackData": "c"}, {"messageId": shown - 1}, {"messageId": 0}):
        assert (await talk.alice.call("bot-button", press | wrong))["error"] == "not-found"


async def test_a_chat_keyboard_stays_until_it_is_replaced(talk: Talk) -> None:
    rows = [[{"text": "Меню", "callbackData": "menu"}]]
    assert await talk.echo.call("set-bot-keyboard", {"cid": talk.person, "keyboard": rows}) == {}
    assert await talk.alice.next("bot-keyboard-event") == {"cid": talk.bot, "keyboard": rows}
    assert (await talk.alice.call("get-bot-keyboard", {"cid": talk.bot}))["keyboard"] == rows
    hidden = {"cid": talk.person, "keyboard": [], "action": "hide"}
    assert await talk.echo.call("set-bot-keyboard", hidden) == {}
    assert await talk.alice.call("get-bot-keyboard", {"cid": talk.bot}) == {"cid": talk.bot, "action": "hide"}
    wrong = await talk.alice.call("bot-button", {"cid": talk.bot, "callbackData": "menu"})
    assert wrong["error"] == "not-found"
    # A refused keyboard stores no message either.
    bad = {"cid": talk.person, "data": "x", "keyboard": rows, "action": "dance"}
    assert (await talk.echo.call("send-bot-message", bad))["error"] == "bad-request"
    assert await talk.echo.call("get-bot-messages", {"cid": talk.person}) == []
    for link in ("javascript:alert(1)", "data:text/html,x"):
        evil = {"cid": talk.person, "keyboard": [[{"text": "x", "link": link}]]}
        assert (await talk.echo.call("set-bot-keyboard", evil))["error"] == "bad-request"
    # Beside a message it is the chat keyboard as well.
    await talk.say("вот", keyboard=rows, action="show")
    assert (await talk.alice.call("get-bot-keyboard", {"cid": talk.bot}))["action"] == "show"


async def test_a_greeting_is_said_once(talk: Talk) -> None:
    await talk.server.ask("change-bot", {"cid": talk.bot, "greeting": "Здравствуйте!"})
    first = await talk.alice.call("send-message", {"cid": talk.bot, "data": "/start"})
    greeting = await talk.alice.next("message-event", data="Здравствуйте!")
    assert greeting["senderId"] == talk.bot
    heard = await talk.echo.next("bot-message-event")
    assert heard["id"] == first["id"]
    await talk.write("ещё")
    await talk.alice.call("delete-conversation", {"cid": talk.bot})
    await talk.write("и снова")
    history = await talk.echo.call("get-bot-messages", {"cid": talk.person})
    assert [m["data"] for m in history].count("Здравствуйте!") == 1


async def test_a_deleted_conversation_is_told(talk: Talk) -> None:
    await talk.write("привет")
    await talk.alice.call("delete-conversation", {"cid": talk.bot})
    assert await talk.echo.next("delete-bot-conversation-event") == {"cid": talk.person}


async def test_every_socket_of_a_bot_hears_and_a_new_token_ends_them(talk: Talk) -> None:
    second = await talk.bot_socket()
    written = await talk.write("всем")
    assert (await second.next("bot-message-event"))["id"] == written
    [shown] = await talk.server.ask("list-bots")
    assert shown["online"] == 2
    made = await talk.server.ask("renew-bot-token", {"cid": talk.bot})
    for socket in (talk.echo, second):
        await socket.wait_closed()
        assert socket.disconnected
    async with Client(talk.server.url("websocket")) as old:
        assert (await old.call("start-bot", {"name": "echo", "token": talk.token}))["error"] == "bad-token"
        await old.wait_closed()
    third = await talk.bot_socket(made["token"])
    await talk.alice.call("send-message", {"cid": talk.bot, "data": "снова"})
    assert (await third.next("bot-message-event"))["data"] == "снова"
    await talk.server.ask("delete-bot", {"cid": talk.bot})
    await third.wait_closed()
    assert (await talk.alice.call("send-message", {"cid": talk.bot, "data": "где ты"}))["error"] == "access-denied"
    await second.close()
    await third.close()


async def test_a_person_takes_a_bot_into_a_group(talk: Talk) -> None:
    bob = await talk.server.person("bob")
    async with signed_in(talk.server, "bob") as robert:
        made = await talk.alice.call("create-group", {"name": "Отдел", "members": [bob]})
        group = {"cid": made["cid"], "cidType": "group"}
        assert (await talk.echo.call("get-bot-messages", group))["error"] == "not-found"
        await talk.alice.call("add-group-members", {"cid": made["cid"], "members": [talk.bot]})
        joined = await talk.echo.next("bot-message-event", dataType="system")
        assert "senderId" not in joined
        assert {key: joined[key] for key in group} == group
        await robert.call("send-message", {**group, "data": "есть кто?"})
        heard = await talk.echo.next("bot-message-event", data="есть кто?")
        assert (heard["cid"], heard["cidType"], heard["senderId"]) == (made["cid"], "group", bob)
        sent = await talk.echo.call("send-bot-message", {**group, "data": "я"})
        assert (await talk.alice.next("message-event", id=sent["id"]))["senderId"] == talk.bot
        await robert.call("message-watched", {"id": sent["id"]})
        details = await talk.echo.call("get-bot-message-details", {**group, "id": sent["id"]})
        assert {d["cid"]: "watchedTime" in d for d in details} == {talk.person: False, bob: True}

        # A keyboard for one member; the press says who.
        rows = [[{"text": "Да", "callbackData": "y"}]]
        await talk.echo.call("set-bot-keyboard", {**group, "userId": bob, "keyboard": rows})
        assert (await robert.next("bot-keyboard-event"))["keyboard"] == rows
        assert "keyboard" not in await talk.alice.call("get-bot-keyboard", group)
        assert (await talk.alice.call("bot-button", {**group, "callbackData": "y"}))["error"] == "not-found"
        assert await robert.call("bot-button", {**group, "callbackData": "y"}) == {}
        pressed = await talk.echo.next("bot-button-event")
        assert pressed == {**group, "senderId": bob, "callbackData": "y"}

        # Another bot's words are not told: two echoes would never end.
        second = await talk.server.ask("add-bot", {"name": "second", "title": "Второй"})
        await talk.alice.call("add-group-members", {"cid": made["cid"], "members": [second["cid"]]})
        async with Client(talk.server.url("websocket")) as other:
            assert await other.call("start-bot", {"name": "second", "token": second["token"]}) == {}
            await talk.echo.call("send-bot-message", {**group, "data": "от бота"})
            await robert.call("send-message", {**group, "data": "от человека"})
            assert (await other.next("bot-message-event"))["data"] == "от человека"

        await talk.alice.call("remove-group-member", {"cid": made["cid"], "member": talk.bot})
        assert "keyboard" not in await robert.call("get-bot-keyboard", group)
        assert (await talk.echo.call("send-bot-message", {**group, "data": "я"}))["error"] == "access-denied"


async def test_only_its_own_messages_are_a_bots_to_delete(talk: Talk) -> None:
    written = await talk.write("моё")
    assert (await talk.echo.call("delete-bot-message", {"id": written}))["error"] == "access-denied"
    assert (await talk.echo.call("bot-message-watched", {"id": 10**9}))["error"] == "not-found"
