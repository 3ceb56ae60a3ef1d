"""Imports meet contacts, exports can be imported again, and pairs go out once."""

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from roschat.kernel.errors import Invalid, NotFound, RoschatError
from roschat.kernel.secrets import Secrets
from roschat.modules.ms.mail.api import GetMailState, MailState, SendLetter
from roschat.modules.server.accounts.tests.office import Office
from roschat.modules.server.contacts.api import GetContactCard, GetContactServices
from roschat.modules.server.directory.api import CardField
from roschat.modules.server.roster.api import (
    DeleteImportPreset,
    ExportOrder,
    ImportFile,
    ImportMapping,
    ImportPreset,
    ImportRules,
    ListImportPresets,
    MailMassPasswords,
    MassChange,
    MassField,
    MassFieldFilter,
    MassNumbers,
    MassPassword,
    MassPlanView,
    MassSelection,
    PreviewImport,
    SaveImportPreset,
)
from roschat.modules.server.roster.exporting import Exporting
from roschat.modules.server.roster.pairs import Pairs
from roschat.modules.server.roster.plans import Plans
from roschat.modules.server.roster.seal import Seal
from roschat.modules.server.roster.tests.desk import OPERATOR, Desk
from roschat.modules.server.roster.uploads import Uploads
from roschat.types import Seconds
from roschat.wire.message import Caller, Empty


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


@pytest.fixture
def uploads(office: Office, tmp_path: Path) -> Uploads:
    return Uploads(tmp_path / "server" / "imports", office.clock)


async def once(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def imported(desk: Desk, uploads: Uploads, text: str, **rules: Any) -> MassPlanView:
    """The plan of a table whose columns are taken as guessed."""
    file: ImportFile = await uploads.take("t.csv", once(text.encode()))
    columns = [ImportMapping(one.index, one.type, one.name) for one in file.columns if one.type]
    change = rules.pop("change", MassChange())
    return await desk.plan(PreviewImport(file.id, ImportRules(columns, **rules), change))


async def test_rows_change_those_they_mean_and_add_the_others(desk: Desk, uploads: Uploads) -> None:
    office = desk.office
    anna = await office.hire("Орлова", CardField("number", "101"), CardField("room", "5"))
    serov = await office.hire("Серов", CardField("email", "Serov@example.ru"))
    titov = await office.hire("Титов", login="titov")
    text = (
        "ФИО;Номер;E-mail;Логин;Пароль;День рождения;Кабинет\n"
        "Орлова Анна;1-01;;;;17.05.1984;\n"
        "Серов;;serov@EXAMPLE.ru;;;;7\n"
        "Титов;;;TITOV;new password 1;;\n"
        "Новиков Иван;104, 105;n@example.ru;nov;password of nov;;\n"
    )
    plan = await imported(desk, uploads, text)
    assert (plan.added, plan.changed, plan.errors) == (1, 3, 0)
    assert [row.position for row in await desk.rows(plan)] == [2, 3, 4, 5]
    plan = await desk.apply(plan)
    rows = await desk.rows(plan)
    assert [row.cid for row in rows[:3]] == [anna, serov, titov]
    card = await office.call(GetContactCard(anna), OPERATOR)
    assert {field.type: field.value for field in card.fields}.items() >= {
        "name": "Анна", "birthday": "1984-05-17", "room": "5", "number": "101",
    }.items()  # fmt: skip
    assert (await office.login("titov", "new password 1")).status == "ok"
    assert (await office.login("nov", "password of nov")).status == "ok"
    new = await office.call(GetContactCard(rows[3].cid), OPERATOR)
    assert [field.value for field in new.fields if field.type == "number"] == ["104", "105"]
    assert new.services == ["computer", "mobile"]
    undone = await desk.undo(plan)
    assert undone.state == "undone"
    assert (await office.call(GetContactCard(serov), OPERATOR)).fields == [
        field for field in (await office.call(GetContactCard(serov), OPERATOR)).fields if field.type != "room"
    ]


async def test_what_is_wrong_with_rows_of_a_table(desk: Desk, uploads: Uploads) -> None:
    office = desk.office
    await office.hire("Двойников", CardField("name", "Иван"))
    await office.hire("Двойников", CardField("name", "Иван"))
    anna = await office.hire("Орлова", CardField("number", "1"))
    text = (
        "Фамилия,Имя,Номер,Активен\nДвойников,Иван,,\nОрлова,,1,\nОрлова,,1,\nНовый,,2,быть может\n,Безфамильный,3,\n"
    )
    plan = await imported(desk, uploads, text, match=["number", "name"], unknown="error")
    told = [[fault.reason for fault in row.faults] for row in await desk.rows(plan)]
    assert told == [["found-twice"], [], ["row-twice"], ["not-found", "bad-value"], ["not-found"]]
    plan = await imported(desk, uploads, text, match=["number", "name"], unknown="skip")
    assert [row.outcome for row in await desk.rows(plan)] == ["", "", "", "not-found", "not-found"]
    plan = await imported(desk, uploads, text, match=["cid", "number"], known="skip")
    rows = await desk.rows(plan)
    assert [(row.cid == anna, row.outcome) for row in rows][1] == (True, "exists")


async def test_empty_cells_keep_or_clear(desk: Desk, uploads: Uploads) -> None:
    office = desk.office
    anna = await office.hire(
        "Орлова", CardField("number", "1"), CardField("room", "5"), CardField("custom", "9", "Табель")
    )
    text = "Номер;Кабинет;Табель\n1;;\n"
    kept = await imported(desk, uploads, text)
    assert (kept.unchanged, kept.changed) == (1, 0)
    await desk.apply(await imported(desk, uploads, text, empty="clear"))
    card = await office.call(GetContactCard(anna), OPERATOR)
    assert {field.type for field in card.fields} == {"surname", "number", "workdayStart", "workdayEnd"}


async def test_services_of_a_table_and_a_change_for_all(desk: Desk, uploads: Uploads) -> None:
    file = await uploads.take("t.csv", once("Фамилия;SIP;Моб\nОрлова;501;да\nСеров;;нет\n".encode()))
    columns = [ImportMapping(0, "surname"), ImportMapping(1, "service", "sip"), ImportMapping(2, "service", "mobile")]
    change = MassChange(
        fields=[MassField("department", "Цех $INC")], login="$FIO_3$INC", password=MassPassword("random", length=16)
    )
    plan = await desk.apply(await desk.plan(PreviewImport(file.id, ImportRules(columns), change)))
    first, second = await desk.rows(plan)
    services = await desk.office.call(GetContactServices(first.cid), OPERATOR)
    assert [(one.type, one.params) for one in services] == [("mobile", {}), ("sip", {"number": "501"})]
    logins = [one.after for row in (first, second) for one in row.differences if one.what == "login"]
    assert logins == ["orlova1", "serov2"]


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ([], "rules.columns"),
        ([ImportMapping(9, "surname")], "rules.columns.0"),
        ([ImportMapping(0, "hair")], "rules.columns.0"),
        ([ImportMapping(0, "custom")], "rules.columns.0"),
        ([ImportMapping(0, "service", "fax")], "rules.columns.0"),
        ([ImportMapping(0, "surname"), ImportMapping(1, "surname")], "rules.columns.1"),
    ],
)
async def test_bad_rules(desk: Desk, uploads: Uploads, columns: list[ImportMapping], field: str) -> None:
    file = await uploads.take("t.csv", once(b"a;b\n1;2\n"))
    with pytest.raises(Invalid) as refused:
        await desk.plan(PreviewImport(file.id, ImportRules(columns)))
    assert list(refused.value.fields) == [field]
    with pytest.raises(NotFound):
        await desk.plan(PreviewImport("0" * 32, ImportRules([ImportMapping(0, "surname")])))


