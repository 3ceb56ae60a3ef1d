"""The frame of the console in a real browser: sign-in, menus, deep links, language, theme, narrow screens, size."""

import re
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.console import PASSWORD, OpenConsole, add_user, opened, sign_in
from tests.harness.server import Server

OpenPage = Callable[..., Coroutine[Any, Any, Page]]
Accessibility = Callable[[Page], Coroutine[Any, Any, list[str]]]

FIRST = "123456"
"""The password of the manual."""


async def fill(page: Page, **values: str) -> None:
    """Type into inputs by their names."""
    for name, value in values.items():
        await page.locator(f"input[name={name}]").fill(value)


async def test_sign_in_and_out(server: Server, page: Page, accessibility: Accessibility) -> None:
    await add_user(server, "boss", "admin")
    await sign_in(page, server, "boss", "not the password")
    await expect(page.get_by_role("alert")).to_have_text("Неверный логин или пароль.")
    assert await accessibility(page) == []
    form = page.locator("form")
    assert await form.locator("input[type=text], input:not([type])").count() == 1
    assert await form.locator("input[type=password]").count() == 1
    assert await form.get_by_role("checkbox").count() == 1
    await page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    await page.get_by_label("Пароль", exact=True).press("Enter")
    await opened(page)
    await page.get_by_role("button", name="boss").click()
    await page.get_by_role("menuitem", name="Выйти").click()
    question = page.get_by_role("dialog", name="Подтвердите свои действия")
    await question.get_by_role("button", name="Отмена").click()
    await expect(question).to_be_hidden()
    await page.get_by_role("button", name="boss").click()
    await page.get_by_role("menuitem", name="Выйти").click()
    await question.get_by_role("button", name="Продолжить").click()
    await expect(page.get_by_role("button", name="Войти")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("button", name="Войти")).to_be_visible()


async def test_remember_keeps_the_cookie(server: Server, open_page: OpenPage) -> None:
    await add_user(server, "boss", "admin")
    expires = []
    for remember in (False, True):
        page = await open_page()
        await page.goto(server.url("console"))
        await page.get_by_label("Логин").fill("boss")
        await page.get_by_label("Пароль", exact=True).fill(PASSWORD)
        if remember:
            await page.get_by_label("Запомнить меня").check()
        await page.get_by_role("button", name="Войти").click()
        await opened(page)
        expires += [c["expires"] for c in await page.context.cookies() if c["name"] == "roschat_console"]
    assert expires[0] == -1
    assert expires[1] > 0


async def test_the_first_account_changes_its_password_and_makes_an_administrator(
    server: Server, page: Page, accessibility: Accessibility
) -> None:
    await sign_in(page, server, "admin", FIRST, "/settings/users")
    await expect(page.get_by_role("heading", name="Смените пароль")).to_be_visible()
    assert await accessibility(page) == []
    await fill(page, oldPassword=FIRST, newPassword="short", repeat="other")
    await page.get_by_role("button", name="Сменить пароль").click()
    await expect(page.get_by_text("Пароли не совпадают")).to_be_visible()
    await fill(page, repeat="short")
    await page.get_by_role("button", name="Сменить пароль").click()
    await expect(page.get_by_text("Слишком короткое значение")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", name="Смените пароль")).to_be_visible()
    await fill(page, oldPassword=FIRST, newPassword=PASSWORD, repeat=PASSWORD)
    await page.get_by_role("button", name="Сменить пароль").click()
    # The address that was asked for is still the one that is shown.
    await expect(page.get_by_role("heading", name="Пользователи", level=1)).to_be_visible()
    await page.goto(server.url("console"))
    await expect(page.get_by_role("heading", name="Первая настройка")).to_be_visible()
    await expect(page.locator("[data-step=password]")).to_have_attribute("data-state", "done")
    assert await accessibility(page) == []
    await page.get_by_role("button", name="Создать администратора").click()
    dialog = page.get_by_role("dialog", name="Создать администратора")
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog.get_by_text("Введите значение")).to_have_count(3)
    await fill(page, surname="Главный", login="boss", password=PASSWORD)
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog).to_be_hidden()
    await expect(page.locator("[data-step=administrator]")).to_have_attribute("data-state", "done")
    await page.get_by_role("button", name="Выйти и войти администратором").click()
    await page.get_by_label("Логин").fill("boss")
    await page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Войти").click()
    await expect(page.get_by_role("heading", name="Адрес сервера")).to_be_visible()


async def test_the_wizard_is_gone_through_left_and_put_away(console: OpenConsole) -> None:
    page = await console("admin", "/", wizard=True)
    await expect(page.get_by_role("heading", name="Первая настройка")).to_be_visible()
    for step in ("address", "certificate", "mail"):
        await expect(page.locator(f"[data-step={step}]")).to_have_attribute("data-state", "waiting")
        await page.get_by_role("button", name="Пропустить").click()
        await expect(page.locator(f"[data-step={step}]")).to_have_attribute("data-state", "skipped")
    await page.goto(page.url.split("/first-run")[0] + "/")
    await expect(page.get_by_role("heading", name="Первые сотрудники")).to_be_visible()
    await page.get_by_text("Почта", exact=True).click()
    await page.get_by_role("button", name="Вернуть шаг").click()
    await expect(page.locator("[data-step=mail]")).to_have_attribute("data-state", "waiting")
    await page.get_by_role("button", name="Больше не показывать").click()
    await expect(page.get_by_role("heading", name="Первая настройка")).to_be_hidden()
    await page.goto(page.url.split("/monitor")[0] + "/")
    await opened(page)
    await expect(page.get_by_role("heading", name="Первая настройка")).to_be_hidden()


