"""Cards, accounts and connections as an operator changes them, on a real database."""

import io
from collections.abc import Mapping
from typing import Any

import pytest
from PIL import Image

from roschat.kernel import audit
from roschat.kernel.errors import Denied, Invalid, NotFound, RoschatError
from roschat.modules.ms.mail.api import SendLetter
from roschat.modules.server.accounts.api import AddAccount, IssueTokens, MayHaveAccount, RefreshToken
from roschat.modules.server.accounts.tests.office import PASSWORD, Office
from roschat.modules.server.contacts.api import (
    ActivateContact,
    BlockAccount,
    ChangeCard,
    ContactCard,
    ContactField,
    CreateContact,
    DeleteContact,
    EndConnection,
    EndConnections,
    GetContactAvatar,
    GetContactCard,
    GetContactCards,
    ListConnections,
    RemoveContactAccount,
    SendCredentials,
    ServiceType,
    SetContactAccount,
    SetContactAvatar,
)
from roschat.modules.server.directory.api import CardField, GetContact
from roschat.types import ContactId, DeviceId, Revision, Role
from roschat.wire.message import Caller, Empty
from roschat.wire.session import SessionsEnded

OPERATOR = Caller(Role.OPERATOR, ContactId(7), address="192.0.2.9", name="vera", request="r-1")


async def card(office: Office, cid: ContactId) -> ContactCard:
    return await office.call(GetContactCard(cid), OPERATOR)


async def refused(office: Office, command: Any, code: str = "bad-request") -> Mapping[str, str]:
    with pytest.raises(RoschatError) as error:
        await office.call(command, OPERATOR)
    assert error.value.code == code
    return error.value.fields


async def journal(office: Office, action: str) -> list[audit.Entry]:
    async with office.db.reading() as tx:
        return await audit.entries(tx, audit.Search(action=action))


def surname(name: str, *more: ContactField) -> list[ContactField]:
    return [ContactField("surname", name), *more]


async def test_a_surname_is_enough(office: Office) -> None:
    made = await office.call(CreateContact(surname("Орлова")), OPERATOR)
    shown = await card(office, made.cid)
    values = {field.type: field.value for field in shown.fields}
    assert values == {"surname": "Орлова", "workdayStart": "09:00", "workdayEnd": "18:00"}
    assert (shown.active, shown.login, shown.services, shown.status) == (True, "", [], "offline")
    entry = (await journal(office, "create-contact"))[0]
    assert (entry.who, entry.role, entry.address, entry.before) == ("vera", "operator", "192.0.2.9", None)
    assert entry.after["surname"] == "Орлова"


async def test_every_bad_field_is_named_with_its_reason(office: Office) -> None:
    await office.hire("Серов", CardField("number", "100"))
    bad = [
        ContactField("number", "1a"),
        ContactField("email", "test@infotekru"),
        ContactField("email", "a@example.org"),
        ContactField("email", ".a@example.org"),
        ContactField("birthday", "31.12.1999"),
        ContactField("workdayStart", "25:00"),
        ContactField("custom", "x", ""),
        ContactField("room", "x" * 1001),
    ]
    assert await refused(office, CreateContact(bad)) == {
        "number": "bad-value",
        "email": "bad-email",
        "email.2": "bad-email",
        "birthday": "bad-value",
        "workdayStart": "bad-time",
        "custom": "empty",
        "room": "too-long",
        "surname": "empty",
    }
    numbers = [ContactField("number", "101"), ContactField("number", "100")]
    assert await refused(office, CreateContact(surname("Орлова", *numbers)), "number-taken") == {"number.1": "taken"}
    alone = [ContactField("manager", "4000")]
    assert await refused(office, CreateContact(surname("Орлова", *alone))) == {"manager": "unknown"}
    hours = [ContactField("workdayStart", "18:00")]
    assert await refused(office, CreateContact(surname("Орлова", *hours))) == {"workdayEnd": "bad-value"}


async def test_a_card_changed_meanwhile_is_not_overwritten(office: Office) -> None:
    cid = (await office.call(CreateContact(surname("Орлова"), description="Пишет"), OPERATOR)).cid
    first = await card(office, cid)
    second = await office.call(ChangeCard(cid, surname("Соколова"), first.rev), OPERATOR)
    assert (second.rev > first.rev, second.description) == (True, "Пишет")
    await refused(office, ChangeCard(cid, surname("Титова"), first.rev), "conflict")
    await office.call(ChangeCard(cid, surname("Титова"), Revision(0), description=""), OPERATOR)
    assert (await card(office, cid)).description == ""
    entry = (await journal(office, "change-card"))[-1]
    assert (entry.before, entry.after) == ({"surname": "Орлова"}, {"surname": "Соколова"})
    assert entry.subject == f"{cid} Соколова"


