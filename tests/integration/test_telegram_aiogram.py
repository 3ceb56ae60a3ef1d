"""aiogram 3, unmodified, as a bot at our server: start, poll, echo, media, buttons, files, webhook."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.filters import Command, CommandStart
from aiogram.methods import SendMessage, TelegramMethod
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    Message,
)
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import FormData, web

from tests.harness.client import WAIT, trust_anything
from tests.integration.telegram import PNG, World, world

__all__ = ["world"]

# aiogram's models: pydantic speaks of what its next version will do.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:pydantic", "ignore::DeprecationWarning:aiogram")


class Session(AiohttpSession):
    """aiogram's own session; only the certificate made a moment ago is not checked."""

    def __init__(self, url: str) -> None:
        super().__init__(api=TelegramAPIServer.from_base(url))
        self._connector_init["ssl"] = trust_anything()


@pytest.fixture
async def bot(world: World) -> AsyncIterator[Bot]:
    made = Bot(world.token, session=Session(world.url), default=DefaultBotProperties(parse_mode="HTML"))
    yield made
    await made.session.close()


async def repeated(call: Callable[[], Awaitable[object]]) -> None:
    """More calls than one second allows."""
    for _ in range(5):
        await call()


@asynccontextmanager
async def polling(dispatcher: Dispatcher, bot: Bot) -> AsyncIterator[None]:
    """The dispatcher's own loop, stopped as it stops itself."""
    running = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False))
    try:
        yield
    finally:
        await dispatcher.stop_polling()
        await asyncio.wait_for(running, WAIT)


async def test_start_poll_echo_edit(world: World, bot: Bot) -> None:
    assert (await bot.me()).username == "EchoBot"
    dispatcher = Dispatcher()

    @dispatcher.message(CommandStart())
    async def start(message: Message) -> None:
        sent = await message.answer(f"<b>Здравствуйте</b>, {message.from_user and message.from_user.first_name}")
        await sent.edit_text("отредактировано")

    @dispatcher.message()
    async def echo(message: Message) -> None:
        await message.send_copy(message.chat.id)

    async with polling(dispatcher, bot):
        await world.says("/start")
        assert json.loads((await world.hears())["data"])["entities"][0]["type"] == "bold"
        changed = await world.alice.next("message-change-event")
        assert json.loads(changed["data"])["text"] == "отредактировано"
        await world.says("😀 эхо https://example.org/x")
        assert json.loads((await world.hears())["data"])["text"] == "😀 эхо https://example.org/x"
        await world.alice.call(
            "send-message",
            {
                "cid": world.bot,
                "dataType": "data",
                "data": json.dumps(
                    {"type": "text", "text": "код 😀", "entities": [{"type": "code", "offset": 0, "length": 6}]}
                ),
            },
        )
        echoed = json.loads((await world.hears())["data"])
        assert echoed["entities"] == [{"type": "code", "offset": 0, "length": 6}]


async def test_media_album_download(world: World, bot: Bot) -> None:
    chat = world.person
    photo = await bot.send_photo(chat, BufferedInputFile(PNG, "точка.png"), caption="<i>точка</i>")
    assert photo.photo is not None
    assert json.loads((await world.hears())["data"])["type"] == "image"
    document = await bot.send_document(chat, BufferedInputFile("слова".encode(), "слова.txt"))
    assert document.document is not None
    assert document.document.file_name == "слова.txt"
    content = await bot.download(document.document)
    assert content is not None
    assert content.read().decode() == "слова"
    album = await bot.send_media_group(
        chat,
        [
            InputMediaPhoto(media=photo.photo[-1].file_id, caption="раз"),
            InputMediaPhoto(media=BufferedInputFile(PNG, "два.png")),
            InputMediaDocument(media=BufferedInputFile(b"three", "three.txt")),
        ],
    )
    assert len({message.media_group_id for message in album}) == 1
    assert [message.content_type for message in album] == ["photo", "photo", "document"]
    ids = [message.message_id for message in album]
    assert ids == sorted(ids)
    await world.hears()
    heard = [json.loads((await world.hears())["data"]) for _ in range(3)]
    assert [body["type"] for body in heard] == ["image", "image", "file"]
    changed = await photo.edit_caption(caption="другая")
    assert isinstance(changed, Message)
    assert changed.caption == "другая"
    replaced = await photo.edit_media(InputMediaDocument(media=BufferedInputFile(b"new", "new.txt")))
    assert isinstance(replaced, Message)
    assert replaced.document is not None
    assert await document.delete()


