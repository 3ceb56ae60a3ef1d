"""Files, polls, channels and search in the whole program, over the real protocol."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from PIL import Image

from tests.harness.client import Client, trust_anything
from tests.harness.server import Server


@dataclass
class Person:
    """Somebody who is signed in."""

    cid: int
    token: str
    socket: Client
    http: aiohttp.ClientSession
    url: str

    async def call(self, event: str, **payload: Any) -> Any:
        return await self.socket.call(event, payload)

    async def upload(self, content: bytes, name: str) -> str:
        form = aiohttp.FormData()
        form.add_field("file", content, filename=name)
        async with self.http.post(f"{self.url}/messages/data", data=form) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.text()

    async def download(self, file: str, **headers: str) -> tuple[int, bytes]:
        async with self.http.get(f"{self.url}/messages/data/{file}", headers=headers) as answer:
            return answer.status, await answer.read()


@pytest.fixture
async def people(server: Server) -> AsyncIterator[list[Person]]:
    found = []
    for login in ("alice", "bob", "carol"):
        cid = await server.person(login)
        socket = await Client(server.url("websocket")).connect()
        reply = await socket.call("login", {"login": login, "password": "a good password", "APILevel": 9})
        token = reply["tokens"]["access_token"]
        http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=trust_anything()), headers={"Authorization": f"Bearer {token}"}
        )
        found.append(Person(cid, token, socket, http, server.url("https")))
    yield found
    for person in found:
        await person.socket.close()
        await person.http.close()


async def test_a_picture_is_seen_by_those_it_was_sent_to(people: list[Person]) -> None:
    alice, bob, carol = people
    out = io.BytesIO()
    Image.new("RGB", (900, 300), "red").save(out, "PNG")
    file = await alice.upload(out.getvalue(), "закат.png")
    info = await alice.call("get-file-info", file=file)
    assert (info["name"], info["width"], info["height"], info["contentType"]) == ("закат.png", 900, 300, "image/png")
    assert (await bob.download(file))[0] == 404
    body = {"type": "image", "file": file, "previewFile": info["previewFile"], "name": "закат.png"}
    await alice.call("send-message", cid=bob.cid, dataType="data", data=json.dumps(body))
    await bob.socket.next("message-event")
    assert await bob.download(file) == (200, out.getvalue())
    assert await bob.download(file, Range="bytes=1-3") == (206, b"PNG")
    assert (await bob.download(info["previewFile"]))[0] == 200
    assert (await carol.download(file))[0] == 404
    assert (await bob.call("search", text="закаты"))["files"][0]["message"]["cid"] == alice.cid


async def test_a_large_upload_goes_on_after_the_line_was_cut(people: list[Person]) -> None:
    alice = people[0]
    content = bytes(range(256)) * 12_000
    async with alice.http.post(
        f"{alice.url}/messages/uploads", json={"name": "film.bin", "size": len(content)}
    ) as answer:
        path = f"{alice.url}/messages/uploads/{(await answer.json())['upload']}"
    sent = asyncio.Event()

    async def cut() -> AsyncIterator[bytes]:
        yield content[:1_000_000]
        sent.set()
        await asyncio.Event().wait()

    headers = {"Upload-Offset": "0", "Content-Length": str(len(content))}
    first = asyncio.create_task(alice.http.patch(path, data=cut(), headers=headers).__aenter__())
    await asyncio.wait_for(sent.wait(), 10)
    first.cancel()
    offset = 0
    async with asyncio.timeout(10):
        while not offset:  # the server notices the end of the line a moment later
            async with alice.http.head(path) as answer:
                offset = int(answer.headers["Upload-Offset"])
    assert 0 < offset <= 1_000_000
    async with alice.http.patch(
        path, data=io.BytesIO(content[offset:]), headers={"Upload-Offset": str(offset)}
    ) as answer:
        assert answer.status == 201
        info = await answer.json()
    assert await alice.download(info["file"]) == (200, content)


async def test_one_byte_too_many_is_refused_with_a_reason(people: list[Person]) -> None:
    alice = people[0]
    limit = (await alice.call("get-user-info"))["maxFileSize"]
    assert limit == 52_428_800
    async with alice.http.post(
        f"{alice.url}/messages/data",
        data=b"",
        headers={"Content-Length": str(limit + 65_537), "Expect": "100-continue"},
    ) as answer:
        assert answer.status == 413
        assert str(limit) in (await answer.json())["text"]


async def test_a_poll_in_a_conversation(people: list[Person]) -> None:
    alice, bob, carol = people
    poll = await alice.call("create-poll", cid=bob.cid, question="Обед?", options=["да", "нет"])
    message = await bob.socket.next("message-event")
    assert json.loads(message["data"]) == {"type": "poll", "pollId": poll["pollId"], "question": "Обед?"}
    assert message["id"] == poll["messageId"]
    voted = await bob.call("vote-poll", pollId=poll["pollId"], options=[0])
    assert voted["mine"] == [0]
    live = await alice.socket.next("poll-event")
    assert live["poll"]["options"][0]["voters"] == [bob.cid]
    assert (await carol.call("get-poll", pollId=poll["pollId"]))["error"] == "not-found"


async def test_a_channel_with_a_file(people: list[Person]) -> None:
    alice, bob, carol = people
    channel = (await alice.call("create-channel", name="Новости завода", closed=True))["chId"]
    await alice.call("add-channel-members", chId=channel, members=[bob.cid], role="subscriber")
    assert (await bob.socket.next("channel-change-event"))["channel"]["role"] == "invited"
    file = await alice.upload(b"plan", "план.txt")
    published = await alice.call(
        "send-publication", chId=channel, title="План", files=[{"file": file, "name": "x"}], key="1"
    )
    assert published == {"pubId": 1}
    event = await bob.socket.next("publication-event")
    assert (event["cid"], event["title"], event["files"][0]["name"]) == (alice.cid, "План", "план.txt")
    assert (await bob.download(file), (await carol.download(file))[0]) == ((200, b"plan"), 404)
    assert await carol.call("find-channels", text="новости") == []
    assert (await carol.call("search", text="новость")).get("channels", []) == []
    assert [hit["chId"] for hit in (await bob.call("search", text="новость"))["channels"]] == [channel]


async def test_search_finds_what_was_written_a_moment_ago(people: list[Person]) -> None:
    alice, bob, carol = people
    await alice.call("send-message", cid=bob.cid, data="Подпишите документы")
    for text in ("документами", "умент", "докум"):
        (hit,) = (await bob.call("search", text=text))["messages"]
        assert hit["snippet"] == "Подпишите документы"
        assert (await carol.call("search", text=text)).get("messages", []) == []
    assert [hit["cid"] for hit in (await alice.call("search", text="carol", what=["contacts"]))["contacts"]] == [
        carol.cid
    ]


async def test_an_unmodified_bot_sends_a_file_without_a_name(server: Server, people: list[Person]) -> None:
    alice, bob, _ = people
    bot = await server.ask("add-bot", {"name": "helper", "title": "Помощник"})
    form = aiohttp.FormData()
    form.add_field("file", b"report", filename="report.txt")
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust_anything())) as anybody:
        async with anybody.post(f"{alice.url}/messages/data/", data=b"") as refused:
            assert refused.status == 401
        async with Client(server.url("websocket")) as socket:
            assert "error" not in await socket.call("start-bot", {"name": "helper", "token": bot["token"]})
            async with anybody.post(f"{alice.url}/messages/data/", data=form) as answer:
                assert (answer.status, answer.content_type) == (200, "text/plain")
                file = await answer.text()
            body = {"type": "file", "file": file, "name": "report.txt"}
            sent = await socket.call(
                "send-bot-message", {"cid": alice.cid, "dataType": "data", "data": json.dumps(body)}
            )
            assert sent["id"]
        async with anybody.get(f"{alice.url}/messages/data/{file}") as gone:
            assert gone.status == 404
    assert await alice.download(file) == (200, b"report")
    assert (await bob.download(file))[0] == 404