async def test_presets(desk: Desk) -> None:
    office = desk.office
    preset = ImportPreset("Кадры", ImportRules([ImportMapping(0, "surname")], unknown="skip"), ["Фамилия"])
    await office.call(SaveImportPreset(preset), OPERATOR)
    await office.call(SaveImportPreset(preset), OPERATOR)
    assert await office.call(ListImportPresets(), OPERATOR) == [preset]
    with pytest.raises(Invalid):
        await office.call(SaveImportPreset(ImportPreset(" ", preset.rules)), OPERATOR)
    await office.call(DeleteImportPreset("Кадры"), OPERATOR)
    with pytest.raises(NotFound):
        await office.call(DeleteImportPreset("Кадры"), OPERATOR)


async def exported(office: Office, order: ExportOrder) -> bytes:
    _, body = await Exporting(office.db, office.bus).table(order, OPERATOR)
    return b"".join([part async for part in body])


async def test_an_export_can_be_imported_again(desk: Desk, uploads: Uploads) -> None:
    office = desk.office
    for n in range(3):
        await office.hire(
            f"Человек {n}", CardField("number", f"10{n}"), CardField("custom", "=x", "Табель"), login=f"l{n}"
        )
    for order in (ExportOrder(format="csv"), ExportOrder(format="xlsx")):
        file = await uploads.take("again", once(await exported(office, order)))
        assert file.rows == 3
        columns = [ImportMapping(one.index, one.type) for one in file.columns if one.type not in ("custom", "cid", "")]
        plan = await desk.plan(PreviewImport(file.id, ImportRules(columns)))
        assert (plan.unchanged, plan.errors) == (3, 0), await desk.rows(plan)
    chosen = ExportOrder(
        MassSelection(fields=[MassFieldFilter("surname", "Человек 1", exact=True)]),
        ["surname", "custom:Табель", "active"],
        "csv",
        ",",
        language="en",
    )
    told = (await exported(office, chosen)).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(told))) == [["Surname", "Табель", "Active"], ["Человек 1", "'=x", "yes"]]
    for bad in (
        ExportOrder(columns=["hair"]),
        ExportOrder(format="pdf"),
        ExportOrder(delimiter="::"),
        ExportOrder(encoding="koi8"),
    ):
        with pytest.raises(Invalid):
            await exported(office, bad)


