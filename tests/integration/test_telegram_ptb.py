"""python-telegram-bot 22, unmodified, as a bot at our server."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, Update
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters
from telegram.request import HTTPXRequest

from tests.harness.client import WAIT
from tests.integration.telegram import PNG, World, world

__all__ = ["world"]

Context = ContextTypes.DEFAULT_TYPE


def application(world: World, token: str = "") -> "Application[Any, Any, Any, Any, Any, Any]":
    """An application that talks to our server; the certificate made a moment ago is not checked."""
    loose = {"verify": False}
    return (
        Application.builder()
        .token(token or world.token)
        .base_url(f"{world.url}/bot")
        .base_file_url(f"{world.url}/file/bot")
        .request(HTTPXRequest(connection_pool_size=8, httpx_kwargs=loose))
        .get_updates_request(HTTPXRequest(httpx_kwargs=loose))
        .build()
    )


async def repeated(call: Callable[[], Awaitable[object]]) -> None:
    """More calls than one second allows."""
    for _ in range(5):
        await call()


@asynccontextmanager
async def running(app: "Application[Any, Any, Any, Any, Any, Any]") -> AsyncIterator[None]:
    """Started and stopped as `run_polling` does it."""
    errors: list[Exception] = []
    async with app:
        assert app.updater is not None
        await app.start()
        await app.updater.start_polling(timeout=10, error_callback=errors.append)
        try:
            yield
        finally:
            await app.updater.stop()
            await app.stop()
    assert errors == []


async def test_start_poll_echo_edit_and_start_again(world: World) -> None:
    async def start(update: Update, context: Context) -> None:
        assert update.message is not None
        sent = await update.message.reply_text("*Здравствуйте*\\!", parse_mode=ParseMode.MARKDOWN_V2)
        await sent.edit_text("отредактировано")

    async def echo(update: Update, context: Context) -> None:
        assert update.message is not None
        await update.message.chat.send_action(ChatAction.TYPING)
        await update.message.reply_text(update.message.text or "", do_quote=True)

    for _ in range(2):  # the second time the first one has just hung up
        app = application(world)
        app.add_handler(CommandHandler("start", start))
        app.add_handler(MessageHandler(filters.TEXT, echo))
        async with running(app):
            await world.says("/start")
            assert json.loads((await world.hears(dataType="data"))["data"])["entities"][0]["type"] == "bold"
            changed = await world.alice.next("message-change-event")
            assert json.loads(changed["data"])["text"] == "отредактировано"
            asked = await world.says("эхо 😀")
            answer = await world.hears(dataType="data")
            assert json.loads(answer["data"])["text"] == "эхо 😀"
            assert answer["replyId"] == asked
            assert (await world.alice.next("message-event", dataType="unstored"))["senderId"] == world.bot


async def test_media_album_buttons_download(world: World) -> None:
    got: asyncio.Queue[str] = asyncio.Queue()

    async def pressed(update: Update, context: Context) -> None:
        assert update.callback_query is not None
        await update.callback_query.answer("Принято", show_alert=True)
        await update.callback_query.edit_message_text("Выбрано")
        await got.put(update.callback_query.data or "")

    app = application(world)
    app.add_handler(CallbackQueryHandler(pressed))
    async with running(app):
        bot = app.bot
        photo = await bot.send_photo(world.person, PNG, caption="<u>точка</u>", parse_mode=ParseMode.HTML)
        assert photo.caption_entities[0].type == "underline"
        document = await bot.send_document(world.person, b"words", filename="words.txt")
        assert document.document is not None
        file = await document.document.get_file()
        assert bytes(await file.download_as_bytearray()) == b"words"
        album = await bot.send_media_group(
            world.person,
            [InputMediaPhoto(photo.photo[-1].file_id), InputMediaPhoto(PNG)],
        )
        assert len(album) == 2
        assert album[0].media_group_id == album[1].media_group_id
        keys = InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="a")]])
        question = await bot.send_message(world.person, "Выберите", reply_markup=keys)
        press = {"cid": world.bot, "messageId": question.message_id, "callbackData": "a"}
        assert await world.alice.call("bot-button", press) == {}
        assert await asyncio.wait_for(got.get(), WAIT) == "a"
        assert (await world.alice.next("bot-notice-event"))["alert"] is True
        assert await document.delete()


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_errors_have_their_names(world: World) -> None:
    app = application(world)
    async with app:
        with pytest.raises(BadRequest, match="Chat not found"):
            await app.bot.send_message(77_777, "раз")
        await app.bot.set_webhook("https://127.0.0.1:9/")
        with pytest.raises(Conflict):
            await app.bot.get_updates()
        await app.bot.delete_webhook()
        await world.server.ask("settings-set", {"section": "bots.telegram", "key": "calls_per_second", "value": 1})
        with pytest.raises(RetryAfter):
            await repeated(app.bot.get_me)
    stranger = application(world, f"{world.bot}:wrong")
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.bot.shutdown()


async def test_webhook(world: World) -> None:
    async def echo(update: Update, context: Context) -> None:
        assert update.message is not None
        await update.message.reply_text(f"эхо: {update.message.text}")

    listening = socket.create_server(("127.0.0.1", 0))
    app = application(world)
    app.add_handler(MessageHandler(filters.TEXT, echo))
    async with app:
        assert app.updater is not None
        await app.start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/hook"
        await app.updater.start_webhook(
            unix=listening, url_path="hook", webhook_url=address, secret_token="s3cret", drop_pending_updates=True
        )
        await world.says("раз")
        assert json.loads((await world.hears())["data"])["text"] == "эхо: раз"
        await app.updater.stop()
        await app.stop()
    assert (await world.done("getWebhookInfo"))["url"] == address
