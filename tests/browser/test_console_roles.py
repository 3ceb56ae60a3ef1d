"""«Ролевая модель» in the console: making a role, its members and rules, the matrix, «Проверить», a contact's tab."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.client.visitor import Accessibility
from tests.browser.console import OpenConsole
from tests.harness.server import Server

PATH = "/administration/roles"


@pytest.fixture
async def people(server: Server) -> dict[str, int]:
    """Three people who can sign in."""
    return {login: await server.person(login) for login in ("anna", "boris", "vera")}


async def role(server: Server, name: str, *rules: dict[str, object]) -> int:
    number = int((await server.ask("add-role", {"name": name}))["id"])
    await server.ask("set-role-rules", {"role": number, "rules": list(rules)})
    return number


async def choose(page: Page, label: str, name: str) -> None:
    """Type into a field of contacts and take the one that is offered."""
    await page.get_by_role("combobox", name=label).fill(name)
    await page.get_by_role("option", name=re.compile(name, re.IGNORECASE)).first.click()


async def test_a_role_is_made_filled_and_deleted(
    server: Server, console: OpenConsole, people: dict[str, int], accessibility: Accessibility
) -> None:
    page = await console("admin", PATH)
    await expect(page.get_by_role("row").filter(has_text="Базовая роль")).to_contain_text("3 человека")
    await page.get_by_role("button", name="Добавить роль").click()
    dialog = page.get_by_role("dialog", name="Добавление роли")
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog.get_by_text("Введите значение")).to_be_visible()
    await dialog.get_by_label("Название роли").fill("базовая роль")
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog.locator("[aria-invalid=true]")).to_be_visible()
    assert len(await server.ask("list-roles")) == 1
    await dialog.get_by_label("Название роли").fill("Тестовая роль")
    await dialog.get_by_label("Описание роли").fill("Для демонстрации.")
    assert await accessibility(page) == []
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_role("heading", name="Тестовая роль")).to_be_visible()

    await page.get_by_role("button", name="Добавить пользователей").click()
    picker = page.get_by_role("dialog", name="Добавление пользователей")
    for column in ("Клиенты", "Контакт", "Роль", "Сервисы"):
        await expect(picker.get_by_role("columnheader", name=column)).to_be_visible()
    await expect(picker.get_by_role("row").filter(has_text="Anna")).to_contain_text("Базовая роль")
    assert await accessibility(page) == []
    await picker.get_by_label("Уточните поиск").fill("ann")
    await expect(picker.get_by_role("row").filter(has_text="Boris")).to_have_count(0)
    await picker.get_by_label("Выбрать строку Anna").check()
    await picker.get_by_role("button", name="Добавить 1").click()
    await expect(picker).to_be_hidden()
    await expect(page.get_by_role("row").filter(has_text="Anna")).to_contain_text("Тестовая роль")
    made = next(one["id"] for one in await server.ask("list-roles") if one["name"] == "Тестовая роль")
    assert await server.ask("contact-roles", {"cids": [people["anna"]]}) == [made]

    await page.get_by_label("Выбрать строку Anna").check()
    await page.get_by_role("button", name="Вернуть базовую роль").click()
    await page.get_by_role("button", name="Продолжить").click()
    await expect(page.get_by_text("В этой роли никого нет")).to_be_visible()
    await page.get_by_role("button", name="Удалить", exact=True).click()
    await page.get_by_role("dialog").get_by_role("button", name="Удалить").click()
    await expect(page.get_by_role("table", name="Роли")).to_be_visible()
    await expect(page.get_by_role("row").filter(has_text="Тестовая роль")).to_have_count(0)
    assert [one["id"] for one in await server.ask("list-roles")] == [1]


async def test_rules_are_set_for_all_roles_and_contacts(
    server: Server, console: OpenConsole, people: dict[str, int], accessibility: Accessibility
) -> None:
    number = await role(server, "Тестовая роль")
    page = await console("admin", f"{PATH}/{number}")
    for group in ("Вызовы", "Сообщения", "Контакты", "Мобильный телефон", "Компьютерный клиент", "Web-клиент", "Рация"):
        await expect(page.get_by_role("button", name=group, exact=True)).to_be_visible()
    calls = page.get_by_role("group", name="Исходящий вызов")
    await expect(calls.get_by_text("Нет правил: разрешено всем")).to_be_visible()

    add = calls.get_by_role("button", name="Добавить правило")
    dialog = page.get_by_role("dialog", name="Правило: Исходящий вызов")
    await add.click()
    await expect(dialog.get_by_label("Применить ко всем")).to_be_checked()
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(calls.get_by_text("Всем", exact=True)).to_be_visible()

    await add.click()
    await dialog.get_by_text("Роли", exact=True).click()
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Выберите, к кому относится правило")
    await dialog.get_by_label("Выбрать все").check()
    await expect(dialog.get_by_label("Базовая роль")).to_be_checked()
    assert await accessibility(page) == []
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(calls.get_by_text("Роли: Базовая роль, Тестовая роль")).to_be_visible()

    await add.click()
    await dialog.get_by_text("Разрешено", exact=True).click()
    await dialog.get_by_text("Контакты", exact=True).click()
    await choose(page, "Контакты", "Boris")
    await page.keyboard.press("Escape")
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(calls.get_by_text("Контакты: Boris")).to_be_visible()
    rules = (await server.ask("get-role", {"role": number}))["rules"]
    assert [(rule.get("scope", "all"), rule["allow"]) for rule in rules] == [
        ("all", False), ("contacts", True), ("roles", False),
    ]  # fmt: skip

    # A second rule for all is refused beside the field, and nothing is written.
    await add.click()
    await dialog.get_by_label("Применить ко всем").check()
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("уже есть правило")
    await dialog.get_by_role("button", name="Закрыть").last.click()
    await calls.get_by_role("button", name="Удалить правило: Всем").click()
    await expect(calls.get_by_text("Всем", exact=True)).to_have_count(0)

    # Applications have nobody on the other side.
    await page.get_by_role("button", name="Web-клиент").click()
    await page.get_by_role("button", name="Добавить правило: Использование Web-клиента").click()
    web = page.get_by_role("dialog", name="Правило: Использование Web-клиента")
    await expect(web.get_by_label("Применить ко всем")).to_have_count(0)
    await web.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_role("group", name="Использование Web-клиента").get_by_text("Запрещено")).to_be_visible()
    assert await accessibility(page) == []


async def test_matrix_and_check_name_the_rule(
    server: Server, console: OpenConsole, people: dict[str, int], accessibility: Accessibility
) -> None:
    number = await role(server, "Стажёры", {"action": "outgoing-message", "allow": False})
    await server.ask("give-role", {"role": number, "contacts": [people["anna"]]})
    page = await console("admin", f"{PATH}/matrix")
    matrix = page.get_by_role("table", name="Матрица")
    await expect(matrix.get_by_role("row").filter(has_text="Исходящие сообщения")).to_contain_text("Запрещено")
    pairs = page.get_by_role("table", name="Роли между собой")
    await expect(pairs.get_by_role("row").filter(has_text="Стажёры").last).to_contain_text("Запрещено")
    assert await accessibility(page) == []

    await page.get_by_text("Проверить", exact=True).first.click()
    await page.get_by_role("button", name="Проверить").click()
    await expect(page.get_by_text("Выберите контакт")).to_be_visible()
    await choose(page, "Кто", "Anna")
    await page.keyboard.press("Escape")
    await choose(page, "С кем", "Boris")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Проверить").click()
    said = "Решило правило роли «Стажёры», которая у контакта Anna: Исходящие сообщения, для всех."
    await expect(page.get_by_text(said)).to_be_visible()
    await server.ask(
        "set-contact-exceptions",
        {"cid": people["anna"], "exceptions": [{"action": "outgoing-message", "allow": True}]},
    )
    await page.get_by_role("button", name="Проверить").click()
    await expect(page.get_by_text("Решило персональное исключение контакта Anna")).to_be_visible()
    assert await accessibility(page) == []


async def test_english_and_a_narrow_screen(server: Server, console: OpenConsole, people: dict[str, int]) -> None:
    number = await role(server, "Interns", {"action": "use-web", "allow": False})
    page = await console("admin", f"{PATH}/{number}", locale="en-GB", viewport={"width": 360, "height": 740})
    await expect(page.get_by_role("button", name="Mobile phone")).to_be_visible()
    for place in (f"{PATH}/{number}", PATH, f"{PATH}/matrix", f"{PATH}/check"):
        await page.goto(server.url("console") + place)
        await expect(page.locator("[data-page-title]")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
        assert not re.search("[а-яё]", (await page.locator("main").inner_text()).replace("Базовая роль", ""), re.I), (
            place
        )


async def test_only_administrators_come_in(console: OpenConsole) -> None:
    page = await console("operator", "/")
    answer = await page.request.get(page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + "/api/v1/roles")
    assert answer.status == 403
    assert (await answer.json())["error"] == "access-denied"
    await expect(page.get_by_role("link", name="Ролевая модель")).to_have_count(0)