async def test_named_people_and_many_cards(office: Office) -> None:
    boss = await office.hire("Орлов", CardField("name", "Пётр"))
    cid = (await office.call(CreateContact(surname("Ким", ContactField("manager", str(boss)))), OPERATOR)).cid
    assert [(one.cid, one.name) for one in (await card(office, cid)).people] == [(boss, "Орлов Пётр")]
    cards = await office.call(GetContactCards([cid, ContactId(1), boss, ContactId(4000)]))
    assert [one.cid for one in cards] == [boss, cid]
    with pytest.raises(Invalid):
        await office.call(GetContactCards([boss] * 1001))
    for nobody in (ContactId(1), ContactId(4000)):
        with pytest.raises(NotFound):
            await card(office, nobody)


async def test_a_picture(office: Office) -> None:
    cid = await office.hire("Орлова")
    image = io.BytesIO()
    Image.new("RGB", (32, 32), "red").save(image, "PNG")
    shown = await office.call(SetContactAvatar(cid, image.getvalue()), OPERATOR)
    assert shown.avatar
    picture = await office.call(GetContactAvatar(cid), OPERATOR)
    assert picture.content_type == "image/webp"
    assert Image.open(io.BytesIO(picture.picture)).size == (32, 32)
    assert await refused(office, SetContactAvatar(cid, b"no picture")) == {"picture": "bad-value"}
    big = SetContactAvatar(cid, b"x" * 8_388_609)
    assert await refused(office, big, "too-large") == {"picture": "too-large"}
    assert (await office.call(SetContactAvatar(cid), OPERATOR)).avatar == ""
    await refused(office, GetContactAvatar(cid), "not-found")


async def test_accounts(office: Office) -> None:
    cid, other = await office.hire("Орлова"), await office.hire("Серов", login="serov")
    assert await refused(office, SetContactAccount(cid)) == {"login": "empty", "password": "empty"}
    bad = SetContactAccount(cid, "or lova", "short")
    assert await refused(office, bad) == {"login": "bad-value", "password": "too-short"}
    assert await refused(office, SetContactAccount(cid, "Serov", PASSWORD), "login-taken") == {"login": "taken"}
    assert await refused(office, SetContactAccount(other)) == {"login": "empty", "password": "empty"}
    await office.call(SetContactAccount(cid, "orlova", PASSWORD), OPERATOR)
    shown = await card(office, cid)
    assert (shown.login, shown.services) == ("orlova", ["computer", "mobile"])
    assert (await office.login("orlova")).status == "ok"
    await office.call(SetContactAccount(cid, "anna@example.org"), OPERATOR)
    assert (await office.login("orlova")).error == "bad-login-psw"
    assert (await office.login("anna@example.org")).status == "ok"
    entry = (await journal(office, "set-account"))[0]
    assert (entry.before, entry.after) == ({"login": "orlova"}, {"login": "anna@example.org"})
    await office.call(RemoveContactAccount(cid), OPERATOR)
    assert (await office.login("anna@example.org")).error == "bad-login-psw"
    with pytest.raises(NotFound):
        await office.call(RemoveContactAccount(cid), OPERATOR)


async def test_an_account_may_come_with_less_and_needs_leave(office: Office) -> None:
    cid = await office.hire("Орлова")
    await office.call(SetContactAccount(cid, "orlova", PASSWORD, [ServiceType.COMPUTER]), OPERATOR)
    assert (await office.login("orlova", client="pc 5")).status == "ok"
    assert (await office.login("orlova", client="android 5")).error == "access-denied"

    async def full(hook: MayHaveAccount) -> None:
        raise Denied("The licence is for one person.")

    office.bus.answer(MayHaveAccount, full)
    with pytest.raises(Denied):
        await office.call(SetContactAccount(await office.hire("Серов"), "serov", PASSWORD), OPERATOR)
    await office.call(SetContactAccount(cid, password="another horse"), OPERATOR)


