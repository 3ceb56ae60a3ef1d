"""Announcements: to whom, when, how far they have come, and what is refused."""

import asyncio
from typing import Any

import pytest

from roschat.kernel.errors import Denied, Invalid, NotFound, RoschatError
from roschat.modules.server.messages.api import MaySendMessage
from roschat.modules.server.support.api import (
    Announce,
    AnnouncementView,
    CancelAnnouncement,
    CountAudience,
    GetAnnouncement,
    GetSupport,
    ListAnnouncements,
    WriteToSupport,
)
from roschat.types import ContactId, Role, Seconds
from roschat.wire.message import Caller
from tests.harness.client import Client
from tests.harness.server import Server

ADMIN = Caller(Role.ADMIN, ContactId(5), name="olga", request="r1")
TEXT = "Сервер будет остановлен в 23:00."


async def call(server: Server, command: Any, caller: Caller = ADMIN) -> Any:
    return await server.program.bus.call(command, caller)


async def put(server: Server, key: str, value: object) -> None:
    await server.ask("settings-set", {"section": "server.support", "key": key, "value": value, "who": "test"})


async def ended(server: Server, number: int) -> AnnouncementView:
    """The announcement when nothing more happens to it."""
    async with asyncio.timeout(10):
        while True:
            view: AnnouncementView = await call(server, GetAnnouncement(number))
            if view.state in ("done", "cancelled"):
                return view
            await asyncio.sleep(0.02)


async def test_everybody_gets_it_in_the_chat_with_the_system_contact(server: Server) -> None:
    cids = [await server.person(f"person{number}") for number in range(3)]
    left = await server.person("left")
    await server.ask("set-account-active", {"cid": left, "active": False})
    await server.ask("add-contact", {"fields": [{"type": "surname", "value": "Без записи"}]})
    assert (await call(server, CountAudience("all"))).total == 3
    async with Client(server.url("websocket")) as anna, Client(server.url("websocket")) as boris:
        for client, login in ((anna, "person0"), (boris, "person1")):
            await client.call("login", {"login": login, "password": "a good password", "APILevel": 9})
        view = await call(server, Announce(TEXT, "all"))
        assert (view.state, view.total) == ("waiting", 0)
        message = await anna.next("message-event", cid=1)
        assert (message["data"], message["senderId"]) == (TEXT, 1)
        done = await ended(server, view.id)
        assert (done.total, done.sent, done.failed, done.read) == (3, 3, 0, 0)
        assert done.job > 0
        assert done.who == "olga"
        await anna.call("message-watched", {"id": message["id"]})
        told = await boris.next("message-event", cid=1)
        await boris.call("message-received", {"id": told["id"]})
        seen = await call(server, GetAnnouncement(view.id))
        assert (seen.delivered, seen.read) == (2, 1)
        listed = await call(server, ListAnnouncements())
        assert [one.id for one in listed.announcements] == [view.id]
        assert listed.total == 1
        assert cids


async def test_chosen_people_alone(server: Server) -> None:
    anna, boris = await server.person("anna"), await server.person("boris")
    nobody = await server.ask("add-contact", {"fields": [{"type": "surname", "value": "Без записи"}]})
    cids = [ContactId(anna), ContactId(nobody["cid"]), ContactId(987_654)]
    counted = await call(server, CountAudience("chosen", cids=cids))
    assert (counted.total, counted.first[0].name) == (1, "Anna")
    done = await ended(server, (await call(server, Announce(TEXT, "chosen", cids=cids))).id)
    assert (done.total, done.sent) == (1, 1)
    async with Client(server.url("websocket")) as client:
        await client.call("login", {"login": "boris", "password": "a good password", "APILevel": 9})
        assert (await client.call("get-chats"))["chats"] == []
    assert boris


async def test_one_that_waits_for_its_time_can_be_taken_back(server: Server) -> None:
    await server.person("anna")
    now = server.program.clock.seconds()
    view = await call(server, Announce(TEXT, "all", due=Seconds(now + 3600)))
    await call(server, CancelAnnouncement(view.id))
    assert (await call(server, GetAnnouncement(view.id))).state == "cancelled"
    with pytest.raises(NotFound):
        await call(server, CancelAnnouncement(view.id))
    soon = await call(server, Announce(TEXT, "all", due=Seconds(now + 1)))
    assert (await ended(server, soon.id)).sent == 1


async def test_who_may_not_be_written_to_is_named(server: Server) -> None:
    anna, boris = await server.person("anna"), await server.person("boris")

    async def no_letters_to_boris(question: MaySendMessage) -> None:
        if question.cid == boris:
            raise Denied("The role model forbids it.")

    server.program.bus.answer(MaySendMessage, no_letters_to_boris)
    done = await ended(server, (await call(server, Announce(TEXT, "all"))).id)
    assert (done.sent, done.failed) == (1, 1)
    assert [(one.cid, one.error) for one in done.undelivered] == [(boris, "The role model forbids it.")]
    assert anna


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        (Announce("", "all"), {"text": "empty"}),
        (Announce(" \n", "all"), {"text": "empty"}),
        (Announce("x" * 4001, "all"), {"text": "too-long"}),
        (Announce("a\0b", "all"), {"text": "bad-value"}),
        (Announce(TEXT, "everybody"), {"audience": "bad-value"}),
        (Announce(TEXT, "chosen"), {"cids": "empty"}),
        (Announce(TEXT, "chosen", cids=[ContactId(-1)]), {"cids": "bad-value"}),
        (Announce(TEXT, "chosen", cids=[ContactId(2**70)]), {"cids": "bad-value"}),
        (Announce(TEXT, "filter", filter={"depratment": "x"}), {"filter": "bad-value"}),
        (Announce(TEXT, "filter", filter={"fields": "x"}), {"filter": "bad-value"}),
        (Announce(TEXT, "all", due=Seconds(1)), {"due": "bad-value"}),
        (Announce(TEXT, "all", due=Seconds(2**62)), {"due": "bad-value"}),
    ],
)
async def test_what_is_refused(server: Server, command: Announce, fields: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        await call(server, command)
    assert refused.value.fields == fields
    assert (await call(server, ListAnnouncements())).total == 0


async def test_support_contact_and_address(server: Server) -> None:
    anna, help_desk = await server.person("anna"), await server.person("helpdesk")
    person = Caller(Role.PERSON, ContactId(anna))
    assert await call(server, GetSupport(), person) == (await call(server, GetSupport()))
    await put(server, "contact", help_desk)
    await put(server, "email", "help@example.org")
    view = await call(server, GetSupport(), person)
    assert (view.contact, view.email, view.letters) == (help_desk, "help@example.org", False)
    with pytest.raises(RoschatError) as off:
        await call(server, WriteToSupport("помогите"), person)
    assert off.value.code in ("mail-off", "unavailable")
    await server.ask("set-account-active", {"cid": help_desk, "active": False})
    assert (await call(server, GetSupport(), person)).contact == 0
    with pytest.raises(Invalid):
        await put(server, "email", "help@example")
    with pytest.raises(Invalid):
        await call(server, WriteToSupport(" "), person)
