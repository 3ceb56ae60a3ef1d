"""One process per module over NATS, two of the server: what one does, the other knows; what dies, comes back.

The transcripts of tests/scenarios are played there too; here is what they do not reach.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest

from tests.harness.client import Client, trust_anything
from tests.harness.postgres import Cluster
from tests.harness.separate import WORKERS, SeparateServer, separate_on
from tests.harness.server import admin

PASSWORD = "a good password"


class People:
    """Sockets that are closed at the end of a test."""

    def __init__(self, server: SeparateServer, stack: AsyncExitStack) -> None:
        self.server = server
        self._stack = stack
        self.cids: dict[str, int] = {}
        self.tokens: dict[str, str] = {}

    async def at(self, worker: int, login: str, **more: Any) -> Client:
        """A session of somebody, who is added when the name appears first."""
        if login not in self.cids:
            self.cids[login] = await self.server.person(login)
        client = await self._stack.enter_async_context(Client(self.server.url("websocket", worker)))
        reply = await client.call("login", {"login": login, "password": PASSWORD, "APILevel": 9, **more})
        assert reply["status"] == "ok", reply
        self.tokens[login] = reply["tokens"]["access_token"]
        return client


@pytest.fixture
async def people(separate_server: SeparateServer) -> AsyncIterator[People]:
    async with AsyncExitStack() as stack:
        yield People(separate_server, stack)


async def _get(url: str, **headers: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as http, http.get(url, ssl=trust_anything(), headers=headers) as answer:
        return answer.status, await answer.text()


async def _until_presence(client: Client, cid: int, status: str) -> None:
    while True:
        event = await client.next("presence-event")
        if any(change["cid"] == cid and change.get("status", "offline") == status for change in event["changes"]):
            return


async def test_pages_of_every_module_are_on_every_worker(separate_server: SeparateServer) -> None:
    for worker in range(2):
        url = separate_server.url("https", worker)
        status, text = await _get(url + "//ajax/config.json")
        assert status == 200
        ports = {int(separate_server.url("websocket", one).rpartition(":")[2]) for one in range(2)}
        assert json.loads(text)["webSocketsPortVer4"] in ports
        status, text = await _get(url + "/developers/api/me")
        assert (status, json.loads(text)["error"]) == (401, "not-authorized")
        status, text = await _get(url.replace("127.0.0.1", "localhost") + "/messages/data/nothing")
        assert status in (401, 404)
    console = separate_server.url("console")
    assert json.loads((await _get(console + "/health/bots"))[1])["parts"]["bots"]["state"] == "ok"
    assert "roschat_health" in (await _get(console + "/metrics/survey"))[1]


async def test_presence_crosses_workers(people: People) -> None:
    anna = await people.at(0, "presence.anna")
    oleg = await people.at(1, "presence.oleg")
    cid = people.cids["presence.oleg"]
    (view,) = await anna.call("watch-presence", {"cids": [cid]})
    if view["status"] == "offline":  # The other worker tells a moment later.
        await _until_presence(anna, cid, "online")
    await oleg.call("set-contact-status", {"status": "busy"})
    await _until_presence(anna, cid, "busy")
    await oleg.close()
    await _until_presence(anna, cid, "offline")


async def test_sign_out_reaches_every_worker(people: People) -> None:
    phone = await people.at(0, "token.anna")
    laptop = await people.at(1, "token.anna")
    token = people.tokens["token.anna"]
    ended = await phone.call("end-session", {})
    assert "error" not in ended
    assert await laptop.wait_closed() == 1000
    for worker in range(2):
        async with Client(people.server.url("websocket", worker)) as again:
            assert (await again.call("login", {"access_token": token, "APILevel": 9}))["error"]


async def test_settings_change_on_every_worker(people: People) -> None:
    anna = await people.at(1, "settings.anna")
    change = {"section": "server.files", "key": "max_size", "value": 12_345_678, "who": "test"}
    await people.server.ask("settings-set", change)
    async with asyncio.timeout(10):
        while (await anna.call("get-user-info"))["maxFileSize"] != 12_345_678:
            pass
    await people.server.ask("settings-set", {**change, "default": True})


async def test_history_read_at_one_worker_has_what_the_other_wrote(people: People) -> None:
    anna, oleg = await people.at(0, "tail.anna"), await people.at(1, "tail.oleg")
    ends = [(anna, people.cids["tail.oleg"]), (oleg, people.cids["tail.anna"])]
    written: list[str] = []
    for number in range(20):
        writer, peer = ends[number % 2]
        await writer.call("send-message", {"cid": peer, "data": str(number)})
        written.append(str(number))
        for reader, other in ends:
            page = await reader.call("get-messages", {"cid": other})
            assert [message["data"] for message in reversed(page["messages"])] == written


async def test_a_scheduled_message_is_sent_once(people: People) -> None:
    anna, oleg = await people.at(0, "later.anna"), await people.at(1, "later.oleg")
    now = (await anna.call("send-message", {"cid": people.cids["later.oleg"], "data": "now"}))["time"]
    later = {"cid": people.cids["later.oleg"], "data": "later", "sendTime": now + 2}
    assert "error" not in await anna.call("schedule-message", later)
    await oleg.next("message-event", data="later", timeout=30)
    page = await oleg.call("get-messages", {"cid": people.cids["later.anna"]})
    assert [message["data"] for message in page["messages"]].count("later") == 1


async def test_an_administrator_reaches_the_processes(separate_server: SeparateServer) -> None:
    where = ("--data", str(separate_server.data), "--json")
    code, output, errors = await admin("contact", "add", "--surname", "Общий", *where)
    assert code == 0, errors
    assert json.loads(output)["cid"] > 0
    code, output, errors = await admin("health", "--process", "survey", *where)
    assert code == 0, errors
    assert "survey" in json.loads(output)["parts"]
    code, _, errors = await admin("run", "--data", str(separate_server.data), "--ports", "https=0")
    assert code != 0
    assert "several processes" in errors


async def test_a_killed_module_is_missed_alone_and_comes_back(people: People) -> None:
    server = people.server
    anna, oleg = await people.at(0, "killed.anna"), await people.at(1, "killed.oleg")
    poll = {"cid": people.cids["killed.oleg"], "question": "?", "options": ["a", "b"]}
    for name in ("survey", "bots"):
        server.parts[name].kill()
        await server.parts[name].ended()
    assert (await anna.call("create-poll", poll))["error"] == "unavailable"
    status, text = await _get(server.url("https", 1) + "/developers/api/me")
    assert (status, json.loads(text)["error"]) == (503, "unavailable")
    await anna.call("send-message", {"cid": people.cids["killed.oleg"], "data": "still here"})
    await oleg.next("message-event", data="still here")
    for name in ("survey", "bots"):
        await server.start_part(name)
    assert "error" not in await anna.call("create-poll", poll)
    assert (await _get(server.url("https", 1) + "/developers/api/me"))[0] == 401
    assert not anna.closed.is_set()
    assert not oleg.closed.is_set()


async def test_workers_die_and_nats_goes_and_nobody_misses_anything(cluster: Cluster, template: str) -> None:
    async with separate_on(cluster, template) as server, AsyncExitStack() as stack:
        people = People(server, stack)
        anna, oleg = await people.at(0, "anna"), await people.at(1, "oleg")
        to_oleg = {"cid": people.cids["oleg"]}
        # While the NATS server is away each worker goes on; on its return clients are sent to ask what changed.
        await server.nats.stop()
        assert (await anna.call("send-message", {**to_oleg, "data": "while away"}))["id"]
        assert (await oleg.call("create-poll", {"cid": 1, "question": "?", "options": ["a", "b"]}))["error"] == (
            "unavailable"
        )
        await server.nats.start()
        assert (await anna.wait_closed(30), await oleg.wait_closed(30)) == (1012, 1012)
        assert not anna.disconnected, "they shall come back"
        anna, oleg = await people.at(0, "anna"), await people.at(1, "oleg")
        page = await oleg.call("get-messages", {"cid": people.cids["anna"]})
        assert [message["data"] for message in page["messages"]] == ["while away"]
        await anna.call("send-message", {**to_oleg, "data": "back"})
        await oleg.next("message-event", data="back")
        # A worker is killed: its people come to the other one, which tells its own that they may have missed something.
        (view,) = await anna.call("watch-presence", {"cids": [people.cids["oleg"]]})
        assert view["status"] == "online"
        part = server.parts[WORKERS[1]]
        part.kill()
        await part.ended()
        assert await anna.wait_closed(30) == 1012
        anna, oleg = await people.at(0, "anna"), await people.at(0, "oleg")
        await anna.call("send-message", {**to_oleg, "data": "at the other"})
        await oleg.next("message-event", data="at the other")
        await server.start_part(WORKERS[1])
        oleg = await people.at(1, "oleg")
        await anna.call("send-message", {**to_oleg, "data": "all there"})
        await oleg.next("message-event", data="all there")


async def test_workers_share_a_port(people: People) -> None:
    """Polls of one session come to any worker, over a connection each."""
    server = people.server
    port = server.url("https").rpartition(":")[2]
    part = server.parts[WORKERS[1]]
    assert await part.stop() == 0
    first = server.parts[WORKERS[0]]
    assert await first.stop() == 0
    await server.start_part(WORKERS[0], "--share-ports", "--ports", f"http=0,console=0,websocket=0,https={port}")
    await server.start_part(WORKERS[1], "--share-ports", "--ports", f"http=0,console=0,websocket=0,https={port}")
    url = f"https://127.0.0.1:{port}/socket.io/?EIO=4&transport=polling"
    served: set[str] = set()
    anew = aiohttp.TCPConnector(ssl=trust_anything(), force_close=True)
    async with aiohttp.ClientSession(connector=anew) as http:
        for _ in range(40):
            async with http.get(url) as answer:
                sid = json.loads((await answer.read())[1:])["sid"]
            served.add(sid[:8])
            async with http.post(f"{url}&sid={sid}", data="40") as answer:
                assert await answer.text() == "ok"
            async with http.get(f"{url}&sid={sid}") as answer:
                assert (await answer.text()).startswith("40")
    assert len(served) == 2


async def test_rules_of_roles_count_on_every_worker(people: People) -> None:
    anna, oleg = await people.at(0, "role.anna"), await people.at(1, "role.oleg")
    cids = people.cids
    role = (await people.server.ask("add-role", {"name": "role.silent"}))["id"]
    await people.server.ask("give-role", {"role": role, "contacts": [cids["role.oleg"]]})
    rules = [{"action": "outgoing-message", "allow": False}]
    await people.server.ask("set-role-rules", {"role": role, "rules": rules})
    async with asyncio.timeout(10):
        # The other worker hears of the question a moment after it is asked for the first time.
        while "error" not in await oleg.call("send-message", {"cid": cids["role.anna"], "data": "still"}):
            pass
    assert (await anna.call("send-message", {"cid": cids["role.oleg"], "data": "hello"}))["id"]
    assert (await people.at(0, "role.oleg")).sid
    await people.server.ask("delete-role", {"role": role}, worker=1)
    assert (await oleg.call("send-message", {"cid": cids["role.anna"], "data": "again"}))["id"]
