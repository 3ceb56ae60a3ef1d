"""The directory over the bus, on a real database."""

import asyncio
import io
import time
from typing import Any

import msgspec
import pytest
from PIL import Image

from roschat.kernel.bus_local import LocalBus
from roschat.kernel.errors import Denied, Invalid, NotFound, RoschatError
from roschat.modules.server.accounts.tests.office import Office
from roschat.modules.server.chats.api import ConversationPartners
from roschat.modules.server.directory.api import (
    AddContact,
    CardField,
    ChangeContact,
    ContactChanged,
    ContactView,
    GetContact,
    GetContacts,
    GetFavorites,
    ListContacts,
    SeeDirectory,
    SetAvatar,
    SetContactActive,
    SetFavorite,
    VisibleContacts,
)
from roschat.modules.server.directory.cards import Cards
from roschat.modules.server.directory.service import Directory
from roschat.modules.server.files.api import StoreFile
from roschat.types import ContactId, Revision
from roschat.wire.delivery import Delivery
from roschat.wire.message import Caller
from roschat.wire.session import SessionOpened


async def contacts(office: Office, caller: Caller, **more: Any) -> list[dict[str, Any]]:
    raw = await office.call(GetContacts(**more), caller)
    shown: list[dict[str, Any]] = msgspec.json.decode(raw)
    return shown


async def picture(office: Office, owner: ContactId) -> Any:
    image = io.BytesIO()
    Image.new("RGB", (32, 32), "red").save(image, "PNG")
    return (await office.call(StoreFile(owner, "me.png", image.getvalue()))).file


async def test_the_system_contact_is_there(office: Office) -> None:
    anna = office.person(await office.hire("Орлова"))
    view = await office.call(GetContact(ContactId(1)), anna)
    assert (view.kind, view.fields) == ("system", [CardField("surname", "РОСЧАТ")])
    with pytest.raises(Invalid):
        await office.call(SetContactActive(ContactId(1), False))


async def test_numbering_starts_with_four_digits(office: Office) -> None:
    assert await office.hire("Орлова") == 1001
    assert await office.hire("Серова") == 1002


async def test_shapes_by_api_level(office: Office) -> None:
    cid = await office.hire("Орлова", CardField("name", "Анна"), CardField("number", "101"))
    bot = await office.call(AddContact([CardField("name", "echo")], kind="bot", title="Эхо", commands=["/start"]))
    old = await contacts(office, office.person(cid, level=0))
    assert {"cid": cid, "surname": "Орлова", "name": "Анна"} in old
    assert {"cid": bot.cid, "surname": "Эхо"} in old
    new = {card["cid"]: card for card in await contacts(office, office.person(cid))}
    assert new[cid]["fields"][:2] == [{"type": "surname", "value": "Орлова"}, {"type": "name", "value": "Анна"}]
    assert (new[bot.cid]["kind"], new[bot.cid]["title"], new[bot.cid]["commands"]) == ("bot", "Эхо", ["/start"])
    assert await contacts(office, office.person(cid), type="local") == []
    with pytest.raises(Invalid):
        await contacts(office, office.person(cid), type="lokal")


async def test_changes_by_revision(office: Office) -> None:
    anna = office.person(await office.hire("Орлова"))
    serov = await office.hire("Серов")
    known = max(card["rev"] for card in await contacts(office, anna))
    assert await contacts(office, anna, rev=known) == []
    await office.call(ChangeContact(anna.cid, [CardField("surname", "Соколова")]))
    await office.call(SetContactActive(serov, False))
    changes = await contacts(office, anna, rev=known)
    assert [(card["cid"], card.get("active", True)) for card in changes] == [(anna.cid, True), (serov, False)]
    assert serov not in [card["cid"] for card in await contacts(office, anna)]
    assert [card["cid"] for card in await contacts(office, anna, cids=[serov, 999])] == [serov]


async def test_numbers_are_unique(office: Office) -> None:
    anna = await office.hire("Орлова", CardField("number", "101"), CardField("number", "102"))
    with pytest.raises(RoschatError) as refused:
        await office.hire("Серов", CardField("number", "10-2"))
    assert refused.value.code == "number-taken"
    assert str(anna) in refused.value.text
    await office.call(ChangeContact(anna, [CardField("surname", "Орлова"), CardField("number", "102")]))
    await office.hire("Серов", CardField("number", "101"))


