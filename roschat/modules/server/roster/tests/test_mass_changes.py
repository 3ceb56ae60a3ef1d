"""Mass adding and editing: the preview, its faults, applying exactly it, and the way back."""

import asyncio

import pytest

from roschat.kernel.errors import Denied, Invalid, NotFound, RoschatError
from roschat.modules.server.accounts.api import GetAccount, MayHaveAccount, SetAccountActive
from roschat.modules.server.accounts.tests.office import PASSWORD, Office
from roschat.modules.server.contacts.api import (
    ContactService,
    FindContacts,
    GetContactCard,
    GetContactServices,
    ServiceType,
    SetContactServices,
)
from roschat.modules.server.directory.api import AddContact, CardField, ChangeContact, ContactChanged
from roschat.modules.server.roster.api import (
    ApplyMassPlan,
    DropMassPlan,
    ListMassPlans,
    MassChange,
    MassField,
    MassFieldFilter,
    MassNumbers,
    MassPassword,
    MassSelection,
    MassService,
    TryTemplate,
)
from roschat.modules.server.roster.tests.desk import OPERATOR, Desk
from roschat.types import ContactId

RANDOM = MassPassword("random")
SIMPLE = MassChange(
    services=[MassService("computer"), MassService("sip", {"number": "$CONTACT('number')"})], password=RANDOM
)


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


async def card(desk: Desk, cid: ContactId) -> dict[str, str]:
    found = await desk.office.call(GetContactCard(cid), OPERATOR)
    return {field.name or field.type: field.value for field in reversed(found.fields)}


async def test_numbers_become_people_who_can_sign_in(desk: Desk) -> None:
    numbers = MassNumbers(100, 3, step=5, login_form="number-login-domain", domain="ros.chat")
    plan = await desk.preview(numbers=numbers, change=SIMPLE, title="Новый  этаж")
    assert (plan.state, plan.total, plan.added, plan.errors, plan.title) == ("ready", 3, 3, 0, "Новый этаж")
    rows = await desk.rows(plan)
    assert [row.name for row in rows] == ["Абонент 100", "Абонент 105", "Абонент 110"]
    shown = {(one.what, one.name): one.after for one in rows[1].differences}
    assert shown["login", ""] == "105@ros.chat"
    assert shown["service", "sip"] == "105"
    assert shown["password", ""] == "random"
    with pytest.raises(NotFound):
        await desk.office.call(GetContactCard(rows[0].cid), OPERATOR)
    plan = await desk.apply(plan)
    assert (plan.state, plan.done, plan.skipped, plan.passwords) == ("applied", 3, 0, 3)
    assert (await desk.office.call(GetAccount(rows[1].cid))).login == "105@ros.chat"
    assert await card(desk, rows[1].cid) == {
        "surname": "Абонент 105", "number": "105", "workdayStart": "09:00", "workdayEnd": "18:00",
    }  # fmt: skip
    services = await desk.office.call(GetContactServices(rows[1].cid), OPERATOR)
    assert [(one.type, one.params) for one in services] == [("computer", {}), ("sip", {"number": "105"})]


@pytest.mark.parametrize(
    ("form", "login", "domain", "expected"),
    [
        ("number", "", "", "7"),
        ("number", "ignored", "ignored.ru", "7"),
        ("number-login", "ivc", "", "7.ivc"),
        ("number-login", "a$b", "", "7.a$b"),
        ("number-login-domain", "ivc", "ros.chat", "7.ivc@ros.chat"),
        ("number-login-domain", "", "ros.chat", "7@ros.chat"),
    ],
)
async def test_login_forms(desk: Desk, form: str, login: str, domain: str, expected: str) -> None:
    plan = await desk.preview(numbers=MassNumbers(7, 1, 1, form, login, domain), change=SIMPLE)
    (row,) = await desk.rows(plan)
    assert [one.after for one in row.differences if one.what == "login"] == [expected]


