"""Finding contacts over the bus, on a real database."""

from collections.abc import Sequence

import pytest

from roschat.kernel.errors import Invalid
from roschat.modules.server.accounts.tests.office import Office
from roschat.modules.server.contacts.api import (
    ContactFilter,
    ContactIds,
    ContactService,
    DeleteContact,
    FieldFilter,
    FindContacts,
    ListContactValues,
    RoleMembers,
    ServiceType,
    SetContactServices,
)
from roschat.modules.server.directory.api import CardField, SetContactActive
from roschat.types import ContactId
from roschat.wire.message import Caller


def fields(text: str) -> list[CardField]:
    """`name=Анна position=Инженер` as fields of a card."""
    return [CardField(*pair.split("=", 1)) for pair in text.split()]


async def company(office: Office) -> dict[str, ContactId]:
    return {
        "Семёнова": await office.hire(
            "Семёнова", *fields("name=Анна patronymic=Юрьевна number=1010 email=anna@example.org position=Инженер"),
            CardField("department", "Отдел связи"), CardField("custom", "T-100", "Пропуск"), login="semenova",
        ),
        "Орлов": await office.hire(
            "Орлов", *fields("name=Пётр number=99 number=5000 department=Дирекция position=инженер"),
            CardField("birthday", "1984-05-17"),
            login="Orlov@example.org",
        ),
        "Ким": await office.hire("Ким", *fields("name=Ян room=12_a organisation=100%")),
    }  # fmt: skip


async def found(office: Office, **wanted: object) -> list[str]:
    page = await office.call(FindContacts(ContactFilter(**wanted)))  # type: ignore[arg-type]
    assert page.total == len(page.contacts)
    return [row.surname for row in page.contacts]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["Ким", "Орлов", "Семёнова"]),
        ("семенова", ["Семёнова"]),
        ("АННА Семён", ["Семёнова"]),
        ("юрьев анн еменов", ["Семёнова"]),
        ("инж", ["Орлов", "Семёнова"]),
        ("ИНЖЕНЕР дирек", ["Орлов"]),
        ("5000", ["Орлов"]),
        ("anna@ex", ["Семёнова"]),
        ("ORLOV@", ["Орлов"]),
        ("semenova", ["Семёнова"]),
        ("ян", ["Ким"]),
        ("100%", ["Ким"]),
        ("%", ["Ким"]),
        ("_", []),
        ("\\", []),
        ("нет такого", []),
    ],
)
async def test_words_in_any_order(office: Office, text: str, names: list[str]) -> None:
    await company(office)
    assert await found(office, text=text) == names


@pytest.mark.parametrize(
    ("one", "names"),
    [
        (FieldFilter("surname", "семен"), ["Семёнова"]),
        (FieldFilter("name", "ПЕТР"), ["Орлов"]),
        (FieldFilter("department", "связи"), ["Семёнова"]),
        (FieldFilter("department", "отдел", exact=True), []),
        (FieldFilter("department", "ОТДЕЛ  связи", exact=True), ["Семёнова"]),
        (FieldFilter("department", exact=True), ["Ким"]),
        (FieldFilter("position", "инженер", exact=True), ["Орлов", "Семёнова"]),
        (FieldFilter("number", "50"), ["Орлов"]),
        (FieldFilter("number", "99", exact=True), ["Орлов"]),
        (FieldFilter("number", "9", exact=True), []),
        (FieldFilter("number", exact=True), ["Ким"]),
        (FieldFilter("email", "anna@EXAMPLE.org", exact=True), ["Семёнова"]),
        (FieldFilter("login", "orlov"), ["Орлов"]),
        (FieldFilter("login", exact=True), ["Ким"]),
        (FieldFilter("birthday", "17.05"), ["Орлов"]),
        (FieldFilter("birthday", "1984-05-17", exact=True), ["Орлов"]),
        (FieldFilter("workdayStart", "09:00"), ["Ким", "Орлов", "Семёнова"]),
        (FieldFilter("room", "2_A"), ["Ким"]),
        (FieldFilter("room", "12_a", exact=True), ["Ким"]),
        (FieldFilter("organisation", "0%"), ["Ким"]),
        (FieldFilter("custom", "t-1", name="пропуск"), ["Семёнова"]),
        (FieldFilter("custom", "t-1", name="пропуск", exact=True), []),
        (FieldFilter("custom", "T-100", name="Пропуск", exact=True), ["Семёнова"]),
        (FieldFilter("custom", name="Пропуск", exact=True), ["Ким", "Орлов"]),
        (FieldFilter("custom", "100", name="роп"), []),
    ],
)
async def test_every_field_is_a_filter(office: Office, one: FieldFilter, names: list[str]) -> None:
    await company(office)
    assert await found(office, fields=[one]) == names


async def test_people_on_cards(office: Office) -> None:
    people = await company(office)
    await office.hire("Титов", CardField("manager", str(people["Орлов"])))
    assert await found(office, fields=[FieldFilter("manager", "орлов п")]) == ["Титов"]
    assert await found(office, fields=[FieldFilter("manager", str(people["Орлов"]))]) == ["Титов"]
    assert await found(office, fields=[FieldFilter("manager", str(people["Ким"]))]) == []
    assert "Титов" not in await found(office, fields=[FieldFilter("manager")])


