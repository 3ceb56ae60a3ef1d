"""The Telegram-compatible endpoint over plain HTTP: encodings, refusals, updates, files. No library in between."""

import asyncio
import json

import aiohttp
import pytest
from aiohttp import web

from roschat.kernel.http_client import anywhere
from roschat.modules.bots.telegram import media
from roschat.modules.bots.telegram.api import TelegramUpdates
from tests.harness.client import WAIT, until
from tests.integration.telegram import PNG, World, signed_in, world

__all__ = ["world"]


async def test_who_am_i_in_every_encoding(world: World) -> None:
    address = f"{world.url}/bot{world.token}/"
    expected = {"id": world.bot, "is_bot": True, "first_name": "Echo", "username": "EchoBot"}
    for method, name in (("GET", "getMe"), ("POST", "GETME"), ("POST", "getme")):
        async with world.http.request(method, address + name) as answer:
            assert expected.items() <= (await answer.json())["result"].items()
    form = aiohttp.FormData({"chat_id": str(world.person), "text": "из формы"}, default_to_multipart=True)
    for sent in ({"data": {"chat_id": str(world.person), "text": "из формы"}}, {"data": form}):
        async with world.http.post(address + "sendMessage", **sent) as answer:
            assert (await answer.json())["result"]["text"] == "из формы"
    async with world.http.get(address + "sendMessage", params={"chat_id": world.person, "text": "из строки"}) as answer:
        assert (await answer.json())["result"]["text"] == "из строки"


async def test_text_with_styles_arrives_on_both_sides(world: World) -> None:
    message = await world.done("sendMessage", chat_id=world.person, text="😀 <b>жирно</b> &lt;", parse_mode="HTML")
    assert message["text"] == "😀 жирно <"
    assert message["entities"] == [{"type": "bold", "offset": 3, "length": 5}]
    heard = json.loads((await world.hears())["data"])
    assert heard == {"type": "text", "text": "😀 жирно <", "entities": [{"type": "bold", "offset": 3, "length": 5}]}
    await world.says("/start@EchoBot привет https://example.org/a.")
    [update] = await world.updates(1)
    message = update["message"]
    assert message["chat"] == {"id": world.person, "type": "private", "first_name": "Alice"}
    assert message["from"] == {"id": world.person, "is_bot": False, "first_name": "Alice"}
    assert [(e["type"], e["offset"], e["length"]) for e in message["entities"]] == [
        ("bot_command", 0, 14),
        ("url", 22, 21),
    ]


async def test_updates_wait_are_confirmed_and_come_once(world: World) -> None:
    kept: list[TelegramUpdates] = []
    world.server.program.bus.subscribe(TelegramUpdates, kept.append)
    for number in range(3):
        await world.says(f"сообщение {number}")
    await until(lambda: len(kept) == 3)
    first, second, third = await world.done("getUpdates")
    assert [u["message"]["text"] for u in (first, second, third)] == [f"сообщение {n}" for n in range(3)]
    assert await world.done("getUpdates", offset=second["update_id"], limit=1) == [second]
    assert await world.done("getUpdates", offset=-1) == [third]
    assert await world.done("getUpdates", offset=0) == [third]
    assert await world.done("getUpdates", offset=third["update_id"] + 1) == []
    assert await world.done("getUpdates") == []


async def test_a_waiting_request_is_woken_by_a_message(world: World) -> None:
    waiting = asyncio.create_task(world.updates(1))
    message = await world.says("проснись")
    assert (await asyncio.wait_for(waiting, WAIT))[0]["message"]["message_id"] == message


async def test_an_edit_is_an_update_and_a_reaction_is_not(world: World) -> None:
    message = await world.says("раз")
    await world.alice.call("set-reaction", {"id": message, "reaction": "👍"})
    await world.alice.call("edit-message", {"id": message, "data": "два"})
    first, second = await world.updates(2)
    assert first["message"]["text"] == "раз"
    assert second["edited_message"]["text"] == "два"
    assert second["edited_message"]["edit_date"] >= second["edited_message"]["date"]


async def test_allowed_updates_are_kept(world: World) -> None:
    await world.done("getUpdates", allowed_updates=json.dumps(["edited_message"]))
    message = await world.says("раз")
    await world.alice.call("edit-message", {"id": message, "data": "два"})
    [update] = await world.updates(1)
    assert update["edited_message"]["text"] == "два"


