"""The directory of the console in a real browser: finding, adding and changing people, their tabs."""

import os
import re
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.client.visitor import Visitor
from tests.browser.console import OpenConsole, console
from tests.harness.server import Server

__all__ = ["console"]

Accessibility = Callable[[Page], Coroutine[Any, Any, list[str]]]
PEOPLE = (
    ("Иванова", "Анна", "101", "Инженер", "Отдел связи"),
    ("Семёнов", "Пётр", "102", "Инженер", "Отдел связи"),
    ("Ким", "Ян", "103", "Водитель", "Гараж"),
)


async def shot(page: Page, name: str) -> None:
    """A picture to look at, when somebody asks for them."""
    if folder := os.environ.get("ROSCHAT_SHOTS"):
        await page.screenshot(path=Path(folder) / f"directory-{name}.png", full_page=True)


async def hire(server: Server, surname: str, login: str = "", **fields: str) -> int:
    card = [{"type": "surname", "value": surname}, *({"type": kind, "value": v} for kind, v in fields.items())]
    cid = int((await server.ask("add-contact", {"fields": card}))["cid"])
    if login:
        await server.ask("add-account", {"cid": cid, "login": login, "password": "a good password"})
    return cid


@pytest.fixture
async def people(server: Server) -> dict[str, int]:
    """Three people, by surname."""
    return {
        surname: await hire(server, surname, name=name, number=number, position=position, department=department)
        for surname, name, number, position, department in PEOPLE
    }


async def rows(page: Page, *surnames: str) -> None:
    """The table shows exactly these."""
    cells = page.locator("[data-column=name]")
    await expect(cells).to_have_count(len(surnames))
    await expect(cells).to_have_text([re.compile(name) for name in surnames])


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


async def test_finding_and_filtering(
    server: Server, console: OpenConsole, people: dict[str, int], accessibility: Accessibility
) -> None:
    page = await console("operator", "/directory")
    await rows(page, "Иванова", "Ким", "Семёнов")
    assert await accessibility(page) == []
    await shot(page, "list")
    await page.get_by_label("Найти").fill("петр семен")
    await rows(page, "Семёнов")
    await expect(page).to_have_url(re.compile(r"/directory\?text="))
    await page.get_by_label("Найти").fill("")
    await page.get_by_role("button", name="Фильтры").click()
    await page.get_by_role("button", name="Фильтр по полю").click()
    await page.get_by_role("combobox", name="Содержит").fill("связи")
    await rows(page, "Иванова", "Семёнов")
    assert await accessibility(page) == []
    await shot(page, "filters")
    await page.reload()
    await rows(page, "Иванова", "Семёнов")
    await page.get_by_label("Поле", exact=True).select_option("position")
    await page.get_by_role("combobox", name="Содержит").fill("водит")
    await rows(page, "Ким")
    await page.keyboard.press("Tab")
    await page.get_by_role("button", name="Сбросить фильтры").click()
    await rows(page, "Иванова", "Ким", "Семёнов")
    await page.get_by_text("Есть", exact=True).click()
    await expect(page.get_by_text("Никого не найдено")).to_be_visible()
    await shot(page, "nobody")
    await page.get_by_role("button", name="Сбросить фильтры").click()
    await page.get_by_role("button", name="Номер").click()
    await page.get_by_role("button", name="Номер").click()
    await rows(page, "Ким", "Семёнов", "Иванова")


