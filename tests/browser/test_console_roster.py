"""Mass adding, mass editing, import and export in the console, in a real browser over a real server."""

import csv
import io
import json
import os
import re
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.async_api import Page, expect

from tests.browser.console import OpenConsole
from tests.harness.server import Server

Accessibility = Callable[[Page], Coroutine[Any, Any, list[str]]]
SHOTS = os.environ.get("ROSCHAT_SHOTS", "")
"""A folder for pictures of the screens, for whoever wants to look at them."""


async def shot(page: Page, name: str) -> None:
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


async def people(server: Server, *names: str, **fields: str) -> list[int]:
    """People of the directory; answers their cids."""
    cids = []
    for name in names:
        card = [{"type": "surname", "value": name}, *({"type": kind, "value": text} for kind, text in fields.items())]
        cids.append((await server.ask("add-contact", {"fields": card}))["cid"])
    return cids


async def previewed(page: Page) -> None:
    await page.get_by_role("button", name="Предварительный просмотр").click()
    await expect(page.locator("[data-plan=ready]")).to_be_visible()


async def applied(page: Page, *, skip: bool = False) -> None:
    await page.get_by_role("button", name="Применить").click()
    dialog = page.get_by_role("dialog", name="Подтвердите изменения")
    await expect(dialog.get_by_role("table")).to_be_visible()
    if skip:
        await dialog.get_by_label(re.compile("Пропустить строки с ошибками")).check()
    await dialog.get_by_role("button", name="Применить").click()
    await expect(page.locator("[data-plan=applied]")).to_be_visible()


async def test_numbers_become_contacts_with_pairs_and_go_back(
    server: Server, console: OpenConsole, accessibility: Accessibility
) -> None:
    page = await console("operator", "/directory/mass-add")
    await page.get_by_label("Первый номер").fill("3000")
    await page.get_by_label("Сколько контактов").fill("3")
    await page.get_by_label("Название").fill("Третий этаж")
    await expect(page.get_by_text("Номера с 3000 по 3002")).to_be_visible()
    assert await accessibility(page) == []
    await shot(page, "mass-add")
    await previewed(page)
    row = page.get_by_role("row", name=re.compile("Абонент 3001"))
    await expect(row).to_contain_text("3001")
    await expect(row).to_contain_text("Компьютерный клиент")
    assert await accessibility(page) == []
    await shot(page, "mass-add-preview")
    await page.get_by_role("button", name="Применить").click()
    dialog = page.get_by_role("dialog", name="Подтвердите изменения")
    await expect(dialog.get_by_role("row", name=re.compile("Абонент 3002"))).to_be_visible()
    await shot(page, "mass-add-confirm")
    assert await accessibility(page) == []
    await dialog.get_by_role("button", name="Закрыть").last.click()
    assert (await server.ask("find-contacts", {}))["total"] == 0
    await applied(page)
    await shot(page, "mass-add-applied")
    assert (await server.ask("find-contacts", {}))["total"] == 3
    await page.get_by_role("button", name="Скачать пары (CSV)").click()
    async with page.expect_download() as download:
        await page.get_by_role("dialog").get_by_role("button", name="Скачать пары (CSV)").click()
    table = (await (await download.value).path()).read_text("utf-8-sig")
    pairs = {row["Логин"]: row["Пароль"] for row in csv.DictReader(io.StringIO(table), delimiter=";")}
    assert list(pairs) == ["3000", "3001", "3002"]
    assert len(set(pairs.values())) == 3
    await expect(page.get_by_text("пары логин-пароль")).to_have_count(0)
    await page.get_by_role("button", name="Отменить изменения").click()
    await page.get_by_role("dialog").get_by_role("button", name="Отменить изменения").click()
    await expect(page.locator("[data-plan=undone]")).to_be_visible()
    assert (await server.ask("find-contacts", {}))["total"] == 0
    await page.get_by_role("link", name="Начать заново").click()
    await expect(page.get_by_role("row", name=re.compile("Третий этаж"))).to_contain_text("отменён")


