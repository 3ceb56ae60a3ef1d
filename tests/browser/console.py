"""The console for browser tests: a page that is signed in to a real server's console in the wanted role.

    async def test_mail(console: OpenConsole) -> None:
        page = await console("admin", "/settings/mail")

The user is made for the test, its password is not the first one, and the first-run wizard is put away. The fixture is
known to all browser tests through conftest.py.
"""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.harness.server import Server

PASSWORD = "quiet-harbour-27"
OpenPage = Callable[..., Coroutine[Any, Any, Page]]
OpenConsole = Callable[..., Coroutine[Any, Any, Page]]


async def add_user(server: Server, login: str, role: str, password: str = PASSWORD, **more: Any) -> int:
    """A console user; answers its number."""
    user = {"login": login, "password": password, "role": role, "surname": "Проверкин", **more}
    return int((await server.ask("add-console-user", user))["id"])


async def sign_in(page: Page, server: Server, login: str, password: str = PASSWORD, path: str = "/") -> None:
    """Sign in as people do, with the form."""
    await page.goto(server.url("console") + path)
    await page.get_by_label("Логин").fill(login)
    await page.get_by_label("Пароль", exact=True).fill(password)
    await page.get_by_role("button", name="Войти").click()


async def opened(page: Page) -> None:
    """Wait until the page of the address is there."""
    await expect(page.get_by_text("Идет загрузка настроек...")).to_have_count(0)
    await expect(page.get_by_text("Loading settings...")).to_have_count(0)
    await expect(page.locator("[data-page-title]")).to_be_visible()


@pytest.fixture
async def console(server: Server, open_page: OpenPage) -> OpenConsole:
    """Opens the console in a role: `await console("operator", "/directory", viewport=…)`; twice are two people."""
    users: dict[str, str] = {}

    async def open_console(role: str = "admin", path: str = "/", *, wizard: bool = False, **options: Any) -> Page:
        if role not in users:
            users[role] = f"test.{role}"
            await add_user(server, users[role], role)
        page = await open_page(**options)
        entered = await page.request.post(
            server.url("console") + "/api/v1/session", data={"login": users[role], "password": PASSWORD}
        )
        assert entered.ok, await entered.text()
        if not wizard and role != "operator":
            away = await page.request.put(server.url("console") + "/api/v1/wizard", data={"open": False})
            assert away.ok, await away.text()
        await page.goto(server.url("console") + path)
        await opened(page)
        return page

    return open_console