async def test_pages_columns_and_selection(server: Server, console: OpenConsole) -> None:
    for n in range(25):
        await hire(server, f"Человек{n:02}", number=str(200 + n))
    page = await console("operator", "/directory")
    await expect(page.locator("[data-column=name]")).to_have_count(20)
    await expect(page.locator("[data-range]")).to_have_text(re.compile("25"))
    sizes = page.get_by_label("Строк на странице")
    assert await sizes.locator("option").all_text_contents() == ["20", "40", "80", "Все"]
    await sizes.select_option("0")
    await expect(page.locator("[data-column=name]")).to_have_count(25)
    await page.reload()
    await expect(page.locator("[data-column=name]")).to_have_count(25)
    await page.get_by_role("button", name="Столбцы").click()
    await page.get_by_role("menu").get_by_text("Кабинет").click()
    await page.keyboard.press("Escape")
    await expect(page.locator("th", has_text="Кабинет")).to_be_visible()
    await page.reload()
    await expect(page.locator("th", has_text="Кабинет")).to_be_visible()
    for n in (3, 7):
        await page.get_by_label(f"Выбрать строку Человек{n:02}").check()
    await page.get_by_role("button", name="Массовое редактирование").click()
    await expect(page).to_have_url(re.compile(r"/directory/mass-edit\?selection=.*cids"))


async def test_a_surname_and_a_number_are_enough(
    server: Server, console: OpenConsole, people: dict[str, int], accessibility: Accessibility
) -> None:
    page = await console("operator", "/directory")
    await page.get_by_role("button", name="Добавить контакт").click()
    form = dialog(page)
    await expect(form.get_by_role("heading", name="Новый контакт")).to_be_visible()
    await expect(form.get_by_label("Начало рабочего дня")).to_have_value("09:00")
    await expect(form.get_by_label("Конец рабочего дня")).to_have_value("18:00")
    assert await accessibility(page) == []
    await shot(page, "new")
    await form.get_by_label("Номер").fill("101")
    await form.get_by_label("Адрес").fill("test@infotekru")
    await form.get_by_role("button", name="Сохранить").click()
    await expect(form.get_by_text("Введите значение")).to_be_visible()
    await form.get_by_label("Фамилия").fill("Орлова")
    await form.get_by_role("button", name="Сохранить").click()
    await expect(form.get_by_text("Неверный адрес электронной почты")).to_be_visible()
    await form.get_by_label("Адрес").fill("")
    await form.get_by_role("button", name="Сохранить").click()
    await expect(form.get_by_text("Уже занято")).to_be_visible()
    await form.get_by_label("Номер").fill("500")
    await form.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Орлова")
    await expect(page.locator("[data-seen]")).to_have_text("Ещё не был в сети")
    for tab in ("Карточка", "Учетная запись", "Сервисы Росчат", "Сервисы АТС", "Подключения"):
        await expect(page.get_by_role("tab", name=tab)).to_be_visible()
    await expect(page.get_by_text("500")).to_be_visible()


async def test_changing_a_card(server: Server, console: OpenConsole, people: dict[str, int]) -> None:
    cid = people["Ким"]
    page = await console("operator", f"/directory/{cid}")
    await page.get_by_role("button", name="Изменить").click()
    form = dialog(page)
    await form.get_by_role("button", name="Добавить поле").click()
    await page.get_by_role("menuitem", name="Ещё один номер").click()
    await page.get_by_role("button", name="Добавить поле").click()
    await page.get_by_role("menuitem", name="Своё поле").click()
    await form.get_by_label("Название поля").fill("Пропуск")
    await form.get_by_role("button", name="Добавить", exact=True).click()
    await form.get_by_label("Пропуск").fill("Т-100")
    await form.get_by_label("Номер").nth(1).fill("102")
    await form.get_by_label("Руководитель").fill("иванова")
    await page.get_by_role("option", name=re.compile("Иванова Анна")).click()
    await form.get_by_label("День рождения").fill("1984-05-17")
    await form.get_by_role("button", name="Сохранить").click()
    await expect(form.get_by_text("Уже занято")).to_be_visible()
    await shot(page, "card-refused")
    await form.get_by_label("Номер").nth(1).fill("777")
    await form.get_by_role("button", name="Сохранить").click()
    await expect(form).to_have_count(0)
    for shown in ("777", "Т-100", "17.05.1984"):
        await expect(page.get_by_text(shown)).to_be_visible()
    await shot(page, "card")
    await page.get_by_role("link", name="Иванова Анна").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Иванова Анна")