@pytest.mark.parametrize(
    ("numbers", "field"),
    [
        (MassNumbers(1, 0), "numbers.count"),
        (MassNumbers(1, 50_001), "numbers.count"),
        (MassNumbers(-1, 2), "numbers.first"),
        (MassNumbers(1, 2, step=0), "numbers.step"),
        (MassNumbers(1, 2, login_form="other"), "numbers.loginForm"),
        (MassNumbers(1, 2, login_form="number-login"), "numbers.login"),
        (MassNumbers(1, 2, login_form="number-login-domain", domain="ros"), "numbers.domain"),
        (MassNumbers(1, 2, login_form="number-login-domain"), "numbers.domain"),
        (MassNumbers(1, 2, name=" "), "numbers.name"),
    ],
)
async def test_bad_numbers(desk: Desk, numbers: MassNumbers, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        await desk.preview(numbers=numbers, change=SIMPLE)
    assert list(refused.value.fields) == [field]


async def test_extended_adding_uses_templates_of_the_same_row(desk: Desk) -> None:
    change = MassChange(
        fields=[
            MassField("surname", "Иванов"),
            MassField("name", "Иван"),
            MassField("number", "$INC(0200,1)"),
            MassField("email", "$FIO_3.$CONTACT('number')@example.ru"),
            MassField("custom", "карта $CID", "Пропуск"),
        ],
        login="$CONTACT('email')",
        password=MassPassword("number"),
    )
    plan = await desk.apply(await desk.preview(add=2, change=change))
    rows = await desk.rows(plan)
    second = await card(desk, rows[1].cid)
    assert (second["number"], second["email"]) == ("0201", "ivanov.i.0201@example.ru")
    assert second["Пропуск"] == f"карта {rows[1].cid}"
    assert [fault.reason for fault in rows[1].faults] == ["weak-password"]
    assert plan.warnings == 2
    assert (await desk.office.login("ivanov.i.0201@example.ru", "0201")).status == "ok"


async def test_what_is_wrong_with_rows(desk: Desk) -> None:
    office = desk.office
    await office.hire("Орлова", CardField("number", "12"), login="13")
    change = MassChange(
        fields=[MassField("surname", "Ы"), MassField("number", "$INC(11)"), MassField("email", "x@y")],
        login="$CONTACT('number')",
        password=MassPassword("value", "good enough"),
    )
    plan = await desk.preview(add=3, change=change)
    told = [{fault.what: fault.reason for fault in row.faults} for row in await desk.rows(plan)]
    assert told == [
        {"email": "bad-value"},
        {"email": "bad-value", "number": "number-taken"},
        {"email": "bad-value", "login": "login-taken"},
    ]
    assert (plan.errors, plan.added) == (3, 0)
    same = MassChange(fields=[MassField("surname", "Ы"), MassField("number", "77")], login="Same", password=RANDOM)
    rows = await desk.rows(await desk.preview(add=2, change=same))
    assert [fault.reason for fault in rows[0].faults] == []
    assert [fault.reason for fault in rows[1].faults] == ["number-twice", "login-twice"]
    assert "Row 1" in rows[1].faults[0].text
    nobody = MassChange(fields=[MassField("surname", "$CONTACT('name')")])
    rows = await desk.rows(await desk.preview(add=1, change=nobody))
    assert [fault.reason for fault in rows[0].faults] == ["no-surname"]
    naked = MassChange(fields=[MassField("surname", "Ы")], login="l$INC")
    rows = await desk.rows(await desk.preview(add=1, change=naked))
    assert [fault.reason for fault in rows[0].faults] == ["no-password"]
    boss = MassChange(fields=[MassField("surname", "Ы"), MassField("manager", "99999")])
    rows = await desk.rows(await desk.preview(add=1, change=boss))
    assert [fault.reason for fault in rows[0].faults] == ["unknown-person"]
    bad_services = [MassService("tetra"), MassService("sip", {"number": "abc"})]
    rows = await desk.rows(
        await desk.preview(add=1, change=MassChange(fields=[MassField("surname", "Ы")], services=bad_services))
    )
    assert [(fault.what, fault.name) for fault in rows[0].faults] == [("service", "tetra"), ("service", "sip")]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (MassChange(fields=[MassField("surname", "$NOPE")]), "fields.0.value"),
        (MassChange(fields=[MassField("surname", "x"), MassField("hair", "red")]), "fields.1.type"),
        (MassChange(fields=[MassField("custom", "x")]), "fields.0.name"),
        (MassChange(fields=[MassField("name", "x", action="add")]), "fields.0.action"),
        (MassChange(fields=[MassField("name", "x", action="replace")]), "fields.0.find"),
        (MassChange(login="$INC(a)"), "login"),
        (MassChange(services=[MassService("fax")]), "services.0.type"),
        (MassChange(services=[MassService("sip", {"number": "$"})]), "services.0.params.number"),
        (MassChange(password=MassPassword("secret")), "password.kind"),
        (MassChange(password=MassPassword("value")), "password.value"),
        (MassChange(password=MassPassword("value", "short")), "password.value"),
        (MassChange(password=MassPassword("random", length=9)), "password.length"),
        (MassChange(active="maybe"), "active"),
    ],
)
async def test_bad_changes_name_their_field(desk: Desk, change: MassChange, field: str) -> None:
    with pytest.raises(RoschatError) as refused:
        await desk.preview(selection=MassSelection(), change=change)
    assert field in refused.value.fields


