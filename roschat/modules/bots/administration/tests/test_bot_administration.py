"""Developers and bots under the console: accounts, blocking, disabling, owners, and what the audit says."""

from typing import Any

import httpx
import pytest

from roschat.kernel import audit
from roschat.kernel.errors import Invalid, NotFound, RoschatError
from roschat.modules.bots.administration.api import (
    BlockDeveloper,
    BotRow,
    ChangeDeveloper,
    CreateDeveloper,
    DeleteDeveloper,
    DeveloperView,
    DisableBot,
    GiveBot,
    ListAllBots,
    ListDevelopers,
    ResetDeveloperPassword,
)
from roschat.modules.bots.api import AddBot, BotView, DeleteBot, RenewBotToken
from roschat.modules.server.accounts.api import MayHaveAccount
from roschat.types import ContactId, Role
from roschat.wire.declare import declaration_of
from roschat.wire.message import Caller
from tests.harness.client import Client, trust_anything
from tests.harness.server import Server

ADMIN = Caller(Role.ADMIN, ContactId(1), name="olga", request="r1")
PASSWORD = "a good password"


async def call(server: Server, command: Any, caller: Caller = ADMIN) -> Any:
    return await server.program.bus.call(command, caller)


async def developer(server: Server, login: str = "dev") -> Caller:
    made = await call(server, CreateDeveloper(login, PASSWORD, "Разработчик"))
    return Caller(Role.DEVELOPER, ContactId(made.id))


async def developers(server: Server, text: str = "") -> list[DeveloperView]:
    found: list[DeveloperView] = await call(server, ListDevelopers(text))
    return found


async def bots(server: Server, **wanted: Any) -> list[BotRow]:
    found: list[BotRow] = await call(server, ListAllBots(**wanted))
    return found


async def panel(server: Server, login: str, password: str = PASSWORD) -> int:
    async with httpx.AsyncClient(verify=trust_anything(), base_url=server.url("https")) as browser:
        answer = await browser.post("/developers/api/login", json={"login": login, "password": password})
        return answer.status_code


async def test_account_is_made_changed_and_deleted(server: Server) -> None:
    owner = await developer(server, " Dev ")
    [view] = await developers(server)
    assert (view.login, view.name, view.blocked, view.bots, view.signed_in) == ("dev", "Разработчик", False, 0, 0)
    assert await panel(server, "DEV") == 200
    assert (await developers(server))[0].signed_in > 0
    await call(server, ChangeDeveloper(int(owner.cid), "dev2", "Анна"))
    assert await panel(server, "dev") == 400
    assert await panel(server, "dev2") == 200
    await call(server, ResetDeveloperPassword(int(owner.cid), "another password"))
    assert await panel(server, "dev2") == 400
    assert await panel(server, "dev2", "another password") == 200
    await developer(server, "zoe")
    assert [one.login for one in await developers(server, "анн")] == ["dev2"]
    await call(server, DeleteDeveloper(int(owner.cid)))
    assert [one.login for one in await developers(server)] == ["zoe"]
    assert await panel(server, "dev2", "another password") == 400


async def test_blocked_developer_is_out_at_once(server: Server) -> None:
    owner = await developer(server)
    async with httpx.AsyncClient(verify=trust_anything(), base_url=server.url("https")) as browser:
        await browser.post("/developers/api/login", json={"login": "dev", "password": PASSWORD})
        assert (await browser.get("/developers/api/me")).status_code == 200
        await call(server, BlockDeveloper(int(owner.cid)))
        assert (await browser.get("/developers/api/me")).status_code == 401
        assert await panel(server, "dev") == 400
        await call(server, BlockDeveloper(int(owner.cid), False))
        assert (await browser.get("/developers/api/me")).status_code == 401
        assert await panel(server, "dev") == 200


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        (CreateDeveloper("", PASSWORD), {"login": "empty"}),
        (CreateDeveloper("a b", PASSWORD), {"login": "bad-value"}),
        (CreateDeveloper("x" * 101, PASSWORD), {"login": "too-long"}),
        (CreateDeveloper("taken", PASSWORD), {"login": "taken"}),
        (CreateDeveloper("TAKEN", PASSWORD), {"login": "taken"}),
        (CreateDeveloper("new", ""), {"password": "empty"}),
        (CreateDeveloper("new", "1234567"), {"password": "too-short"}),
        (CreateDeveloper("new", "x" * 257), {"password": "too-long"}),
        (CreateDeveloper("new", PASSWORD, "x" * 101), {"name": "too-long"}),
        (CreateDeveloper("new", PASSWORD, "a\nb"), {"name": "bad-value"}),
        (DeleteDeveloper(1, "sell"), {"bots": "bad-value"}),
    ],
)
async def test_what_is_refused(server: Server, command: Any, fields: dict[str, str]) -> None:
    await developer(server, "taken")
    with pytest.raises(Invalid) as refused:
        await call(server, command)
    assert refused.value.fields == fields
    assert len(await developers(server)) == 1