async def test_two_people_change_one_card(server: Server, console: OpenConsole, people: dict[str, int]) -> None:
    cid = people["Ким"]
    page = await console("operator", f"/directory/{cid}")
    await page.get_by_role("button", name="Изменить").click()
    await dialog(page).get_by_label("Кабинет").fill("1")
    await server.ask("change-contact", {"cid": cid, "fields": [{"type": "surname", "value": "Кимова"}]})
    await dialog(page).get_by_role("button", name="Сохранить").click()
    await page.get_by_role("button", name="Посмотреть").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Кимова")


async def test_account(
    server: Server, console: OpenConsole, people: dict[str, int], accessibility: Accessibility
) -> None:
    page = await console("operator", f"/directory/{people['Ким']}/account")
    await page.get_by_role("button", name="Создать учетную запись").click()
    form = dialog(page)
    await form.get_by_label("Имя пользователя").fill("103@ros.chat")
    await form.locator("[name=password]").fill("quiet harbour")
    await form.locator("[name=repeat]").fill("quiet harbor")
    assert await accessibility(page) == []
    await form.get_by_role("button", name="Сохранить").click()
    await expect(form.get_by_text("Пароли не совпадают")).to_be_visible()
    await form.locator("[name=repeat]").fill("quiet harbour")
    await form.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_text("103@ros.chat", exact=True)).to_be_visible()
    await expect(page.locator("[data-password]")).to_have_text("103@ros.chat · quiet harbour")
    assert await accessibility(page) == []
    await shot(page, "account")
    await page.get_by_role("button", name="Заблокировать вход").click()
    await page.get_by_role("button", name="Продолжить").click()
    await expect(page.get_by_role("button", name="Разблокировать вход")).to_be_visible()
    await page.get_by_role("button", name="Разблокировать вход").click()
    await page.get_by_role("button", name="Отправить письмо").click()
    await expect(page.get_by_text("Почта не настроена")).to_be_visible()
    await page.get_by_role("dialog").get_by_role("button", name="Закрыть").click()
    await page.get_by_role("button", name="Удалить учетную запись").click()
    await page.get_by_role("button", name="Удалить", exact=True).click()
    await expect(page.get_by_text("Учетной записи нет")).to_be_visible()


async def test_a_taken_login(server: Server, console: OpenConsole, people: dict[str, int]) -> None:
    await hire(server, "Орлов", login="orlov")
    page = await console("operator", f"/directory/{people['Ким']}/account")
    await page.get_by_role("button", name="Создать учетную запись").click()
    form = dialog(page)
    await form.get_by_label("Имя пользователя").fill("ORLOV")
    await form.get_by_role("button", name="Придумать пароль").click()
    await form.get_by_role("button", name="Сохранить").click()
    await expect(form.get_by_text("Уже занято")).to_be_visible()
    await form.get_by_role("button", name="Закрыть").last.click()
    await expect(page.get_by_text("Учетной записи нет")).to_be_visible()