async def test_senseless_requests(desk: Desk) -> None:
    for bad in ({}, {"add": 2, "selection": MassSelection()}, {"selection": MassSelection()}, {"add": 50_001}):
        with pytest.raises(Invalid):
            await desk.preview(**bad)
    with pytest.raises(Invalid):
        await desk.preview(add=1, change=MassChange(fields=[MassField("name", "x")]))
    with pytest.raises(Invalid):
        await desk.preview(selection=MassSelection(services=["fax"]), change=MassChange(active="no"))
    with pytest.raises(NotFound):
        await desk.view(10**30)


async def test_editing_touches_only_what_it_names(desk: Desk) -> None:
    office = desk.office
    anna = await office.hire(
        "Орлова", CardField("department", "Цех 1"), CardField("number", "11"), CardField("number", "12"), login="anna"
    )
    serov = await office.hire("Серов", CardField("department", "Цех 2"), CardField("number", "21"))
    await office.hire("Титов", CardField("department", "Склад"))
    change = MassChange(
        fields=[
            MassField("department", "Участок", action="replace", find="Цех"),
            MassField("number", "9$CONTACT('number')"),
            MassField("room", "5", only_empty=True),
            MassField("number", "7$INC", action="add"),
        ]
    )
    selection = MassSelection(fields=[MassFieldFilter("department", "цех")])
    plan = await desk.preview(selection=selection, change=change)
    assert (plan.total, plan.changed) == (2, 2)
    rows = {row.cid: row for row in await desk.rows(plan)}
    assert [(one.what, one.before, one.after) for one in rows[anna].differences] == [
        ("department", "Цех 1", "Участок 1"), ("room", "", "5"), ("number", "11, 12", "911, 12, 71"),
    ]  # fmt: skip
    await desk.apply(plan)
    assert (await office.login("anna")).status == "ok"
    found = await office.call(GetContactCard(serov), OPERATOR)
    assert [field.value for field in found.fields if field.type == "number"] == ["921", "72"]
    cleared = MassChange(fields=[MassField("number", action="clear"), MassField("room", action="clear")])
    await desk.apply(await desk.preview(selection=MassSelection(cids=[anna]), change=cleared))
    assert set(await card(desk, anna)) == {"surname", "department", "workdayStart", "workdayEnd"}


async def test_nothing_to_change_is_said(desk: Desk) -> None:
    anna = await desk.office.hire("Орлова", CardField("room", "5"))
    plan = await desk.preview(selection=MassSelection(cids=[anna]), change=MassChange(fields=[MassField("room", "5")]))
    assert (plan.unchanged, plan.changed) == (1, 0)
    assert [row.action for row in await desk.rows(plan)] == ["none"]
    assert (await desk.apply(plan)).done == 0


async def test_services_logins_and_passwords_of_many(desk: Desk) -> None:
    office = desk.office
    anna = await office.hire("Орлова", CardField("number", "11"), login="anna")
    serov = await office.hire("Серов", CardField("number", "12"))
    socket = await office.connect("anna")
    selection = MassSelection(cids=[anna, serov])
    grant = MassChange(
        services=[MassService("mobile", remove=True), MassService("sip", {"number": "5$CONTACT('number')"})],
        login="u$CONTACT('number')",
        password=MassPassword("value", "correct horse 2"),
    )
    plan = await desk.apply(await desk.preview(selection=selection, change=grant))
    assert (plan.done, plan.passwords) == (2, 2)
    assert (await office.login("anna")).error == "bad-login-psw"
    assert (await office.login("U11", "correct horse 2")).status == "ok"
    assert (await office.login("u12", "correct horse 2", client="web")).error == "access-denied"
    assert [one.type for one in await office.call(GetContactServices(anna), OPERATOR)] == ["computer", "sip"]
    assert [one.params for one in await office.call(GetContactServices(serov), OPERATOR)] == [{"number": "512"}]
    assert socket.device
    undone = await desk.undo(plan)
    assert undone.state == "undone"
    assert (await office.login("anna", PASSWORD)).status == "ok"
    with pytest.raises(NotFound):
        await office.call(GetAccount(serov))
    assert await office.call(GetContactServices(serov), OPERATOR) == []


