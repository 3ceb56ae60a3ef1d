"""The role model in the whole program: each rule as the clients of people feel it."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from roschat.kernel.errors import Invalid
from tests.harness.client import Client, trust_anything
from tests.harness.server import Server

PASSWORD = "a good password"


@dataclass
class Person:
    """Somebody who is signed in."""

    cid: int
    login: str
    socket: Client
    token: str

    async def call(self, event: str, **payload: Any) -> Any:
        return await self.socket.call(event, payload)

    async def write(self, to: "Person", text: str = "hello", **more: Any) -> Any:
        return await self.call("send-message", cid=to.cid, data=text, **more)


@dataclass
class Company:
    """The program, and the people in it."""

    server: Server
    stack: AsyncExitStack
    cids: dict[str, int] = field(default_factory=dict)

    async def ask(self, command: str, /, **payload: Any) -> Any:
        return await self.server.ask(command, payload)

    async def sign_in(self, login: str, **more: Any) -> tuple[Any, Client]:
        if login not in self.cids:
            self.cids[login] = await self.server.person(login, PASSWORD)
        socket = await self.stack.enter_async_context(Client(self.server.url("websocket")))
        return await socket.call("login", {"login": login, "password": PASSWORD, "APILevel": 9, **more}), socket

    async def person(self, login: str, **more: Any) -> Person:
        reply, socket = await self.sign_in(login, **more)
        assert reply["status"] == "ok", reply
        return Person(self.cids[login], login, socket, reply["tokens"]["access_token"])

    async def role(self, name: str, *rules: dict[str, Any], members: "list[Person] | None" = None) -> int:
        role = int((await self.ask("add-role", name=name))["id"])
        await self.ask("set-role-rules", role=role, rules=list(rules))
        await self.ask("give-role", role=role, contacts=[person.cid for person in members or []])
        return role


@pytest.fixture
async def company(server: Server) -> AsyncIterator[Company]:
    async with AsyncExitStack() as stack:
        yield Company(server, stack)


@pytest.fixture
async def people(company: Company) -> list[Person]:
    return [await company.person(login) for login in ("anna", "boris", "vera")]


def deny(action: str, **named: list[int]) -> dict[str, Any]:
    return {"action": action, "allow": False, "scope": next(iter(named), "all"), **named}


def allow(action: str, **named: list[int]) -> dict[str, Any]:
    return {**deny(action, **named), "allow": True}


async def image(company: Company, person: Person) -> str:
    form = aiohttp.FormData()
    form.add_field("file", io.BytesIO(b"some bytes"), filename="a.bin")
    connector = aiohttp.TCPConnector(ssl=trust_anything())
    async with (
        aiohttp.ClientSession(connector=connector, headers={"Authorization": f"Bearer {person.token}"}) as http,
        http.post(company.server.url("https") + "/messages/data", data=form) as answer,
    ):
        assert answer.status == 200
        return await answer.text()


async def test_outgoing_messages(company: Company, people: list[Person]) -> None:
    anna, boris, vera = people
    first = await anna.write(boris)
    role = await company.role("Стажёры", deny("outgoing-message"), members=[anna])
    refused = await anna.write(boris)
    assert refused["error"] == "access-denied"
    assert "role" in refused["text"]
    assert (await anna.call("edit-message", id=first["id"], data="other"))["error"] == "access-denied"
    forward = await anna.call("forward-messages", ids=[first["id"]], cid=vera.cid)
    assert forward["error"] == "access-denied"
    assert (await anna.write(anna, "a note for myself"))["id"]
    # A rule that names somebody outranks the one for all, a personal exception the role.
    await company.ask(
        "set-role-rules", role=role, rules=[deny("outgoing-message"), allow("outgoing-message", contacts=[vera.cid])]
    )
    assert (await anna.write(vera))["id"]
    assert (await anna.write(boris))["error"] == "access-denied"
    await company.ask("set-contact-exceptions", cid=anna.cid, exceptions=[allow("outgoing-message")])
    assert (await anna.write(boris))["id"]
    await company.ask("set-contact-exceptions", cid=anna.cid, exceptions=[])
    assert (await anna.write(boris))["error"] == "access-denied"
    await company.ask("delete-role", role=role)
    assert (await anna.write(boris))["id"]


async def test_incoming_messages_and_roles_on_the_other_side(company: Company, people: list[Person]) -> None:
    anna, boris, vera = people
    guests = await company.role("Гости", members=[boris])
    await company.role("Директора", deny("incoming-message", roles=[guests]), members=[anna])
    refused = await boris.write(anna)
    assert refused["error"] == "access-denied"
    assert "Директора" not in refused["text"], "the other side's role is nobody's business"
    assert (await vera.write(anna))["id"]
    assert (await anna.write(boris))["id"]


async def test_media(company: Company, people: list[Person]) -> None:
    anna, boris, _ = people
    file = await image(company, anna)
    body = json.dumps({"type": "file", "file": file, "name": "a.bin"})
    role = await company.role("Без файлов", deny("outgoing-media"), members=[anna])
    assert (await anna.write(boris, body, dataType="data"))["error"] == "access-denied"
    assert (await anna.write(boris))["id"]
    place = json.dumps({"type": "location", "latitude": 55.75, "longitude": 37.6})
    assert (await anna.write(boris, place, dataType="data"))["id"]
    await company.ask("set-role-rules", role=role, rules=[])
    assert (await anna.write(boris, body, dataType="data"))["id"]


async def test_groups(company: Company, people: list[Person]) -> None:
    anna, boris, vera = people
    group = await anna.call("create-group", name="до правил", members=[boris.cid])
    role = await company.role("Без бесед", deny("create-group"), members=[anna])
    assert (await anna.call("create-group", name="нельзя", members=[boris.cid]))["error"] == "access-denied"
    assert (await anna.call("create-group", name="нельзя"))["error"] == "access-denied"
    assert "error" not in await anna.call("add-group-members", cid=group["cid"], members=[vera.cid])
    await company.ask(
        "set-role-rules",
        role=role,
        rules=[deny("create-group", contacts=[vera.cid]), deny("see-contact", contacts=[vera.cid])],
    )
    assert (await anna.call("create-group", name="с Верой", members=[boris.cid, vera.cid]))["error"]
    assert (await anna.call("create-group", name="с Борисом", members=[boris.cid]))["cid"]
    other = await anna.call("create-group", name="ещё", members=[boris.cid])
    assert (await anna.call("add-group-members", cid=other["cid"], members=[vera.cid]))["error"] == "access-denied"
    # Writing to a group is asked "for all".
    await company.ask("set-role-rules", role=role, rules=[deny("outgoing-message", contacts=[boris.cid])])
    assert (await anna.call("send-message", cid=group["cid"], cidType="group", data="можно"))["id"]
    await company.ask("set-role-rules", role=role, rules=[deny("outgoing-message")])
    assert (await anna.call("send-message", cid=group["cid"], cidType="group", data="нельзя"))["error"]


async def test_statuses_are_told_to_nobody(company: Company, people: list[Person]) -> None:
    anna, boris, vera = people
    role = await company.role("Скрытные", deny("status-read"), deny("status-received"), members=[boris])
    first = await anna.write(boris)
    assert "error" not in await boris.call("message-received", id=first["id"])
    assert "error" not in await boris.call("message-watched", id=first["id"])
    own = await boris.socket.next("message-marks-event", watchedId=first["id"])
    assert own["unread"] == 0
    assert (await boris.call("get-chat", cid=anna.cid)).get("unread", 0) == 0
    # What he writes does not tell it either.
    await boris.write(anna, "an answer")
    await anna.socket.next("message-event", data="an answer")
    (details,) = await anna.call("get-message-details", id=first["id"])
    assert (details.get("receivedTime"), details.get("watchedTime")) == (None, None)
    chat = await anna.call("get-chat", cid=boris.cid)
    assert (chat.get("peerReceivedId"), chat.get("peerWatchedId")) == (None, None)
    assert "error" not in await boris.call("delete-conversation", cid=anna.cid)
    assert (await anna.call("get-chat", cid=boris.cid)).get("peerWatchedId") is None
    # Only the status of reading is withheld: what has arrived is told.
    await company.ask("set-role-rules", role=role, rules=[deny("status-read")])
    second = await anna.write(boris)
    await boris.call("message-watched", id=second["id"])
    event = await anna.socket.next("message-marks-event", reader=boris.cid)
    assert (event["receivedId"], event.get("watchedId")) == (second["id"], None)
    # Allowed again: from the next message on.
    await company.ask("set-role-rules", role=role, rules=[deny("status-read", contacts=[vera.cid])])
    third = await anna.write(boris)
    await boris.call("message-watched", id=third["id"])
    assert (await anna.socket.next("message-marks-event", reader=boris.cid))["watchedId"] == third["id"]
    assert (await anna.call("get-message-details", id=third["id"]))[0]["watchedTime"] > 0
    fourth = await vera.write(boris)
    await boris.call("message-watched", id=fourth["id"])
    assert (await vera.socket.next("message-marks-event", reader=boris.cid)).get("watchedId") is None
    assert not [name for name, _ in anna.socket.events if name == "message-marks-event" and _["reader"] == boris.cid]


async def test_visibility(company: Company, people: list[Person]) -> None:
    anna, boris, vera = people
    await anna.call("create-group", name="общая", members=[boris.cid, vera.cid])
    hidden = await company.person("galina")
    assert (await anna.call("watch-presence", cids=[hidden.cid, boris.cid]))[0]["status"] == "online"
    role = await company.role("Ученики", deny("see-contact", contacts=[hidden.cid, vera.cid]), members=[anna])
    await anna.socket.next("permissions-change-event", contacts=True)
    listed = {card["cid"] for card in await anna.call("get-contacts")}
    assert hidden.cid not in listed
    assert vera.cid not in listed
    assert {anna.cid, boris.cid, 1} <= listed
    assert await anna.call("get-contacts", cids=[hidden.cid]) == []
    assert (await anna.call("get-contact", cid=hidden.cid))["error"] == "not-found"
    assert (await anna.call("search", text="galina", what=["contacts"])).get("contacts", []) == []
    assert (await anna.call("search", text="boris", what=["contacts"]))["contacts"][0]["cid"] == boris.cid
    # Who is in a conversation with her is called by name.
    assert [card["cid"] for card in await anna.call("get-contacts", cids=[vera.cid])] == [vera.cid]
    # Presence: no answer, and no event of a watch from before.
    watched = await anna.call("watch-presence", cids=[hidden.cid, boris.cid])
    assert [view["cid"] for view in watched] == [boris.cid]
    # Others are not concerned.
    assert hidden.cid in {card["cid"] for card in await boris.call("get-contacts")}
    await company.ask("set-role-rules", role=role, rules=[])
    await anna.socket.next("permissions-change-event", contacts=True)
    assert hidden.cid in {card["cid"] for card in await anna.call("get-contacts")}


async def test_a_watch_from_before_ends(company: Company, people: list[Person]) -> None:
    anna, boris, vera = people
    await anna.call("watch-presence", cids=[boris.cid, vera.cid])
    await company.role("Слепые", deny("see-contact", contacts=[boris.cid]), members=[anna])
    await anna.socket.next("permissions-change-event", contacts=True)
    await boris.call("set-contact-status", status="busy")
    await vera.call("set-contact-status", status="busy")
    busy: set[int] = set()
    while vera.cid not in busy:
        told = await anna.socket.next("presence-event")
        busy |= {change["cid"] for change in told["changes"] if change["status"] == "busy"}
    assert boris.cid not in busy


async def test_search_over_all_contacts(company: Company, people: list[Person]) -> None:
    anna, boris, vera = people
    await anna.write(boris)
    await company.role("Без поиска", deny("search-contact"), members=[anna])
    await anna.socket.next("permissions-change-event", contacts=True)
    listed = {card["cid"] for card in await anna.call("get-contacts")}
    assert boris.cid in listed
    assert vera.cid not in listed
    assert (await anna.call("search", text="vera", what=["contacts"])).get("contacts", []) == []
    assert (await anna.call("search", text="boris", what=["contacts"]))["contacts"]
    # She may see the card of whoever is named to her.
    assert [card["cid"] for card in await anna.call("get-contacts", cids=[vera.cid])] == [vera.cid]


async def test_applications(company: Company) -> None:
    web = await company.person("anna", client="web 1.0")
    phone = await company.person("anna", client="android 7")
    role = await company.role("Без веба", deny("use-web"), members=[web])
    assert await web.socket.wait_closed() == 1000
    reply, _ = await company.sign_in("anna", client="web 1.0")
    assert (reply["status"], reply["error"]) == ("error", "access-denied")
    async with Client(company.server.url("websocket")) as again:
        reply = await again.call("login", {"token": web.token, "client": "web 1.0", "APILevel": 9})
        assert reply["error"] == "access-denied"
    assert "error" not in await phone.call("get-contacts")
    await company.ask("set-role-rules", role=role, rules=[deny("use-mobile"), deny("use-computer")])
    assert await phone.socket.wait_closed() == 1000
    for client, status in (("ios 3", "error"), ("pc 2", "error"), ("web 1.0", "ok")):
        reply, _ = await company.sign_in("anna", client=client)
        assert reply["status"] == status, client


async def test_bots_and_the_server_are_reached(company: Company, people: list[Person]) -> None:
    anna = people[0]
    bot = await company.ask("add-contact", kind="bot", title="Эхо", fields=[{"type": "name", "value": "echo"}])
    await company.role("Немые", deny("outgoing-message"), deny("incoming-message"), members=[anna])
    assert (await anna.call("send-message", cid=bot["cid"], data="/start"))["id"]
    sent = await company.ask("store-message", sender=1, cid=anna.cid, data="Объявление")
    assert sent["id"]


async def test_permissions_for_clients(company: Company, people: list[Person]) -> None:
    anna, boris, vera = people
    everything = (await anna.call("get-permissions"))["permissions"]
    assert all(one["allowed"] for one in everything)
    await company.role("Тихие", deny("outgoing-message", contacts=[boris.cid]), deny("create-group"), members=[anna])
    await company.ask("set-contact-exceptions", cid=vera.cid, exceptions=[deny("incoming-message")])
    assert not (await anna.socket.next("permissions-change-event")).get("contacts", False)
    general = {one["action"]: one for one in (await anna.call("get-permissions"))["permissions"]}
    assert general["outgoing-message"] == {"action": "outgoing-message", "allowed": True, "named": True}
    assert (general["create-group"].get("allowed"), general["create-group"]["reason"]) == (False, "own")
    assert general["use-radio"] == {"action": "use-radio", "allowed": True}
    for peer, reason in ((boris, "own"), (vera, "other")):
        shown = (await anna.call("get-permissions", cid=peer.cid))["permissions"]
        assert [one["reason"] for one in shown if one["action"] == "outgoing-message"] == [reason]


async def test_check_names_the_rule(company: Company, people: list[Person]) -> None:
    anna, boris, vera = people
    role = await company.role("Отдел", deny("outgoing-call"), members=[anna])
    said = await company.ask("check-roles", actor=anna.cid, target=boris.cid, action="outgoing-call")
    assert not said["allowed"]
    assert said["by"] == {
        "owner": anna.cid, "personal": False, "role": role, "roleName": "Отдел", "action": "outgoing-call",
        "allow": False, "scope": "all",
    }  # fmt: skip
    said = await company.ask("check-roles", actor=boris.cid, target=vera.cid, action="use-radio")
    assert said["allowed"]
    assert "by" not in said or said["by"] is None


async def test_the_model_is_kept_and_audited(company: Company, people: list[Person]) -> None:
    anna, boris, _ = people
    role = await company.role("Отдел", deny("outgoing-call"), members=[anna])
    view = {one["id"]: one for one in await company.ask("list-roles")}
    assert view[1]["base"]
    assert (view[role]["members"], view[role]["rules"]) == (1, 1)
    for name, refused in (
        ("delete-role", {"role": 1}),
        ("set-role-rules", {"role": 1, "rules": [deny("use-web")]}),
        ("change-role", {"role": 1, "name": "Другая"}),
        ("add-role", {"name": "  "}),
        ("add-role", {"name": "отдел"}),
    ):
        with pytest.raises(Invalid):
            await company.ask(name, **refused)
    table = {row["action"]: row for row in (await company.ask("get-contact-role", cid=anna.cid))["table"]}
    assert not table["outgoing-call"]["allowed"]
    assert table["incoming-call"]["allowed"]
    matrix = {row["role"]: row for row in await company.ask("get-role-matrix")}
    assert [cell["allowed"] for cell in matrix[role]["cells"] if cell["action"] == "outgoing-call"] == [False]
    pairs = {row["role"]: row for row in await company.ask("get-role-pairs", action="incoming-call")}
    assert [cell["allowed"] for cell in pairs[1]["cells"]] == [True, False]
    assert await company.ask("contact-roles", cids=[boris.cid, anna.cid]) == [1, role]
    async with company.server.program.db.reading() as tx:
        said = await tx.rows("SELECT action, before, after FROM kernel.audit ORDER BY id", kind=lambda *row: row)
    assert [one[0] for one in said if one[0].startswith("roles.")] == ["roles.add", "roles.rules", "roles.give"]
    assert said[-1][1] == {str(anna.cid): "Базовая роль"}


async def test_many_people_are_decided_quickly(company: Company, people: list[Person]) -> None:
    """A hundred writers at once: nothing of it waits for the database."""
    anna, boris, _ = people
    await company.role("Отдел", deny("outgoing-message", contacts=[anna.cid]), members=[boris])
    answers = await asyncio.gather(*[anna.write(boris, str(number)) for number in range(100)])
    assert all(answer["id"] for answer in answers)


async def test_the_way_over_rest_is_for_administrators(company: Company, people: list[Person]) -> None:
    url = company.server.url("console") + "/api/v1"
    for role, status in (("admin", 200), ("operator", 403), ("security", 403)):
        user = {"login": f"the.{role}", "password": "quiet-harbour-27", "role": role, "surname": "Иванов"}
        await company.ask("add-console-user", **user)
        connector = aiohttp.TCPConnector(ssl=trust_anything())
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(connector=connector, cookie_jar=jar) as http:
            async with http.post(
                url + "/session", json={"login": f"the.{role}", "password": "quiet-harbour-27"}
            ) as answer:
                assert answer.status == 200, await answer.text()
            async with http.get(url + "/roles") as answer:
                assert answer.status == status
            async with http.post(url + "/roles", json={"name": f"Роль {role}"}) as answer:
                assert answer.status == status
            if role == "admin":
                async with http.post(url + "/roles", json={"name": ""}) as answer:
                    assert (answer.status, (await answer.json())["fields"]) == (400, {"name": "empty"})
                async with http.get(url + "/roles/99") as answer:
                    assert answer.status == 404
                bad = {"rules": [{"action": "fly", "allow": True}]}
                async with http.put(url + "/roles/2/rules", json=bad) as answer:
                    assert answer.status == 400
                check = {"actor": people[0].cid, "target": people[1].cid, "action": "outgoing-call"}
                async with http.post(url + "/roles/check", json=check) as answer:
                    assert (await answer.json())["allowed"] is True
    assert [one["name"] for one in await company.ask("list-roles")] == ["Базовая роль", "Роль admin"]
    async with company.server.program.db.reading() as tx:
        who = await tx.value("SELECT who FROM kernel.audit WHERE action = 'roles.add'")
    assert who == "the.admin"