async def test_what_a_person_sends_can_be_downloaded(world: World, bot: Bot) -> None:
    dispatcher = Dispatcher()
    got: asyncio.Queue[bytes] = asyncio.Queue()

    @dispatcher.message(F.document)
    async def take(message: Message) -> None:
        assert message.document is not None
        content = await bot.download(message.document)
        assert content is not None
        await got.put(content.read())

    headers = {"authorization": f"Bearer {world.access_token}"}
    form = FormData()
    form.add_field("file", b"payload", filename="a.bin")
    async with world.http.post(f"{world.url}/messages/data", data=form, headers=headers) as answer:
        name = await answer.text()
    body = {"type": "file", "file": name, "name": "a.bin", "size": 7}
    async with polling(dispatcher, bot):
        await world.alice.call("send-message", {"cid": world.bot, "dataType": "data", "data": json.dumps(body)})
        assert await asyncio.wait_for(got.get(), WAIT) == b"payload"


async def test_inline_buttons(world: World, bot: Bot) -> None:
    dispatcher = Dispatcher()

    @dispatcher.message(Command("ask"))
    async def ask(message: Message) -> None:
        keys = [[InlineKeyboardButton(text="Да", callback_data="yes")]]
        await message.answer("Да?", reply_markup=InlineKeyboardMarkup(inline_keyboard=keys))

    @dispatcher.callback_query(F.data == "yes")
    async def yes(query: CallbackQuery) -> None:
        await query.answer("Хорошо")
        assert isinstance(query.message, Message)
        await query.message.edit_reply_markup(reply_markup=None)

    async with polling(dispatcher, bot):
        await world.says("/ask")
        question = await world.hears()
        press = {"cid": world.bot, "messageId": question["id"], "callbackData": "yes"}
        assert await world.alice.call("bot-button", press) == {}
        assert (await world.alice.next("bot-notice-event"))["text"] == "Хорошо"
        changed = await world.alice.next("message-change-event", id=question["id"])
        assert "keyboard" not in json.loads(changed["data"])


async def test_errors_have_aiograms_names(world: World, bot: Bot) -> None:
    sent = await bot.send_message(world.person, "раз")
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await sent.edit_text("раз")
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(77_777, "раз")
    with pytest.raises(TelegramBadRequest, match="can't parse entities"):
        await bot.send_message(world.person, "<b>")
    await bot.set_webhook("https://127.0.0.1:9/")
    with pytest.raises(TelegramConflictError):
        await bot.get_updates()
    await bot.delete_webhook()
    other = Bot(f"{world.bot}:wrong", session=bot.session)
    with pytest.raises(TelegramUnauthorizedError):
        await other.get_me()
    await world.server.ask("settings-set", {"section": "bots.telegram", "key": "calls_per_second", "value": 1})
    with pytest.raises(TelegramRetryAfter) as caught:
        await repeated(bot.get_me)
    assert caught.value.retry_after >= 1


@pytest.mark.parametrize("background", [True, False])
async def test_webhook(world: World, bot: Bot, background: bool) -> None:
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Message) -> TelegramMethod[Any]:
        return SendMessage(chat_id=message.chat.id, text=f"эхо: {message.text}")

    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, handle_in_background=background, secret_token="s3cret").register(app, "/hook")
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    try:
        assert await bot.set_webhook(f"http://{host}:{port}/hook", secret_token="s3cret")
        for text in ("раз", "два", "три"):
            await world.says(text)
        heard = [json.loads((await world.hears())["data"])["text"] for _ in range(3)]
        assert sorted(heard) == sorted(["эхо: раз", "эхо: два", "эхо: три"])
        if not background:
            assert heard == ["эхо: раз", "эхо: два", "эхо: три"], "calls in answers keep the order of updates"
        info = await bot.get_webhook_info()
        assert info.url == f"http://{host}:{port}/hook"
        assert info.last_error_message is None
    finally:
        await bot.delete_webhook()
        await runner.cleanup()