async def test_deactivation_ends_what_is_open(desk: Desk) -> None:
    office = desk.office
    anna = await office.hire("Орлова", login="anna")
    await office.connect("anna")
    plan = await desk.apply(await desk.preview(selection=MassSelection(cids=[anna]), change=MassChange(active="no")))
    assert (await office.login("anna")).error == "bad-login-psw"
    await desk.undo(plan)
    assert (await office.login("anna")).status == "ok"


async def test_rows_with_errors_are_left_out_or_the_whole_is_refused(desk: Desk) -> None:
    await desk.office.hire("Орлова", CardField("number", "2"))
    plan = await desk.preview(numbers=MassNumbers(1, 3), change=SIMPLE)
    assert (plan.added, plan.errors) == (2, 1)
    assert [row.position for row in await desk.rows(plan, "errors")] == [2]
    assert [row.position for row in await desk.rows(plan, "changes")] == [1, 3]
    with pytest.raises(RoschatError) as refused:
        await desk.apply(plan)
    assert refused.value.code == "plan-has-errors"
    plan = await desk.apply(plan, skip_errors=True)
    assert [(row.position, row.state) for row in await desk.rows(plan)] == [(1, "done"), (2, "error"), (3, "done")]


async def test_what_changed_since_the_preview_is_left_alone(desk: Desk) -> None:
    office = desk.office
    anna, serov = await office.hire("Орлова"), await office.hire("Серов")
    titov = await office.hire("Титов", login="titov")
    change = MassChange(fields=[MassField("room", "7"), MassField("number", "$INC(50)")])
    plan = await desk.preview(selection=MassSelection(cids=[anna, serov, titov]), change=change)
    await office.call(ChangeContact(anna, [CardField("surname", "Соколова")]))
    taken = next(
        one.after
        for row in await desk.rows(plan)
        if row.cid == serov
        for one in row.differences
        if one.what == "number"
    )
    await office.call(AddContact([CardField("surname", "Новый"), CardField("number", taken)]))
    plan = await desk.apply(plan)
    told = {row.cid: (row.state, row.outcome) for row in await desk.rows(plan)}
    assert told == {anna: ("skipped", "changed"), serov: ("skipped", "number-taken"), titov: ("done", "")}
    assert (plan.done, plan.skipped) == (1, 2)
    assert "room" not in await card(desk, anna)


async def test_a_plan_is_applied_once(desk: Desk) -> None:
    plan = await desk.preview(numbers=MassNumbers(1, 1), change=SIMPLE)
    outcomes = await asyncio.gather(
        *(desk.office.call(ApplyMassPlan(plan.id), OPERATOR) for _ in range(3)), return_exceptions=True
    )
    started = [one for one in outcomes if not isinstance(one, BaseException)]
    assert len(started) == 1
    await desk.ended(started[0].job)
    with pytest.raises(RoschatError):
        await desk.office.call(DropMassPlan(plan.id), OPERATOR)
    with pytest.raises(RoschatError):
        await desk.apply(plan)
    plan = await desk.undo(plan)
    with pytest.raises(RoschatError):
        await desk.undo(plan)


async def test_undoing_keeps_what_was_used_or_changed(desk: Desk) -> None:
    office = desk.office
    change = MassChange(
        fields=[MassField("surname", "Ы"), MassField("number", "$INC(30)")],
        login="l$INC",
        password=MassPassword("value", PASSWORD),
        services=[MassService("computer")],
    )
    plan = await desk.apply(await desk.preview(add=3, change=change))
    first, second, third = [row.cid for row in await desk.rows(plan)]
    await office.connect("l1")
    await office.call(ChangeContact(second, [CardField("surname", "Другой"), CardField("number", "31")]))
    told = office.collect(ContactChanged)
    plan = await desk.undo(plan)
    assert {row.cid: (row.state, row.outcome) for row in await desk.rows(plan)} == {
        first: ("kept", "used"), second: ("kept", "changed"), third: ("undone", ""),
    }  # fmt: skip
    assert [(event.contact.cid, event.contact.active) for event in told] == [(third, False)]
    with pytest.raises(NotFound):
        await office.call(GetContactCard(third), OPERATOR)
    # Number and login are free again.
    await office.hire("Новый", CardField("number", "32"), login="l3")
    assert await card(desk, first) == {"surname": "Ы", "number": "30", "workdayStart": "09:00", "workdayEnd": "18:00"}


