"""Bots: keyboards under a message and under the composer, captions, notices."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import expect

from roschat.modules.bots.api import BotNoticeEvent
from roschat.types import ContactId
from roschat.wire.delivery import deliver
from tests.browser.client.visitor import OpenClient, Visitor
from tests.harness.client import Client
from tests.harness.server import Server


@pytest.fixture
async def talk(server: Server, open_client: OpenClient) -> AsyncIterator[tuple[Visitor, Client, int]]:
    """Anna with the conversation with a bot open, the bot's socket, and Anna's cid."""
    me = await server.person("anna")
    bot = await server.ask("add-bot", {"name": "lunch", "title": "Столовая"})
    anna = await open_client()
    await anna.sign_in("anna")
    await anna.go(f"/chat/user/{bot['cid']}")
    async with Client(server.url("websocket")) as socket:
        assert await socket.call("start-bot", {"name": "lunch", "token": bot["token"]}) == {}
        yield anna, socket, me


def button(text: str, data: str) -> dict[str, Any]:
    return {"text": text, "callbackData": data}


async def test_inline_buttons_stand_under_texts_and_captions_and_reach_the_bot(
    talk: tuple[Visitor, Client, int],
) -> None:
    anna, bot, me = talk
    place = {
        "type": "location",
        "latitude": 55.75,
        "longitude": 37.62,
        "text": "Ждём вас здесь",
        "entities": [{"type": "bold", "offset": 0, "length": 4}],
        "keyboard": [[button("Приду", "come"), button("Не приду", "stay")]],
    }
    text = {"type": "text", "text": "Что на обед?", "keyboard": [[button("Суп", "soup")]]}
    sent = {}
    for body in (text, place):
        request = {"cid": me, "dataType": "data", "data": json.dumps(body)}
        sent[body["type"]] = (await bot.call("send-bot-message", request))["id"]
    await anna.message("Что на обед?").get_by_role("button", name="Суп").click()
    assert await bot.next("bot-button-event") == {"cid": me, "replyId": sent["text"], "callbackData": "soup"}
    shown = anna.message("Ждём вас здесь")
    await expect(shown.locator("strong")).to_have_text("Ждём")
    await expect(shown).to_contain_text("55.75000, 37.62000")
    await shown.get_by_role("button", name="Не приду").click()
    assert await bot.next("bot-button-event") == {"cid": me, "replyId": sent["location"], "callbackData": "stay"}


async def test_a_chat_keyboard_appears_answers_and_hides(talk: tuple[Visitor, Client, int]) -> None:
    anna, bot, me = talk
    rows = [[button("Меню", "menu")], [button("Помощь", "help")]]
    await bot.call("send-bot-message", {"cid": me, "data": "Выбирайте", "keyboard": rows, "action": "show"})
    keys = anna.page.get_by_test_id("bot-keyboard")
    await expect(keys.get_by_role("button")).to_have_text(["Меню", "Помощь"])
    await keys.get_by_role("button", name="Помощь").click()
    assert await bot.next("bot-button-event") == {"cid": me, "callbackData": "help"}
    await bot.call("set-bot-keyboard", {"cid": me, "action": "hide"})
    await expect(keys).to_have_count(0)


async def test_a_bot_notice_passes_and_an_alert_is_closed(server: Server, talk: tuple[Visitor, Client, int]) -> None:
    anna, bot, me = talk
    sender = ContactId((await server.ask("list-bots"))[0]["cid"])
    await bot.call("send-bot-message", {"cid": me, "data": "Слушаю"})
    await expect(anna.message("Слушаю")).to_be_visible()
    page = "https://example.org/menu"
    server.program.bus.publish(deliver(BotNoticeEvent(sender, "Меню обновлено", url=page), [ContactId(me)]))
    await expect(anna.page.get_by_text("Меню обновлено")).to_be_visible()
    link = anna.page.get_by_role("link", name="Открыть ссылку")
    await expect(link).to_have_attribute("href", page)
    await expect(link).to_have_attribute("target", "_blank")
    server.program.bus.publish(deliver(BotNoticeEvent(sender, "Столовая закрыта", alert=True), [ContactId(me)]))
    dialog = anna.page.get_by_role("dialog", name="Столовая")
    await expect(dialog).to_contain_text("Столовая закрыта")
    await dialog.get_by_role("button", name="Ок").click()
    await expect(dialog).to_have_count(0)