async def test_wrong_numbers_and_templates_are_told_beside_their_fields(server: Server, console: OpenConsole) -> None:
    page = await console("operator", "/directory/mass-add")
    await page.get_by_label("Начало фамилии").fill("")
    await page.get_by_role("combobox", name="Шаблон логина").click()
    await page.get_by_role("option", name="Списочный номер, логин и домен").click()
    await page.get_by_label("Домен").fill("ros")
    await page.get_by_role("button", name="Предварительный просмотр").click()
    await expect(page.get_by_text("Введите значение")).to_be_visible()
    await expect(page.get_by_text("Неверный адрес", exact=True)).to_be_visible()
    await expect(page).to_have_url(re.compile("/mass-add$"))
    await page.get_by_text("Расширенный").click()
    value = page.get_by_role("textbox", name="Значение").first
    await value.fill("Новый $INC(5)")
    await expect(page.get_by_text("Получится: Новый 5, Новый 6, Новый 7")).to_be_visible()
    await value.fill("Новый $FOO")
    await expect(page.get_by_text("Ошибка в позиции 7: $FOO")).to_be_visible()
    await page.get_by_role("button", name="Предварительный просмотр").click()
    await expect(page.get_by_role("alert").first).to_contain_text("$FOO")
    await expect(page).to_have_url(re.compile("/mass-add$"))
    assert (await server.ask("find-contacts", {}))["total"] == 0


async def test_rows_with_errors(server: Server, console: OpenConsole, accessibility: Accessibility) -> None:
    await people(server, "Орлова", number="1001")
    page = await console("admin", "/directory/mass-add")
    await page.get_by_label("Сколько контактов").fill("3")
    await previewed(page)
    await expect(page.locator("[data-count=errors]")).to_have_text("С ошибками: 1")
    await page.get_by_text("Ошибки", exact=True).click()
    await expect(page.get_by_text("Номер: Номер 1001 занят")).to_be_visible()
    await expect(page.get_by_role("row")).to_have_count(2)
    assert await accessibility(page) == []
    await shot(page, "mass-errors")
    await page.get_by_role("button", name="Применить").click()
    dialog = page.get_by_role("dialog", name="Подтвердите изменения")
    await expect(dialog.get_by_role("button", name="Применить")).to_be_disabled()
    await dialog.get_by_role("button", name="Закрыть").last.click()
    await applied(page, skip=True)
    assert (await server.ask("find-contacts", {}))["total"] == 3


async def test_editing_those_who_meet_conditions(
    server: Server, console: OpenConsole, accessibility: Accessibility
) -> None:
    await people(server, "Орлова", "Серов", department="Цех 1")
    await people(server, "Титов", department="Склад")
    page = await console("operator", "/directory/mass-edit")
    await expect(page.locator("[data-chosen='3']")).to_be_visible()
    await page.get_by_role("button", name="Добавить условие").click()
    await page.get_by_label("Содержит").fill("цех")
    await expect(page.locator("[data-chosen='2']")).to_be_visible()
    await page.get_by_role("textbox", name="Значение").fill("Участок $INC(7)")
    await expect(page.get_by_text("Получится: Участок 7, Участок 8")).to_be_visible()
    assert await accessibility(page) == []
    await shot(page, "mass-edit")
    await previewed(page)
    row = page.get_by_role("row", name=re.compile("Серов"))
    await expect(row).to_contain_text("Цех 1")
    await expect(row).to_contain_text("Участок 8")
    await applied(page)
    found = await server.ask("find-contacts", {})
    assert [(one["surname"], one["department"]) for one in found["contacts"]] == [
        ("Орлова", "Участок 7"), ("Серов", "Участок 8"), ("Титов", "Склад"),
    ]  # fmt: skip


