"""Somebody at the web client: the page as people see and touch it, found by the words on the screen."""

import re
from collections.abc import Callable, Coroutine
from typing import Any

from playwright.async_api import Locator, Page, expect

PASSWORD = "a good password"
"""Of everybody whom `server.person` makes."""


class Visitor:
    """Somebody in front of the web client in Russian."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    async def open_form(self) -> None:
        await self.page.goto(self.url)
        await self.page.get_by_text("Ввести логин и пароль").click()

    async def fill_form(self, login: str, password: str) -> None:
        await self.page.get_by_label("Логин или e-mail").fill(login)
        await self.page.get_by_label("Пароль", exact=True).fill(password)

    async def sign_in(self, login: str, password: str = PASSWORD, *, stay: bool = False) -> None:
        await self.open_form()
        await self.fill_form(login, password)
        if stay:
            await self.page.get_by_label("Оставаться в системе").check()
        await self.page.get_by_role("button", name="Войти").click()
        await self.inside()

    async def sign_out(self) -> None:
        await self.page.get_by_role("button", name="Ещё").click()
        await self.page.get_by_role("button", name="Выйти из профиля").first.click()
        await self.page.get_by_role("dialog").get_by_role("button", name="Ок").click()
        await expect(self.page.get_by_text("Ввести логин и пароль")).to_be_visible()

    async def inside(self) -> None:
        """The panes are there."""
        await expect(self.page.get_by_role("navigation", name="Разделы")).to_be_visible()

    async def go(self, place: str) -> None:
        """Follow an address of the program, such as /chat/user/12."""
        await self.page.evaluate("place => { location.hash = place }", f"#{place}")

    @property
    def field(self) -> Locator:
        """Where messages are written."""
        return self.page.get_by_label("Сообщение", exact=True)

    async def write(self, text: str) -> None:
        await self.field.fill(text)
        await self.field.press("Enter")

    def message(self, text: str | re.Pattern[str]) -> Locator:
        """Messages of the open conversation that hold a text."""
        return self.page.locator("article").filter(has_text=text)

    async def act(self, text: str, action: str) -> None:
        """Choose an action in the menu of a message."""
        await self.message(text).last.locator("> div").first.click(button="right")
        await self.page.get_by_role("menuitem", name=action, exact=True).click()

    def row(self, name: str) -> Locator:
        """A conversation in the list."""
        return self.page.locator("[data-chat]").filter(has_text=name)

    async def new(self, what: str) -> None:
        """An item of the menu for new conversations."""
        await self.page.get_by_role("button", name="Новая беседа, группа или канал").click()
        await self.page.get_by_role("menuitem", name=what).click()

    async def pick(self, *names: str) -> None:
        """Choose people in the open dialog."""
        dialog = self.page.get_by_role("dialog")
        for name in names:
            await dialog.get_by_label("Поиск по имени").fill(name)
            await dialog.get_by_role("button", name=name).last.click()


OpenClient = Callable[..., Coroutine[Any, Any, Visitor]]
Accessibility = Callable[[Page], Coroutine[Any, Any, list[str]]]
