"""Registration over the real protocol, with a real mail server: what a stranger gets, and what he never learns."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from roschat.kernel.errors import Denied, NotFound
from roschat.modules.server.accounts.api import MayHaveAccount
from tests.harness.client import Client
from tests.harness.mail import PostOffice, post_office
from tests.harness.server import Server

EMAIL = "novikova@example.org"
FORM = {"email": EMAIL, "surname": "Новикова", "name": "Вера", "password": "a good password"}


async def put(server: Server, section: str, values: dict[str, Any]) -> None:
    for key, value in sorted(values.items(), key=lambda pair: pair[0] == "on"):
        await server.ask("settings-set", {"section": section, "key": key, "value": value, "who": "test"})


@pytest.fixture
async def office(server: Server, tmp_path: Path) -> AsyncIterator[PostOffice]:
    """Registration and mail are on."""
    async with post_office("no", tmp_path) as office:
        await put(server, "mail", office.settings())
        await put(server, "server.registration", {"on": True, "approve": False})
        yield office


async def code_of(office: PostOffice, to: str = EMAIL) -> str:
    found = re.search(r"\b\d{6}\b", (await office.letter(to))["Subject"])
    assert found, "no code in the subject"
    return found[0]


async def login(socket: Client, **more: Any) -> Any:
    form = {"login": EMAIL, "password": "a good password", "APILevel": 9}
    return await socket.call("login", form | more)


async def test_off_by_default(server: Server) -> None:
    async with Client(server.url("websocket")) as socket:
        assert await socket.call("get-registration") == {"on": False, "domains": []}
        assert (await socket.call("register", FORM))["error"] == "access-denied"


async def test_proved_address_becomes_a_person(server: Server, office: PostOffice) -> None:
    async with Client(server.url("websocket")) as socket:
        assert await socket.call("register", FORM) == {"state": "code"}
        code = await code_of(office)
        wrong = f"{(int(code) + 1) % 1_000_000:06}"
        assert (await socket.call("register", {"email": EMAIL, "code": wrong}))["error"] == "bad-code"
        done = await socket.call("register", {"email": EMAIL, "code": code})
        assert done["state"] == "done"
        signed = await login(socket, device=done["device"])
        assert signed["status"] == "ok"
        card = await socket.call("get-contact", {"cid": signed["uid"]})
        assert {one["type"]: one["value"] for one in card["fields"]}["email"] == EMAIL
    async with Client(server.url("websocket")) as socket:
        assert (await login(socket))["error"] == "need-code"
        signed = await login(socket, code=await code_of(office))
        assert signed["status"] == "ok"


async def test_address_with_an_account_looks_like_any_other(server: Server, office: PostOffice) -> None:
    await server.person(EMAIL)
    async with Client(server.url("websocket")) as socket:
        assert await socket.call("register", FORM) == {"state": "code"}
        assert "уже есть" in (await office.letter(EMAIL))["Subject"]
        assert (await socket.call("register", {"email": EMAIL, "code": "000000"}))["error"] == "bad-code"
        nobody = await socket.call("register", {"email": "nobody@example.org", "code": "000000"})
        assert nobody["error"] == "bad-code"


async def test_five_wrong_codes_end_it(server: Server, office: PostOffice) -> None:
    async with Client(server.url("websocket")) as socket:
        await socket.call("register", FORM)
        code = await code_of(office)
        for _ in range(5):
            await socket.call("register", {"email": EMAIL, "code": "x"})
        assert (await socket.call("register", {"email": EMAIL, "code": code}))["error"] == "bad-code"


async def test_administrator_agrees_or_not(server: Server, office: PostOffice) -> None:
    await put(server, "server.registration", {"approve": True})
    async with Client(server.url("websocket")) as socket:
        for email in (EMAIL, "other@example.org"):
            await socket.call("register", FORM | {"email": email})
            proved = {"email": email, "code": await code_of(office, email)}
            assert await socket.call("register", proved) == {"state": "waiting"}
        first, second = await server.ask("list-registrations")
        assert (first["email"], first["surname"], first["address"]) == (EMAIL, "Новикова", "127.0.0.1")
        await server.ask("approve-registration", {"id": first["id"]})
        assert "одобрена" in (await office.letter(EMAIL))["Subject"]
        await server.ask("refuse-registration", {"id": second["id"]})
        assert await server.ask("list-registrations") == []
        assert (await login(socket))["error"] == "need-code"
        assert await socket.call("register", FORM | {"email": "other@example.org"}) == {"state": "code"}
        for number in (first["id"], second["id"], 0, -1):
            with pytest.raises(NotFound):
                await server.ask("approve-registration", {"id": number})


async def test_without_mail_an_administrator_always_decides(server: Server) -> None:
    await put(server, "server.registration", {"on": True, "approve": False})
    async with Client(server.url("websocket")) as socket:
        assert await socket.call("register", FORM) == {"state": "waiting"}
        assert await socket.call("register", FORM) == {"state": "waiting"}
        [wish] = await server.ask("list-registrations")
        await server.ask("approve-registration", {"id": wish["id"]})
        assert (await login(socket))["status"] == "ok"


async def test_full_licence_leaves_the_wish(server: Server) -> None:
    await put(server, "server.registration", {"on": True})

    async def full(_: MayHaveAccount) -> None:
        raise Denied("The licence has no room for another person.")

    server.program.bus.answer(MayHaveAccount, full)
    async with Client(server.url("websocket")) as socket:
        await socket.call("register", FORM)
    [wish] = await server.ask("list-registrations")
    with pytest.raises(Denied, match="licence"):
        await server.ask("approve-registration", {"id": wish["id"]})
    assert len(await server.ask("list-registrations")) == 1


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"email": "novikova"}, {"email": "bad-email"}),
        ({"email": ""}, {"email": "empty"}),
        ({"email": "eve@example.com"}, {"email": "bad-value"}),
        ({"surname": " "}, {"surname": "empty"}),
        ({"surname": "x" * 101}, {"surname": "too-long"}),
        ({"name": "a\nb"}, {"name": "bad-value"}),
        ({"password": ""}, {"password": "empty"}),
        ({"password": "short"}, {"password": "too-short"}),
        ({"password": "12345678"}, {"password": "bad-value"}),
        ({"password": EMAIL}, {"password": "bad-value"}),
    ],
)
async def test_what_is_refused(server: Server, more: dict[str, str], fields: dict[str, str]) -> None:
    await put(server, "server.registration", {"on": True, "domains": ["example.org"]})
    async with Client(server.url("websocket")) as socket:
        refused = await socket.call("register", FORM | more)
        assert refused["error"] == "bad-request"
        for field, reason in fields.items():
            assert refused.get("fields", {field: reason})[field] == reason
    assert await server.ask("list-registrations") == []


async def test_one_address_cannot_ask_for_ever(server: Server) -> None:
    await put(server, "server.registration", {"on": True})
    async with Client(server.url("websocket")) as socket:
        answers = [await socket.call("register", FORM | {"email": f"n{n}@example.org"}) for n in range(22)]
    assert answers[-1]["error"] == "too-many-requests"
    assert len(await server.ask("list-registrations")) < 22