async def test_the_selection_of_the_directory_is_taken_over(server: Server, console: OpenConsole) -> None:
    cids = await people(server, "Орлова", "Серов", "Титов")
    filter_ = quote(json.dumps({"cids": cids[:2]}))
    page = await console("operator", f"/directory/mass-edit?selection={filter_}")
    await expect(page.locator("[data-chosen='2']")).to_contain_text("Орлова, Серов")
    await page.get_by_role("button", name="Предварительный просмотр").click()
    await expect(page.locator("[data-plan=ready]")).to_contain_text("Менять нечего")
    await expect(page.get_by_role("button", name="Применить")).to_be_disabled()


async def test_a_table_becomes_contacts(
    server: Server, console: OpenConsole, accessibility: Accessibility, tmp_path: Path
) -> None:
    await people(server, "Орлова", number="101")
    table = tmp_path / "Кадры.csv"
    table.write_bytes("Фамилия;Имя;Внутренний номер;Отдел\nОрлова;Анна;101;Цех\nНовый;Пётр;102;Цех\n".encode("cp1251"))
    page = await console("operator", "/directory/import")
    assert await accessibility(page) == []
    await page.locator("input[type=file]").set_input_files(table)
    await expect(page.get_by_text("Кадры.csv: 2 строк, 4 столбцов")).to_be_visible()
    await expect(page.get_by_role("combobox", name="Поле: Внутренний номер")).to_have_value("Номер")
    assert await accessibility(page) == []
    await shot(page, "import-mapping")
    await previewed(page)
    await expect(page.locator("[data-count=added]")).to_have_text("Новых: 1")
    await expect(page.locator("[data-count=changed]")).to_have_text("Изменится: 1")
    await applied(page)
    found = await server.ask("find-contacts", {})
    assert [(one["surname"], one["name"], one["number"], one["department"]) for one in found["contacts"]] == [
        ("Новый", "Пётр", "102", "Цех"), ("Орлова", "Анна", "101", "Цех"),
    ]  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1", b"PK\x03\x04no workbook"])
async def test_what_is_no_table_is_refused(console: OpenConsole, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.xlsx").write_bytes(content)
    page = await console("operator", "/directory/import")
    await page.locator("input[type=file]").set_input_files(tmp_path / "bad.xlsx")
    await expect(page.get_by_role("alert").first).to_be_visible()
    await expect(page.get_by_text("Что в столбцах")).to_have_count(0)


async def test_the_directory_comes_down_as_a_table(server: Server, console: OpenConsole) -> None:
    await people(server, "=cmd()", "Орлова", room="5")
    page = await console("operator", "/directory/import")
    await page.get_by_role("combobox", name="Формат").click()
    await page.get_by_role("option", name="CSV").click()
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Выгрузить").click()
    text = (await (await download.value).path()).read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [(row["Фамилия"], row["Кабинет"]) for row in rows] == [("'=cmd()", "5"), ("Орлова", "5")]


async def test_narrow_dark_and_english(console: OpenConsole, accessibility: Accessibility) -> None:
    narrow = {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark", "locale": "en-GB"}
    page = await console("operator", "/directory/mass-add", **narrow)
    for path, heading in (("mass-add", "Mass adding"), ("mass-edit", "Mass editing"), ("import", "Import and export")):
        await page.goto(re.sub("/directory/.*", f"/directory/{path}", page.url))
        await expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        await expect(page.get_by_text("History of mass operations")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert await accessibility(page) == []
        await shot(page, f"narrow-{path}")


async def test_who_may_not(server: Server, console: OpenConsole) -> None:
    page = await console("security", "/users")
    for way, body in (
        ("/directory/mass/preview", {"add": 1}),
        ("/directory/export", {}),
        ("/directory/mass/1/passwords", {}),
        ("/directory/mass/1/apply", {}),
    ):
        answer = await page.request.post(server.url("console") + "/api/v1" + way, data=body)
        assert answer.status == 403, way
    upload = await page.request.post(
        server.url("console") + "/api/v1/directory/import",
        data=b"a;b",
        headers={"content-type": "application/octet-stream"},
    )
    assert upload.status == 403
    await page.context.clear_cookies()
    answer = await page.request.post(server.url("console") + "/api/v1/directory/export", data={})
    assert answer.status == 401