async def test_two_at_once_cannot_get_one_number(office: Office) -> None:
    fields = [CardField("surname", "Орлова"), CardField("number", "101")]
    outcomes = await asyncio.gather(*(office.call(AddContact(fields)) for _ in range(4)), return_exceptions=True)
    assert sum(not isinstance(outcome, Exception) for outcome in outcomes) == 1


async def test_a_manager_is_a_person_that_exists(office: Office) -> None:
    boss = await office.hire("Орлова")
    await office.hire("Серов", CardField("manager", str(boss)))
    for bad in (ContactId(1), ContactId(4000)):
        with pytest.raises(Invalid):
            await office.hire("Серов", CardField("manager", str(bad)))
    with pytest.raises(Invalid):
        await office.call(ChangeContact(boss, [CardField("surname", "Орлова"), CardField("manager", str(boss))]))


async def test_unknown_contacts(office: Office) -> None:
    anna = office.person(await office.hire("Орлова"))
    with pytest.raises(NotFound):
        await office.call(GetContact(ContactId(4000)), anna)
    with pytest.raises(NotFound):
        await office.call(SetFavorite(ContactId(4000)), anna)
    with pytest.raises(NotFound):
        await office.call(SetContactActive(ContactId(4000), True))
    with pytest.raises(Invalid):
        await office.call(AddContact([CardField("surname", "x")], kind="robot"))


async def test_favourites_keep_their_order(office: Office) -> None:
    anna, b, c = [await office.hire(surname) for surname in ("Орлова", "Серов", "Титов")]
    caller = office.person(anna)
    for cid in (c, b, c):
        await office.call(SetFavorite(cid), caller)
    assert await office.call(GetFavorites(), caller) == [c, b]
    await office.call(SetFavorite(c, favorite=False), caller)
    await office.call(SetFavorite(c, favorite=False), caller)
    assert await office.call(GetFavorites(), caller) == [b]
    assert await office.call(GetFavorites(), office.person(b)) == []


async def test_an_avatar_is_an_image_of_its_owner(office: Office) -> None:
    anna, serov = office.person(await office.hire("Орлова")), office.person(await office.hire("Серов"))
    file = await picture(office, anna.cid)
    text = (await office.call(StoreFile(anna.cid, "me.png", b"no picture at all"))).file
    with pytest.raises(Denied):
        await office.call(SetAvatar(file), serov)
    with pytest.raises(Invalid):
        await office.call(SetAvatar(text), anna)
    await office.call(SetAvatar(file), anna)
    assert (await office.call(GetContact(anna.cid), serov)).avatar == file
    await office.call(ChangeContact(anna.cid, [CardField("surname", "Орлова")], avatar=file))
    await office.call(SetAvatar(), anna)
    assert (await office.call(GetContact(anna.cid), serov)).avatar == ""


async def test_changes_are_told_to_those_online(office: Office) -> None:
    anna, serov = office.person(await office.hire("Орлова")), await office.hire("Серов")
    await office.until(lambda: True)
    office.bus.publish(SessionOpened(anna))
    office.deliveries.clear()
    for room in ("1", "2"):
        await office.call(ChangeContact(serov, [CardField("surname", "Серов"), CardField("room", room)]))
    await office.until(lambda: any(b'"2"' in bytes(told.payload) for told in cards_told(office)))
    last = cards_told(office)[-1]
    assert (last.name, last.audience) == ("contact-change-event", (anna.cid,))
    assert msgspec.json.decode(last.payload)["contact"]["cid"] == serov


async def test_many_changes_are_told_as_one(office: Office) -> None:
    anna = office.person(await office.hire("Орлова"))
    office.bus.publish(SessionOpened(anna))
    await asyncio.gather(*(office.hire(f"Человек {n}") for n in range(60)))
    await office.until(lambda: any(told.name == "directory-change-event" for told in cards_told(office)))
    last = [told for told in cards_told(office) if told.name == "directory-change-event"][-1]
    revisions = [card["rev"] for card in await contacts(office, anna)]
    assert msgspec.json.decode(last.payload)["rev"] <= max(revisions)


