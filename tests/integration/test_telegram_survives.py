"""The Telegram-compatible endpoint when the other side fails, or the program was away."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web

from roschat.program import Program
from tests.harness.client import WAIT, Client
from tests.harness.server import Server
from tests.integration.telegram import World, signed_in, world

__all__ = ["world"]


class Hook:
    """A bot's webhook: takes posts, answers what it was told to."""

    def __init__(self) -> None:
        self.posts: asyncio.Queue[tuple[str, dict[str, object]]] = asyncio.Queue()
        self.answers: list[web.Response] = []
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        await self.posts.put((secret, await request.json()))
        return self.answers.pop(0) if self.answers else web.Response()

    async def next(self) -> tuple[str, dict[str, object]]:
        return await asyncio.wait_for(self.posts.get(), WAIT)


@asynccontextmanager
async def hooked() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/", hook.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        yield hook
    finally:
        await runner.cleanup()


async def test_a_webhook_gets_an_update_until_it_takes_it_and_in_order(world: World) -> None:
    async with hooked() as hook:
        hook.answers = [web.Response(status=500), web.Response(status=302, headers={"location": "/elsewhere"})]
        await world.done("setWebhook", url=hook.url, secret_token="s3cret")
        await world.says("раз")
        await world.says("два")
        heard = [await hook.next() for _ in range(4)]
        assert {secret for secret, _ in heard} == {"s3cret"}
        first, again, once_more, second = (update for _, update in heard)
        assert first == again == once_more
        assert first["message"]["text"] == "раз"  # type: ignore[index]
        assert second["message"]["text"] == "два"  # type: ignore[index]
        info = await world.done("getWebhookInfo")
        assert (info["url"], info["last_error_message"]) == (hook.url, "Wrong response from the webhook: 302")
        assert (await world.refused("getUpdates"))[0] == 409
        await world.done("deleteWebhook")


async def test_a_call_in_the_answer_is_carried_out(world: World) -> None:
    async with hooked() as hook:
        form = aiohttp.MultipartWriter("form-data")
        for name, value in (("method", "sendDocument"), ("chat_id", str(world.person)), ("document", "attach://f")):
            form.append(value).set_content_disposition("form-data", name=name)
        form.append(b"bytes").set_content_disposition("form-data", name="f", filename="f.txt")
        call = {"method": "sendMessage", "chat_id": world.person, "text": "ответ"}
        hook.answers = [
            web.json_response(call),
            web.Response(text=f"method=sendMessage&chat_id={world.person}&text=form",
                         content_type="application/x-www-form-urlencoded"),
            web.Response(body=form),
            web.json_response({"method": "sendMessage", "chat_id": 1}),
            web.json_response({}),
        ]  # fmt: skip
        await world.done("setWebhook", url=hook.url)
        for number in range(5):
            await world.says(str(number))
            await hook.next()
        heard = [json.loads((await world.hears())["data"]) for _ in range(3)]
        assert [body.get("text", body.get("name")) for body in heard] == ["ответ", "form", "f.txt"]
        await world.done("deleteWebhook")


async def test_a_dead_webhook_is_told_of_and_its_updates_wait(world: World) -> None:
    async with hooked() as hook:
        dead = hook.url
    await world.server.ask("settings-set", {"section": "bots.telegram", "key": "calls_per_second", "value": 10_000})
    await world.done("setWebhook", url=dead)
    await world.says("раз")
    async with asyncio.timeout(WAIT):
        while "last_error_message" not in (info := await world.done("getWebhookInfo")):
            pass
    assert "127.0.0.1 cannot be reached" in info["last_error_message"]
    assert info["pending_update_count"] == 1
    async with hooked() as hook:
        await world.done("setWebhook", url=hook.url)
        assert (await hook.next())[1]["message"]["text"] == "раз"  # type: ignore[index]
        await world.done("deleteWebhook")


async def test_what_was_written_while_the_endpoint_was_away_is_not_lost(world: World) -> None:
    program = world.server.program
    before = await world.says("при нём")
    assert (await world.updates(1))[0]["message"]["message_id"] == before
    await program.stop()
    without = Program(program.config, modules=["server"])
    await without.start()
    try:
        client = await Client(Server(without).url("websocket")).connect()
        await client.call("login", {"login": "alice", "password": "a good password", "APILevel": 9})
        missed = (await client.call("send-message", {"cid": world.bot, "data": "без него"}))["id"]
        await client.call("edit-message", {"id": before, "data": "исправлено"})
        await client.close()
    finally:
        await without.stop()
    again = Program(program.config)
    await again.start()
    try:
        world.server = Server(again)
        updates = (await world.updates(3))[1:]
        assert [u["message"]["message_id"] for u in updates if "message" in u] == [missed]
        assert [u["edited_message"]["text"] for u in updates if "edited_message" in u] == ["исправлено"]
        client, _ = await signed_in(world.server, "alice")
        await client.call("send-message", {"cid": world.bot, "data": "снова при нём"})
        [fresh] = await world.updates(1, updates[-1]["update_id"] + 1)
        assert fresh["message"]["text"] == "снова при нём"
        await client.close()
    finally:
        await again.stop()