async def test_services(
    server: Server, console: OpenConsole, people: dict[str, int], accessibility: Accessibility
) -> None:
    page = await console("operator", f"/directory/{people['Ким']}/services")
    await page.get_by_role("button", name="Добавить", exact=True).click()
    await expect(dialog(page).get_by_role("radio")).to_have_count(6)
    await expect(page.locator("[data-offer=tetra]")).to_be_disabled()
    assert await accessibility(page) == []
    await shot(page, "services-add")
    await page.get_by_role("radio", name=re.compile("SIP-телефон")).click()
    await dialog(page).get_by_role("button", name="Добавить").click()
    form = dialog(page)
    await form.get_by_role("button", name="Добавить").click()
    await expect(form.get_by_text("Введите значение")).to_be_visible()
    await form.get_by_label("Номер SIP").fill("12ф")
    await form.get_by_role("button", name="Добавить").click()
    await expect(form.get_by_text("Значение неверно")).to_be_visible()
    await form.get_by_label("Номер SIP").fill("3001")
    await form.get_by_role("button", name="Добавить").click()
    await expect(page.locator("[data-service=sip]")).to_contain_text("Номер SIP: 3001")
    assert await accessibility(page) == []
    await shot(page, "services")
    await page.get_by_role("button", name="Добавить", exact=True).click()
    await expect(dialog(page).get_by_role("radio")).to_have_count(5)
    await expect(page.locator("[data-offer=sip]")).to_have_count(0)
    await page.get_by_role("button", name="Закрыть").last.click()
    await page.get_by_role("button", name="Удалить сервис: SIP-телефон").click()
    await page.get_by_role("button", name="Удалить", exact=True).click()
    await expect(page.get_by_text("Сервисов нет")).to_be_visible()
    await page.get_by_role("tab", name="Сервисы АТС").click()
    await page.get_by_role("button", name="Добавить", exact=True).click()
    await expect(dialog(page).get_by_role("radio")).to_have_count(9)


async def test_connections(server: Server, console: OpenConsole, open_page: Any, accessibility: Accessibility) -> None:
    cid = await hire(server, "Орлов", login="orlov")
    client = Visitor(await open_page(), server.url("https"))
    await client.sign_in("orlov")
    page = await console("operator", f"/directory/{cid}/connections")
    await expect(page.locator("tbody tr")).to_have_count(1)
    await expect(page.locator("tbody tr")).to_contain_text("127.0.0.1")
    await expect(page.locator("[data-state=ok]")).to_be_visible()
    await expect(page.locator("[data-seen]")).to_have_text("В сети")
    assert await accessibility(page) == []
    await shot(page, "connections")
    await page.get_by_role("button", name="Завершить сеанс").click()
    await page.get_by_role("button", name="Продолжить").click()
    await expect(page.get_by_text("Подключений нет")).to_be_visible()
    await expect(client.page.get_by_text("Ввести логин и пароль")).to_be_visible()


async def test_deactivating_and_deleting(server: Server, console: OpenConsole, people: dict[str, int]) -> None:
    page = await console("operator", f"/directory/{people['Ким']}")
    await page.get_by_role("button", name="Действия").click()
    await page.get_by_role("menuitem", name="Отключить контакт").click()
    await page.get_by_role("button", name="Продолжить").click()
    await expect(page.get_by_text("Отключён", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Действия").click()
    await page.get_by_role("menuitem", name="Удалить контакт").click()
    question = dialog(page)
    await expect(question.get_by_role("button", name="Удалить")).to_be_disabled()
    await question.get_by_role("textbox").fill("Ким Ян")
    await question.get_by_role("button", name="Удалить").click()
    await rows(page, "Иванова", "Семёнов")


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("dark", {"color_scheme": "dark"}),
        ("phone", {"viewport": {"width": 360, "height": 760}}),
        ("english", {"locale": "en-US"}),
    ],
)
async def test_other_looks(
    server: Server, console: OpenConsole, people: dict[str, int], accessibility: Accessibility, name: str, options: Any
) -> None:
    cid = await hire(server, "Орлов", login="orlov@example.org", number="900")
    page = await console("operator", "/directory", **options)
    for where in ("", f"/{cid}", f"/{cid}/account", f"/{cid}/services", f"/{cid}/pbx", f"/{cid}/connections"):
        await page.goto(server.url("console") + "/directory" + where)
        await expect(page.locator("[data-page-title]")).to_be_visible()
        await page.wait_for_load_state("networkidle")
        assert await accessibility(page) == []
        wide = "document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth"
        assert not await page.evaluate(wide)
        await shot(page, name + where.replace("/", "-").replace(str(cid), "page"))
    await page.goto(server.url("console") + "/directory")
    await page.get_by_role("button", name=re.compile("Добавить контакт|Add contact")).click()
    await expect(dialog(page)).to_be_visible()
    assert await accessibility(page) == []
    await shot(page, name + "-new")