async def test_a_blocked_account_lets_nobody_in(office: Office) -> None:
    cid = await office.hire("Орлова", login="orlova")
    reply = await office.login("orlova")
    assert reply.tokens is not None
    ended = office.collect(SessionsEnded)
    await office.call(BlockAccount(cid, True), OPERATOR)
    assert (await card(office, cid)).blocked
    assert ended
    assert (await office.login("orlova")).error == "bad-login-psw"
    with pytest.raises(RoschatError):
        await office.call(RefreshToken(reply.tokens.refresh_token), office.stranger())
    with pytest.raises(NotFound):
        await office.call(IssueTokens(cid, "sso"))
    assert (await office.call(GetContact(cid), office.person(cid))).active
    await office.call(BlockAccount(cid, False), OPERATOR)
    assert (await office.login("orlova")).status == "ok"


async def test_a_deactivated_contact_loses_everything_and_may_come_back(office: Office) -> None:
    cid = await office.hire("Орлова", login="orlova")
    ended = office.collect(SessionsEnded)
    await office.call(ActivateContact(cid, False), OPERATOR)
    assert [event.cid for event in ended] == [cid]
    assert (await office.login("orlova")).error == "bad-login-psw"
    assert not (await card(office, cid)).active
    await office.call(ActivateContact(cid, True), OPERATOR)
    assert (await office.login("orlova")).status == "ok"
    assert len(await journal(office, "activate-contact")) == 2


async def test_a_deleted_contact_leaves_its_name_alone(office: Office) -> None:
    cid = await office.hire("Орлова", CardField("name", "Анна"), CardField("number", "100"), login="orlova")
    serov = await office.hire("Серов")
    await office.call(DeleteContact(cid), OPERATOR)
    left = await office.call(GetContact(cid), office.person(serov))
    assert (left.active, [field.value for field in left.fields]) == (False, ["Орлова", "Анна"])
    for command in (GetContactCard(cid), ChangeCard(cid, surname("Орлова")), ActivateContact(cid, True)):
        await refused(office, command, "not-found")
    with pytest.raises(NotFound):
        await office.call(AddAccount(cid, "again", PASSWORD))
    await office.hire("Новая", CardField("number", "100"), login="orlova")


async def test_letters_with_credentials(office: Office) -> None:
    cid = await office.hire("Орлова", CardField("name", "Анна"), login="orlova")
    assert await refused(office, SendCredentials(cid)) == {"login": "bad-email"}
    await office.call(SetContactAccount(cid, "anna@example.org"), OPERATOR)
    assert await refused(office, SendCredentials(cid, "wrong horse")) == {"password": "bad-value"}
    await refused(office, SendCredentials(cid, PASSWORD), "mail-off")
    letters: list[SendLetter] = []

    async def post(command: SendLetter, caller: Caller) -> Empty:
        letters.append(command)
        return Empty()

    office.bus.serve(SendLetter, post)
    assert (await office.call(SendCredentials(cid, PASSWORD), OPERATOR)).to == "anna@example.org"
    assert letters[-1].values == {"name": "Анна", "login": "anna@example.org", "password": PASSWORD}
    await office.call(SendCredentials(cid), OPERATOR)
    fresh = letters[-1].values["password"]
    assert fresh != PASSWORD
    assert (await office.login("anna@example.org", fresh)).status == "ok"
    assert (await office.login("anna@example.org")).error == "bad-login-psw"
    assert len(await journal(office, "send-credentials")) == 2
    with pytest.raises(NotFound):
        await office.call(SendCredentials(await office.hire("Серов")), OPERATOR)


async def test_connections(office: Office) -> None:
    cid = await office.hire("Орлова", login="orlova")
    phone = await office.connect("orlova", device="Телефон")
    office.clock.advance(60)
    desk = await office.connect("orlova")
    shown = await office.call(ListConnections(cid), OPERATOR)
    assert {(one.device, one.online, one.address) for one in shown} == {
        (phone.device, True, phone.address),
        (desk.device, True, desk.address),
    }
    by_device = {one.device: one for one in shown}
    assert by_device[desk.device].since_time - by_device[phone.device].since_time == 60
    assert by_device[phone.device].name == "Телефон"
    office.disconnect(phone)
    shown = await office.call(ListConnections(cid), OPERATOR)
    assert [(one.device, one.online, one.since_time > 0) for one in shown] == [
        (desk.device, True, True),
        (phone.device, False, False),
    ]
    ended = office.collect(SessionsEnded)
    await office.call(EndConnection(cid, desk.device), OPERATOR)
    assert [(event.cid, event.device) for event in ended] == [(cid, desk.device)]
    with pytest.raises(NotFound):
        await office.call(EndConnection(cid, DeviceId("nothing")), OPERATOR)
    await office.call(EndConnections(cid), OPERATOR)
    assert await office.call(ListConnections(cid), OPERATOR) == []
    assert len(await journal(office, "end-connection")) == 2