async def test_a_second_poller_is_a_conflict_and_one_who_hung_up_is_not(world: World) -> None:
    address = f"{world.url}/bot{world.token}/getUpdates"
    first = asyncio.create_task(world.call("getUpdates", timeout=50))
    code, text = 0, ""
    while not code:  # until the first one has begun to wait
        answer = await world.call("getUpdates", timeout=0)
        code, text = answer.get("error_code", 0), answer.get("description", "")
    assert code == 409
    assert text.startswith("Conflict: terminated by other getUpdates request")
    first.cancel()
    await asyncio.wait([first])
    async with world.http.post(address, data={"timeout": "0"}) as after:
        assert after.status == 200, await after.text()


@pytest.mark.parametrize(
    ("method", "params", "code", "text"),
    [
        ("sendMessage", {"chat_id": 999_999, "text": "x"}, 400, "Bad Request: chat not found"),
        ("sendMessage", {"chat_id": "@somebody", "text": "x"}, 400, "Bad Request: chat not found"),
        ("sendMessage", {"chat_id": -999_999, "text": "x"}, 400, "Bad Request: chat not found"),
        ("sendMessage", {"text": "x"}, 400, "Bad Request: parameter 'chat_id' is required"),
        ("sendMessage", {"chat_id": 1, "text": " "}, 400, "Bad Request: message text is empty"),
        ("sendMessage", {"chat_id": 1, "text": "x" * 4097}, 400, "Bad Request: message is too long"),
        (
            "sendMessage",
            {"chat_id": 1, "text": "<b>x", "parse_mode": "HTML"},
            400,
            "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        ("sendInvoice", {}, 400, "Bad Request: method 'sendInvoice' is not supported by this server"),
        ("getFile", {"file_id": "RC00000000000000000000"}, 400, "Bad Request: wrong file_id or the file is"),
        ("sendPhoto", {"chat_id": 1, "photo": "https://example.org/x.png"}, 400, "Bad Request: this server does not"),
        ("answerCallbackQuery", {"callback_query_id": "1-2-3"}, 400, "Bad Request: query is too old"),
        ("setWebhook", {"url": "ftp://x"}, 400, "Bad Request: bad webhook"),
    ],
)
async def test_refusals_say_what_is_wrong(
    world: World, method: str, params: dict[str, object], code: int, text: str
) -> None:
    found = await world.refused(method, **params)
    assert found[0] == code
    assert found[1].startswith(text)


async def test_a_wrong_token_is_told_in_json_and_guessing_is_slowed_down(world: World) -> None:
    answers = []
    for number in range(40):
        async with world.http.get(f"{world.url}/bot{world.bot}:{number}/getMe") as answer:
            answers.append(await answer.json())
    assert answers[0] == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    assert answers[-1]["error_code"] == 429
    assert answers[-1]["parameters"]["retry_after"] > 0
    assert (await world.call("getMe"))["ok"], "the bot itself is not held up"
    async with world.http.get(f"{world.url}/file/bot{world.token}/files/none.png") as answer:
        assert (answer.status, await answer.json()) == (
            404,
            {"ok": False, "error_code": 404, "description": "Not Found"},
        )


async def test_too_many_calls_are_told_when_to_come_back(world: World) -> None:
    await world.server.ask("settings-set", {"section": "bots.telegram", "key": "calls_per_second", "value": 1})
    answers = [await world.call("getMe") for _ in range(4)]
    assert answers[-1]["error_code"] == 429
    assert answers[-1]["description"].startswith("Too Many Requests: retry after")
    assert answers[-1]["parameters"]["retry_after"] >= 1


async def test_an_edit_that_changes_nothing_is_refused(world: World) -> None:
    buttons = {"inline_keyboard": [[{"text": "да", "callback_data": "yes"}]]}
    sent = await world.done("sendMessage", chat_id=world.person, text="раз", reply_markup=buttons)
    where = {"chat_id": world.person, "message_id": sent["message_id"]}
    code, text = await world.refused("editMessageText", **where, text="раз", reply_markup=json.dumps(buttons))
    assert (code, text.partition(":")[2][:24]) == (400, " message is not modified")
    edited = await world.done("editMessageText", **where, text="*раз*", parse_mode="MarkdownV2")
    assert edited["entities"] == [{"type": "bold", "offset": 0, "length": 3}]
    assert "reply_markup" not in edited
    await world.done("editMessageReplyMarkup", **where, reply_markup=buttons)
    assert (await world.refused("editMessageReplyMarkup", **where, reply_markup=buttons))[0] == 400
    assert await world.done("deleteMessage", **where) is True
    assert (await world.refused("deleteMessage", **where))[1] == "Bad Request: message to delete not found"
    assert (await world.refused("editMessageText", **where, text="x"))[1] == "Bad Request: message to edit not found"


async def test_a_press_is_answered_with_a_notice(world: World) -> None:
    buttons = {"inline_keyboard": [[{"text": "да", "callback_data": "yes"}, {"text": "сайт", "url": "https://a.b"}]]}
    sent = await world.done("sendMessage", chat_id=world.person, text="?", reply_markup=buttons)
    assert sent["reply_markup"] == buttons
    pressed = await world.alice.call(
        "bot-button", {"cid": world.bot, "messageId": sent["message_id"], "callbackData": "yes"}
    )
    assert pressed == {}
    [update] = await world.updates(1)
    query = update["callback_query"]
    assert (query["data"], query["from"]["id"], query["message"]["text"]) == ("yes", world.person, "?")
    await world.done("answerCallbackQuery", callback_query_id=query["id"], text="Принято", show_alert=True)
    notice = await world.alice.next("bot-notice-event")
    assert notice == {"cid": world.bot, "text": "Принято", "alert": True}


async def test_a_key_of_a_reply_keyboard_says_its_text(world: World) -> None:
    keyboard = {"keyboard": [["Да", {"text": "Нет"}]], "resize_keyboard": True}
    await world.done("sendMessage", chat_id=world.person, text="?", reply_markup=keyboard)
    shown = await world.alice.next("bot-keyboard-event")
    assert [[b["text"] for b in row] for row in shown["keyboard"]] == [["Да", "Нет"]]
    await world.alice.call("bot-button", {"cid": world.bot, "callbackData": "Нет"})
    [update] = await world.updates(1)
    assert update["message"]["text"] == "Нет"
    assert update["message"]["from"]["id"] == world.person
    await world.done("sendMessage", chat_id=world.person, text="!", reply_markup={"remove_keyboard": True})
    assert (await world.alice.next("bot-keyboard-event"))["action"] == "hide"


async def test_files_go_there_and_back(world: World) -> None:
    form = aiohttp.FormData({"chat_id": str(world.person), "photo": "attach://x", "caption": "_вот_"})
    form.add_field("parse_mode", "Markdown")
    form.add_field("x", PNG, filename='тест "1".png', content_type="image/png")
    async with world.http.post(f"{world.url}/bot{world.token}/sendPhoto", data=form) as answer:
        message = (await answer.json())["result"]
    photo = message["photo"][-1]
    assert (photo["width"], photo["height"], photo["file_size"]) == (1, 1, len(PNG))
    assert (message["caption"], message["caption_entities"][0]["type"]) == ("вот", "italic")
    file = await world.done("getFile", file_id=photo["file_id"])
    assert not file["file_path"].startswith("/")
    address = f"{world.url}/file/bot{world.token}/{file['file_path']}"
    async with world.http.get(address) as answer:
        assert await answer.read() == PNG
    async with world.http.get(address, headers={"range": "bytes=1-3"}) as answer:
        assert (answer.status, await answer.read()) == (206, b"PNG")
    again = await world.done("sendDocument", chat_id=world.person, document=photo["file_id"])
    assert again["document"]["file_name"].endswith(".png")
    copied = await world.done(
        "copyMessage", chat_id=world.person, from_chat_id=world.person, message_id=message["message_id"]
    )
    assert list(copied) == ["message_id"]


async def test_what_is_no_picture_is_no_photo(world: World) -> None:
    form = aiohttp.FormData({"chat_id": str(world.person)})
    form.add_field("photo", b"just words", filename="words.png")
    async with world.http.post(f"{world.url}/bot{world.token}/sendPhoto", data=form) as answer:
        assert (await answer.json())["description"] == "Bad Request: IMAGE_PROCESS_FAILED"


async def test_a_file_over_the_limit_is_told_in_json(world: World) -> None:
    await world.server.ask("settings-set", {"section": "server.files", "key": "max_size", "value": 100})
    form = aiohttp.FormData({"chat_id": str(world.person)})
    form.add_field("document", b"x" * 101, filename="x.bin")
    async with world.http.post(f"{world.url}/bot{world.token}/sendDocument", data=form) as answer:
        assert (answer.status, (await answer.json())["error_code"]) == (413, 413)


async def test_everything_else_that_can_be_sent(world: World) -> None:
    chat = {"chat_id": world.person}
    place = await world.done("sendLocation", **chat, latitude="55.75", longitude=37.6)
    assert place["location"] == {"latitude": 55.75, "longitude": 37.6}
    contact = await world.done("sendContact", **chat, phone_number="+7 000", first_name="Пётр")
    assert contact["text"] == "Пётр\n+7 000"
    poll = await world.done("sendPoll", **chat, question="Да?", options=json.dumps(["да", {"text": "нет"}]))
    assert [option["text"] for option in poll["poll"]["options"]] == ["да", "нет"]
    assert (await world.done("stopPoll", **chat, message_id=poll["message_id"]))["is_closed"] is True
    assert await world.done("sendChatAction", **chat, action="typing") is True
    forwarded = await world.done("forwardMessage", **chat, from_chat_id=world.person, message_id=place["message_id"])
    assert forwarded["forward_origin"]["sender_user"]["id"] == world.bot
    reply = await world.done(
        "sendMessage", **chat, text="ответ", reply_parameters=json.dumps({"message_id": contact["message_id"]})
    )
    assert reply["reply_to_message"]["message_id"] == contact["message_id"]
    code, text = await world.refused("sendMessage", **chat, text="x", reply_to_message_id=1)
    assert (code, text) == (400, "Bad Request: message to be replied not found")
    assert await world.done("setMessageReaction", **chat, message_id=reply["message_id"], reaction=[{"emoji": "👍"}])
    assert await world.done("pinChatMessage", **chat, message_id=reply["message_id"]) is True


async def test_a_group_from_joining_to_leaving(world: World) -> None:
    bob = await world.server.person("bob")
    group = (await world.alice.call("create-group", {"name": "Отдел", "members": [bob]}))["cid"]
    await world.alice.call("add-group-members", {"cid": group, "members": [world.bot]})
    joined, notice = await world.updates(2)
    change = joined["my_chat_member"]
    assert change["chat"] == {"id": -group, "type": "group", "title": "Отдел"}
    assert change["from"]["id"] == world.person
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == ("left", "member")
    assert [user["id"] for user in notice["message"]["new_chat_members"]] == [world.bot]
    socket, _ = await signed_in(world.server, "bob")
    await socket.call("send-message", {"cid": group, "cidType": "group", "data": "всем привет"})
    [update] = await world.updates(1, notice["update_id"] + 1)
    assert (update["message"]["chat"]["id"], update["message"]["from"]["id"]) == (-group, bob)
    await socket.close()
    await world.done("sendMessage", chat_id=-group, text="и вам")
    admins = await world.done("getChatAdministrators", chat_id=-group)
    assert [(admin["status"], admin["user"]["id"]) for admin in admins] == [("creator", world.person)]
    assert (await world.done("getChatMember", chat_id=-group, user_id=bob))["status"] == "member"
    assert await world.done("getChatMemberCount", chat_id=-group) == 3
    assert (await world.done("getChat", chat_id=-group))["title"] == "Отдел"
    await world.alice.call("remove-group-member", {"cid": group, "member": world.bot})
    [left] = await world.updates(1, update["update_id"] + 1)
    assert left["my_chat_member"]["new_chat_member"]["status"] == "left"
    code, _ = await world.refused("sendMessage", chat_id=-group, text="?")
    assert code in (400, 403)


async def test_commands_are_those_of_the_card(world: World) -> None:
    commands = [{"command": "start", "description": "Начать"}, {"command": "help", "description": "Помощь"}]
    assert await world.done("setMyCommands", commands=json.dumps(commands)) is True
    assert await world.done("getMyCommands") == commands
    card = await world.alice.call("get-contact", {"cid": world.bot})
    assert card["commands"] == ["/start - Начать", "/help - Помощь"]
    assert await world.done("deleteMyCommands") is True
    assert await world.done("getMyCommands") == []


async def test_a_file_by_its_address(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def picture(request: web.Request) -> web.Response:
        return web.Response(body=PNG)

    app = web.Application()
    app.router.add_get("/a.png", picture)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}/a.png"
    await world.server.ask("settings-set", {"section": "bots.telegram", "key": "outside_urls", "value": True})
    code, text = await world.refused("sendPhoto", chat_id=world.person, photo=address)
    assert (code, "may not be asked from here" in text) == (400, True), "the inside is not asked"
    monkeypatch.setattr(media, "public", anywhere)
    message = await world.done("sendPhoto", chat_id=world.person, photo=address)
    assert message["photo"][-1]["file_size"] == len(PNG)
    assert (await world.refused("sendPhoto", chat_id=world.person, photo=address + "x"))[1].endswith("answered 404")
    await runner.cleanup()


async def test_a_deleted_bot_is_nobody(world: World) -> None:
    await world.server.ask("delete-bot", {"cid": world.bot})
    assert (await world.refused("getMe"))[0] == 401
    assert await world.server.ask("add-bot", {"name": "EchoBot", "title": "Echo"})