def pairs_of(desk: Desk, tmp_path: Path) -> Pairs:
    seal = Seal(Secrets(tmp_path / "secrets").get("mass-passwords"))
    nothing: Any = None
    plans = Plans(desk.office.db, desk.office.bus, desk.office.clock, nothing, seal, nothing, nothing, nothing)
    return Pairs(desk.office.db, seal, plans)


async def test_pairs_go_out_once_and_open_the_accounts(desk: Desk, tmp_path: Path) -> None:
    change = MassChange(password=MassPassword("random"))
    plan = await desk.apply(await desk.preview(numbers=MassNumbers(1, 2), change=change))
    async with desk.office.db.reading() as tx:
        kept = await tx.value("SELECT string_agg(m::text, ' ') FROM server.mass_row m")
    pairs = pairs_of(desk, tmp_path)
    _, broken = await pairs.table(plan.id, "csv", "ru", OPERATOR)
    assert await anext(broken)
    await broken.aclose()  # type: ignore[attr-defined]
    kind, body = await pairs.table(plan.id, "csv", "ru", OPERATOR)
    assert kind.startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(b"".join([part async for part in body]).decode("utf-8-sig")), delimiter=";"))
    assert [row["Логин"] for row in rows] == ["1", "2"]
    assert rows[0]["Пароль"] != rows[1]["Пароль"]
    assert rows[0]["Пароль"] not in kept
    assert (await desk.office.login("1", rows[0]["Пароль"])).status == "ok"
    with pytest.raises(NotFound):
        await pairs.table(plan.id, "csv", "ru", OPERATOR)


async def test_letters_go_to_those_who_have_an_address(desk: Desk) -> None:
    office = desk.office
    letters: list[SendLetter] = []

    async def send(command: SendLetter, caller: Caller) -> Empty:
        letters.append(command)
        return Empty()

    on = False

    async def state(command: GetMailState, caller: Caller) -> MailState:
        return MailState(on, 0, 0, 0, Seconds(0), "")

    office.bus.serve(SendLetter, send)
    office.bus.serve(GetMailState, state)
    change = MassChange(
        fields=[MassField("surname", "Ы"), MassField("email", "p$INC@example.ru")],
        login="l$INC",
        password=MassPassword("random"),
    )
    plan = await desk.preview(add=2, change=change)
    with pytest.raises(RoschatError) as refused:
        await desk.apply(plan, mail=True)
    assert refused.value.code == "mail-off"
    on = True
    plan = await desk.apply(plan, mail=True)
    assert [letter.to for letter in letters] == ["p1@example.ru", "p2@example.ru"]
    password = letters[0].values["password"]
    on = False
    assert (await office.login("l1", password)).status == "ok"
    assert plan.mailable == 0
    with pytest.raises(RoschatError):
        await office.call(MailMassPasswords(plan.id), OPERATOR)


async def test_what_is_old_is_forgotten(desk: Desk, tmp_path: Path) -> None:
    office = desk.office
    change = MassChange(password=MassPassword("random"))
    applied = await desk.apply(await desk.preview(numbers=MassNumbers(1, 1), change=change))
    unused = await desk.preview(numbers=MassNumbers(9, 1), change=change)
    nothing: Any = None
    plans = Plans(office.db, office.bus, office.clock, nothing, nothing, nothing, nothing, nothing)
    office.clock.advance(86_401)
    await plans.clear()
    assert (await desk.view(applied.id)).passwords == 0
    with pytest.raises(NotFound):
        await desk.view(unused.id)
    office.clock.advance(30 * 86_400)
    await plans.clear()
    with pytest.raises(NotFound):
        await desk.view(applied.id)


async def test_a_plan_whose_job_broke_off_can_go_on(desk: Desk) -> None:
    office = desk.office
    plan = await desk.preview(numbers=MassNumbers(1, 2), change=MassChange(password=MassPassword("random")))
    async with office.db.transaction() as tx:
        await tx.run("UPDATE server.mass_plan SET state = 'applying' WHERE id = %s", plan.id)
    nothing: Any = None
    await Plans(office.db, office.bus, office.clock, nothing, nothing, nothing, nothing, nothing).recover()
    assert (await desk.view(plan.id)).state == "ready"
    assert (await desk.apply(plan)).done == 2