def cards_told(office: Office) -> list[Delivery]:
    return [told for told in office.deliveries if told.name in ("contact-change-event", "directory-change-event")]


async def test_a_restricted_viewer_sees_what_the_role_model_says(office: Office) -> None:
    anna, serov, hidden = [await office.hire(surname) for surname in ("Орлова", "Серов", "Титов")]
    known = await office.hire("Юдин", CardField("name", "Юрий"), CardField("number", "777"))

    async def whole(hook: SeeDirectory) -> None:
        if hook.viewer == serov:
            raise Denied("A guest sees his colleagues only.")

    async def visible(command: VisibleContacts, caller: Caller) -> list[ContactId]:
        return [anna]

    async def partners(command: ConversationPartners, caller: Caller) -> list[ContactId]:
        return [cid for cid in command.among if cid == known]

    office.bus.answer(SeeDirectory, whole)
    office.bus.serve(VisibleContacts, visible)
    office.bus.serve(ConversationPartners, partners)
    guest = office.person(serov)
    assert {card["cid"] for card in await contacts(office, guest)} == {anna, serov}
    assert {card["cid"] for card in await contacts(office, guest, rev=1)} == {anna, serov}
    assert await contacts(office, guest, cids=[hidden]) == []
    with pytest.raises(NotFound):
        await office.call(GetContact(hidden), guest)
    # Whoever is in a conversation with the viewer is called by name, and that is all.
    named = [{"type": "surname", "value": "Юдин"}, {"type": "name", "value": "Юрий"}]
    assert [card["fields"] for card in await contacts(office, guest, cids=[hidden, known])] == [named]
    assert [field.value for field in (await office.call(GetContact(known), guest)).fields] == ["Юдин", "Юрий"]
    assert [card["surname"] for card in await contacts(office, office.person(serov, level=0), cids=[known])] == ["Юдин"]
    assert hidden in {card["cid"] for card in await contacts(office, office.person(anna))}
    office.bus.publish(SessionOpened(guest))
    office.bus.publish(SessionOpened(office.person(anna)))
    office.deliveries.clear()
    await office.call(SetContactActive(hidden, False))
    await office.until(lambda: {told.audience for told in cards_told(office)} >= {(anna,), (serov,)})
    assert {told.name for told in cards_told(office) if told.audience == (serov,)} == {"directory-change-event"}


async def test_two_processes_see_one_directory(office: Office) -> None:
    other_bus = LocalBus()
    other = Directory(office.db, other_bus, office.clock, lambda view: None)
    await other.load()
    changed = office.collect(ContactChanged)
    anna = await office.hire("Орлова")
    await office.hire("Серов")
    await other.follow(changed[-1])
    assert (await other.contact(anna, office.person(anna))).cid == anna
    await other.follow(changed[0])
    assert other.rev == changed[-1].contact.rev
    await other_bus.close()


async def test_list_for_administration(office: Office) -> None:
    cids = [await office.hire(f"Человек {n}") for n in range(3)]
    assert [v.cid for v in await office.call(ListContacts(after=cids[0], count=1))] == [cids[1]]
    assert [v.cid for v in await office.call(ListContacts(kind="system"))] == [1]


def test_fifty_thousand_contacts_do_not_hurt() -> None:
    cards = Cards()
    for n in range(50_000):
        cid = ContactId(1001 + n)
        cards.put(ContactView(cid, Revision(n + 1), [CardField("surname", "Фамилия"), CardField("name", str(n))]))
    assert len(msgspec.json.decode(cards.everything(old=True))) == 50_000
    cards.put(ContactView(ContactId(1001), Revision(50_001), [CardField("surname", "Новая")]))
    started = time.perf_counter()
    for _ in range(100):
        cards.everything(old=False)
        assert cards.since(Revision(50_000), None, old=True).startswith(b'[{"cid":1001')
    assert time.perf_counter() - started < 0.5
    assert msgspec.json.decode(cards.everything(old=False))[-1]["rev"] == 50_001