async def test_unknown_numbers_are_not_found(server: Server) -> None:
    for number in (0, -1, 999, 2**70):
        for command in (
            ChangeDeveloper(number, "x"),
            ResetDeveloperPassword(number, PASSWORD),
            BlockDeveloper(number),
            DeleteDeveloper(number),
            DisableBot(ContactId(number)),
            GiveBot(ContactId(number), 0),
            RenewBotToken(ContactId(number)),
        ):
            with pytest.raises(NotFound):
                await call(server, command)


async def test_disabled_bot_is_out_and_comes_back(server: Server) -> None:
    owner = await developer(server)
    bot: BotView = await call(server, AddBot("echo", "Эхо"), owner)
    start = {"token": bot.token, "name": "echo"}
    async with Client(server.url("websocket")) as socket:
        await socket.call("start-bot", start)
        [row] = await bots(server)
        assert (row.online, row.login, row.disabled) == (1, "dev", False)
        assert row.seen > 0
        await call(server, DisableBot(bot.cid))
        await socket.wait_closed()
    async with Client(server.url("websocket")) as socket:
        refused = await socket.call("start-bot", start)
        assert refused["error"] == "bad-token"
        assert "disabled" in refused["text"]
    [row] = await bots(server)
    assert (row.disabled, row.online) == (True, 0)
    async with httpx.AsyncClient(verify=trust_anything(), base_url=server.url("https")) as http:
        answer = await http.get(f"/bot{bot.cid}:{bot.token}/getMe")
        assert answer.status_code == 401
        await call(server, DisableBot(bot.cid, False))
        assert (await http.get(f"/bot{bot.cid}:{bot.token}/getMe")).status_code == 200
    async with Client(server.url("websocket")) as socket:
        assert "error" not in await socket.call("start-bot", start)


async def test_owners_and_tokens(server: Server) -> None:
    owner, other = await developer(server), await developer(server, "other")
    bot: BotView = await call(server, AddBot("echo", "Эхо"), owner)
    renewed: BotView = await call(server, RenewBotToken(bot.cid))
    assert renewed.token != bot.token
    await call(server, GiveBot(bot.cid, int(other.cid)))
    with pytest.raises(NotFound):
        await call(server, RenewBotToken(bot.cid), owner)
    with pytest.raises(Invalid) as unknown:
        await call(server, GiveBot(bot.cid, 12345))
    assert unknown.value.fields == {"developer": "unknown"}
    assert [row.cid for row in await bots(server, developer=int(other.cid))] == [bot.cid]
    assert await bots(server, developer=0) == []
    assert [row.cid for row in await bots(server, text="ЭХ")] == [bot.cid]
    assert await bots(server, text="nothing") == []
    await call(server, DeleteDeveloper(int(other.cid)))
    [row] = await bots(server, developer=0)
    assert row.login == ""
    await call(server, DeleteBot(bot.cid))
    assert await bots(server) == []
    third: BotView = await call(server, AddBot("echo", "Эхо"), owner)
    await call(server, DeleteDeveloper(int(owner.cid), "delete"))
    assert await bots(server) == []
    assert third.cid != bot.cid
    async with server.program.db.reading() as tx:
        said = [entry.action for entry in await audit.entries(tx, audit.Search(who="olga"))]
    assert said == [
        "delete-developer", "delete-bot", "delete-bot", "delete-developer", "give-bot", "renew-bot-token",
        "create-developer", "create-developer",
    ]  # fmt: skip


def test_passwords_are_secret_and_only_administrators_change() -> None:
    for command in (CreateDeveloper, ResetDeveloperPassword, DisableBot, GiveBot, DeleteDeveloper, BlockDeveloper):
        assert declaration_of(command).access == {Role.ADMIN, Role.SYSTEM}
    assert audit.masked(CreateDeveloper("dev", "hunter22"))["password"] == audit.HIDDEN


async def test_bot_that_the_licence_forbids_stays_disabled(server: Server) -> None:
    bot: BotView = await call(server, AddBot("echo", "Эхо"), await developer(server))
    await call(server, DisableBot(bot.cid))

    async def nobody(_: MayHaveAccount) -> None:
        raise RoschatError("The licence is full.", "over-limit")

    server.program.bus.answer(MayHaveAccount, nobody)
    with pytest.raises(RoschatError, match="licence"):
        await call(server, DisableBot(bot.cid, False))
    assert (await bots(server))[0].disabled