async def test_undoing_an_edit_brings_back_what_nobody_changed(desk: Desk) -> None:
    office = desk.office
    anna = await office.hire("Орлова", CardField("room", "1"), CardField("number", "1"))
    serov = await office.hire("Серов", CardField("room", "2"), CardField("number", "2"))
    change = MassChange(fields=[MassField("room", "$INC(8)"), MassField("number", "$INC(10)")])
    plan = await desk.apply(await desk.preview(selection=MassSelection(cids=[anna, serov]), change=change))
    await office.hire("Новый", CardField("number", "1"))
    plan = await desk.undo(plan)
    told = {row.cid: (row.state, row.outcome) for row in await desk.rows(plan)}
    assert told == {anna: ("kept", "number-taken"), serov: ("undone", "")}
    assert (await card(desk, serov))["room"] == "2"
    assert (await card(desk, anna))["room"] in ("8", "9")


async def test_a_password_that_its_owner_changed_stays(desk: Desk) -> None:
    office = desk.office
    anna = await office.hire("Орлова", login="anna")
    change = MassChange(password=MassPassword("value", "first one 1"), fields=[MassField("room", "5")])
    plan = await desk.apply(await desk.preview(selection=MassSelection(cids=[anna]), change=change))
    again = MassChange(password=MassPassword("value", "second one 2"))
    await desk.apply(await desk.preview(selection=MassSelection(cids=[anna]), change=again))
    plan = await desk.undo(plan)
    (row,) = await desk.rows(plan)
    assert (row.state, row.outcome) == ("undone", "password-changed")
    assert "room" not in await card(desk, anna)
    assert (await office.login("anna", "second one 2")).status == "ok"


async def test_the_licence_is_asked_for_every_account(desk: Desk) -> None:
    async def one_more(hook: MayHaveAccount) -> None:
        async with desk.office.db.reading() as tx:
            if await tx.value("SELECT count(*) FROM server.account") >= 20:
                raise Denied("The licence is for 20 people.")

    desk.office.bus.answer(MayHaveAccount, one_more)
    plan = await desk.apply(await desk.preview(numbers=MassNumbers(1, 50), change=SIMPLE))
    assert plan.done == 20
    assert {row.outcome for row in await desk.rows(plan, "skipped")} == {"The licence is for 20 people."}


async def test_history(desk: Desk) -> None:
    office = desk.office
    plan = await desk.preview(numbers=MassNumbers(1, 1), change=SIMPLE, title="Первая")
    await desk.preview(numbers=MassNumbers(5, 1), change=SIMPLE, title="Вторая")
    await office.call(DropMassPlan(plan.id), OPERATOR)
    listed = await office.call(ListMassPlans(), OPERATOR)
    assert [(one.title, one.who, one.kind) for one in listed.plans] == [("Вторая", "olga", "add")]
    with pytest.raises(Invalid):
        await office.call(ListMassPlans(page=0), OPERATOR)


async def test_every_change_is_in_the_journal_without_passwords(desk: Desk) -> None:
    await desk.apply(await desk.preview(numbers=MassNumbers(40, 1), change=SIMPLE))
    async with desk.office.db.reading() as tx:
        entries = await tx.rows(
            "SELECT who, action, subject, after FROM kernel.audit WHERE action = 'apply-mass-plan'",
            kind=lambda *row: row,
        )
    ((who, _, subject, after),) = entries
    assert who == "olga"
    assert subject.startswith("mass change ")
    (told,) = after.values()
    assert (told["login"], told["password"], told["number"]) == ("40", "********", "40")


async def test_templates_are_tried(desk: Desk) -> None:
    office = desk.office
    await office.hire("Орлова", CardField("name", "Анна"))
    await office.hire("Серов")
    tried = await office.call(TryTemplate("$FIO_3-$INC(5)", MassSelection(), 2), OPERATOR)
    assert tried.samples == ["orlova.a-5", "serov-6"]
    assert (await office.call(TryTemplate("$FIO_2"), OPERATOR)).samples[0] == "Иванов И.И."
    wrong = await office.call(TryTemplate("a $FOO"), OPERATOR)
    assert (wrong.samples, wrong.macro, wrong.position) == ([], "$FOO", 3)
    with pytest.raises(Invalid):
        await office.call(TryTemplate("x", count=0), OPERATOR)


async def test_inactive_people_of_services(desk: Desk) -> None:
    office = desk.office
    anna = await office.hire("Орлова", login="anna")
    await office.call(SetContactServices(anna, [ContactService(ServiceType.COMPUTER)]), OPERATOR)
    await office.call(SetAccountActive(anna, False))
    selection = MassSelection(state="inactive", services=["computer"])
    plan = await desk.apply(await desk.preview(selection=selection, change=MassChange(active="yes")))
    assert plan.done == 1
    page = await office.call(FindContacts(), OPERATOR)
    assert [(row.surname, row.active) for row in page.contacts] == [("Орлова", True)]