async def test_services_states_and_accounts(office: Office) -> None:
    people = await company(office)
    await office.call(SetContactServices(people["Орлов"], [ContactService(ServiceType.SIP, {"number": "7"})]))
    assert await found(office, services=[ServiceType.COMPUTER]) == ["Семёнова"]
    assert await found(office, services=[ServiceType.SIP]) == ["Орлов"]
    assert await found(office, services=[ServiceType.SIP, ServiceType.MOBILE]) == []
    assert await found(office, without_services=[ServiceType.SIP, ServiceType.COMPUTER]) == ["Ким"]
    assert await found(office, account="with") == ["Орлов", "Семёнова"]
    assert await found(office, account="without") == ["Ким"]
    await office.call(SetContactActive(people["Ким"], False))
    assert await found(office) == ["Орлов", "Семёнова"]
    assert await found(office, state="inactive") == ["Ким"]
    assert await found(office, state="all", cids=[people["Ким"], people["Орлов"], ContactId(1)]) == ["Ким", "Орлов"]
    await office.call(DeleteContact(people["Ким"]))
    assert await found(office, state="all") == ["Орлов", "Семёнова"]
    assert await office.call(ContactIds()) == [people["Орлов"], people["Семёнова"]]


async def test_a_role_is_asked_of_the_role_model(office: Office) -> None:
    people = await company(office)
    with pytest.raises(Invalid):
        await found(office, role=3)

    async def members(command: RoleMembers, caller: Caller) -> list[ContactId]:
        return [people["Ким"]] if command.role == 3 else []

    office.bus.serve(RoleMembers, members)
    assert await found(office, role=3) == ["Ким"]
    assert await found(office, role=4) == []


async def order(office: Office, sort: str, descending: bool = False) -> Sequence[str]:
    page = await office.call(FindContacts(sort=sort, descending=descending))
    return [row.surname for row in page.contacts]


async def test_sorting_puts_those_without_the_value_last(office: Office) -> None:
    await company(office)
    assert await order(office, "number") == ["Орлов", "Семёнова", "Ким"]
    assert await order(office, "number", descending=True) == ["Семёнова", "Орлов", "Ким"]
    assert await order(office, "name", descending=True) == ["Семёнова", "Орлов", "Ким"]
    assert await order(office, "department") == ["Орлов", "Семёнова", "Ким"]
    for sort in ("email", "login", "organisation", "position", "room", "birthday", "cid", "changed"):
        assert sorted(await order(office, sort)) == sorted(await order(office, sort, descending=True))


async def test_pages(office: Office) -> None:
    for n in range(25):
        await office.hire(f"Человек {n:02}")
    first = await office.call(FindContacts())
    second = await office.call(FindContacts(page=2))
    assert (len(first.contacts), first.total, len(second.contacts), second.total) == (20, 25, 5, 25)
    assert second.contacts[0].surname == "Человек 20"
    assert len((await office.call(FindContacts(size=0))).contacts) == 25
    assert (await office.call(FindContacts(page=9))).contacts == []
    for bad in (FindContacts(page=0), FindContacts(size=1001), FindContacts(size=-1), FindContacts(sort="age")):
        with pytest.raises(Invalid):
            await office.call(bad)


@pytest.mark.parametrize(
    "bad",
    [
        ContactFilter(text="x" * 201),
        ContactFilter(text="a\0b"),
        ContactFilter(state="gone"),
        ContactFilter(account="maybe"),
        ContactFilter(fields=[FieldFilter("age", "7")]),
        ContactFilter(fields=[FieldFilter("custom", "7")]),
        ContactFilter(fields=[FieldFilter("name", "x" * 301)]),
        ContactFilter(fields=[FieldFilter("name", "x")] * 31),
    ],
)
async def test_filters_that_make_no_sense_are_refused(office: Office, bad: ContactFilter) -> None:
    with pytest.raises(Invalid):
        await office.call(FindContacts(bad))


async def test_values_with_counts(office: Office) -> None:
    await company(office)
    told = await office.call(ListContactValues("position"))
    assert [(one.value.casefold(), one.count) for one in told] == [("инженер", 2)]
    assert [one.value for one in await office.call(ListContactValues("department", text="СВЯЗ"))] == ["Отдел связи"]
    with pytest.raises(Invalid):
        await office.call(ListContactValues("surname"))


async def test_totals_follow_every_change(office: Office) -> None:
    people = await company(office)
    sip = ContactFilter(services=[ServiceType.SIP])
    assert (await office.call(FindContacts(sip))).total == 0
    await office.call(SetContactServices(people["Ким"], [ContactService(ServiceType.SIP, {"number": "7"})]))
    assert (await office.call(FindContacts(sip))).total == 1
    await office.hire("Новый")
    assert (await office.call(FindContacts())).total == 4