async def test_menus_of_the_roles(console: OpenConsole) -> None:
    menus = {}
    for role in ("security", "admin", "operator"):
        page = await console(role)
        menus[role] = [text.strip() for text in await page.locator("nav").first.get_by_role("link").all_inner_texts()]
    assert menus["security"][0] == "Пользователи"
    assert [text.upper() for text in menus["admin"]][:2] == ["МОНИТОР", "СПРАВОЧНИК"]
    assert {"АДМИНИСТРИРОВАНИЕ", "ОБСЛУЖИВАНИЕ", "НАСТРОЙКИ"} <= {text.upper() for text in menus["admin"]}
    assert "НАСТРОЙКИ" not in {text.upper() for text in menus["operator"]}
    assert not set(menus["security"]) & set(menus["admin"])


@pytest.mark.parametrize("path", ["/settings/web-server", "/settings/mail", "/settings/geozones", "/settings/advanced"])
async def test_deep_links_and_reload(console: OpenConsole, path: str) -> None:
    page = await console("admin", path)
    title = await page.locator("[data-page-title]").inner_text()
    await page.reload()
    await opened(page)
    assert page.url.endswith(path)
    await expect(page.locator("[data-page-title]")).to_have_text(title)
    await expect(page.get_by_role("navigation", name="Страницы раздела").locator("[aria-current=page]")).to_be_visible()


async def test_a_deep_link_waits_for_the_sign_in(server: Server, page: Page) -> None:
    await add_user(server, "boss", "admin")
    await sign_in(page, server, "boss", path="/settings/history")
    await expect(page.get_by_role("heading", name="История настроек")).to_be_visible()


async def test_a_page_of_another_role_is_not_there(console: OpenConsole) -> None:
    page = await console("operator", "/settings/advanced")
    await expect(page.get_by_role("heading", name="Такой страницы нет")).to_be_visible()
    await page.get_by_role("link", name="На главную").click()
    await expect(page.get_by_role("heading", name="Такой страницы нет")).to_be_hidden()


async def test_an_ended_session_leads_to_the_sign_in_and_back(console: OpenConsole, server: Server) -> None:
    page = await console("admin", "/settings/history")
    users = await server.ask("list-console-users")
    number = next(user["id"] for user in users if user["login"] == "test.admin")
    await server.ask("end-console-sessions", {"id": number})
    await page.get_by_role("navigation", name="Страницы раздела").get_by_role("link", name="Дополнительно").click()
    await expect(page.get_by_text("Сеанс завершён")).to_be_visible()
    await page.get_by_label("Логин").fill("test.admin")
    await page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Войти").click()
    await expect(page.get_by_role("heading", name="Дополнительно", level=1)).to_be_visible()


async def test_language_and_theme_without_reload(console: OpenConsole, accessibility: Accessibility) -> None:
    page = await console("admin", "/settings/advanced", viewport={"width": 1280, "height": 900})
    await page.evaluate("window.same = true")
    await page.get_by_text("EN", exact=True).click()
    await expect(page.get_by_role("heading", name="All settings")).to_be_visible()
    await expect(page.get_by_role("heading", name="Web client", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Theme").click()
    await page.get_by_role("menuitem", name="Dark").click()
    await expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    assert await page.evaluate("window.same")
    assert await accessibility(page) == []
    await page.reload()
    await expect(page.get_by_role("heading", name="All settings")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")


@pytest.mark.parametrize("path", ["/settings/advanced", "/settings/history", "/settings/additional", "/first-run"])
async def test_narrow_screen(console: OpenConsole, accessibility: Accessibility, path: str) -> None:
    page = await console("admin", path, wizard=True, viewport={"width": 360, "height": 740})
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    assert await accessibility(page) == []
    await page.get_by_role("button", name="Открыть меню").click()
    await page.get_by_role("navigation", name="Разделы").get_by_role("link", name="Справочник").click()
    await expect(page).to_have_url(re.compile("/directory"))


async def test_go_to_a_page_by_its_name(console: OpenConsole, accessibility: Accessibility) -> None:
    page = await console("admin", "/settings/history")
    await page.keyboard.press("Control+k")
    await page.get_by_role("combobox", name="Перейти к странице").fill("допол")
    await expect(page.get_by_role("listbox").get_by_role("option")).to_have_count(1)
    assert await accessibility(page) == []
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Дополнительно", level=1)).to_be_visible()


async def test_problems_lead_to_their_fix(console: OpenConsole, accessibility: Accessibility) -> None:
    page = await console("admin", "/settings/history")
    problem = {
        "code": "x", "part": "mail", "severity": "error", "text": "Mail is down.", "textRu": "Почта не работает.",
        "since": 0, "fix": "/settings/additional", "process": "",
    }  # fmt: skip
    await page.route("**/api/v1/monitor/problems", lambda route: route.fulfill(json=[problem]))
    await page.reload()
    await page.get_by_role("button", name="Проблемы: 1").click()
    window = page.get_by_role("dialog", name="Проблемы")
    await expect(window.get_by_text("Почта не работает.")).to_be_visible()
    assert await accessibility(page) == []
    await window.get_by_role("link", name="Исправить").click()
    await expect(page.get_by_role("heading", name="Дополнительно", level=1)).to_be_visible()


async def test_a_cold_start_transfers_less_than_700_kilobytes(server: Server, open_page: OpenPage) -> None:
    await add_user(server, "boss", "admin")
    page = await open_page()
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("Network.enable")
    sizes: list[float] = []
    devtools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    await sign_in(page, server, "boss")
    await opened(page)
    await page.wait_for_load_state("networkidle")
    assert 100_000 < sum(sizes) < 700_000
