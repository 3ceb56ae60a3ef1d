"""The pages of mail and administration in a real Chromium, on a real server with a real mail server."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.console import OpenConsole, console
from tests.harness.client import Client
from tests.harness.mail import PASSWORD, USER, post_office
from tests.harness.server import Server

__all__ = ["console"]

Accessible = Callable[[Page], Awaitable[list[str]]]
BAD_HOSTS = [
    "t", ".chat", "testing2roschat", "r.chat", "-ros.chat", "ros.chat-", "ros-.chat", "ros..chat", "ros.chat.",
    "ros chat.ru", "ros!.chat", "ros_.chat", "росчат.рф", "ros№.chat", "ros/.chat", "ros@.chat",
]  # fmt: skip
BAD_EMAILS = ["test.infotek.ru", "test@infotekru", ".test@infotek.ru", "test@infotek.ru.", "те@infotek.ru", "a b@c.ru"]


async def fill(dialog: Locator, values: dict[str, str]) -> None:
    for label, value in values.items():
        await dialog.get_by_label(re.compile(rf"^{label}( \*)?$")).fill(value)


async def put(server: Server, section: str, values: dict[str, Any]) -> None:
    for key, value in sorted(values.items(), key=lambda pair: pair[0] == "on"):
        await server.ask("settings-set", {"section": section, "key": key, "value": value, "who": "test"})


async def test_mail_is_configured_checked_and_sends(
    console: OpenConsole, server: Server, tmp_path: Path, accessibility: Accessible
) -> None:
    async with post_office("no", tmp_path) as office:
        page = await console("admin", "/settings/mail")
        await page.get_by_role("button", name="Проверить").click()
        await expect(page.locator("[data-check=failed]")).to_have_text(re.compile("Почта выключена"))
        await page.keyboard.press("Escape")
        await page.get_by_role("button", name="Настроить").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Отправлять письма").check(force=True)
        good = {
            "Адрес почтового сервера": "127.0.0.1",
            "Порт почтового сервера": str(office.port),
            "Имя пользователя": USER,
            "Пароль пользователя": PASSWORD,
            "Имя отправителя": "РОСЧАТ",
            "Почтовый адрес": "roschat@example.org",
        }
        await fill(dialog, good)
        await dialog.get_by_role("button", name="Сохранить").click()
        await expect(dialog).to_have_count(0)
        await expect(page.get_by_text("127.0.0.1", exact=True)).to_be_visible()
        assert PASSWORD not in await page.content()
        await page.get_by_role("button", name="Проверить").click()
        await expect(page.locator("[data-check=ok]")).to_have_text("Настройки почты корректны.")
        await expect(page.get_by_role("heading", name="Проверка настроек")).to_be_visible()
        await page.keyboard.press("Escape")
        await page.get_by_role("button", name="Проверочное письмо").click()
        await page.get_by_role("dialog").get_by_label("Кому").fill("anna@example.org")
        await page.get_by_role("button", name="Отправить", exact=True).click()
        await expect(page.locator("[data-check=ok]")).to_be_visible()
        assert (await office.letter("anna@example.org"))["Subject"] == "РОСЧАТ: проверочное письмо"
        await page.keyboard.press("Escape")
        assert await accessibility(page) == []
        office.password = "another"
        await page.get_by_role("button", name="Проверить").click()
        await expect(page.locator("[data-check=failed]")).to_have_text(re.compile("имя пользователя или пароль"))


async def test_bad_values_stay_in_the_dialog(console: OpenConsole, server: Server) -> None:
    values = {
        "host": "mail.example.org", "username": "u", "password": "p", "address": "a@example.org", "on": True,
    }  # fmt: skip
    await put(server, "mail", values)
    page = await console("admin", "/settings/mail")
    await page.get_by_role("button", name="Настроить").click()
    dialog = page.get_by_role("dialog")
    bad = [
        ("Адрес почтового сервера", ["", *BAD_HOSTS], "mail.example.org", "Неверный адрес"),
        ("Порт почтового сервера", ["", "65536"], "25", "Невалидный порт"),
        ("Имя пользователя", [""], "u", ""),
        ("Почтовый адрес", ["", *BAD_EMAILS], "a@example.org", ""),
    ]
    for label, wrong, right, text in bad:
        field = dialog.get_by_label(re.compile(rf"^{label}( \*)?$"))
        for value in wrong:
            await field.fill(value)
            await dialog.get_by_role("button", name="Сохранить").click()
            await expect(field).to_have_attribute("aria-invalid", "true")
            if text or not value:
                await expect(dialog.get_by_text(text if value else "Введите значение")).to_be_visible()
        await field.fill(right)
    await dialog.get_by_role("button", name="Закрыть").last.click()
    for host in BAD_HOSTS:
        await expect(page.get_by_text(host, exact=True)).to_have_count(0)


async def test_announcement_reaches_people(console: OpenConsole, server: Server, accessibility: Accessible) -> None:
    await server.person("anna")
    page = await console("admin", "/administration/support")
    await page.get_by_role("button", name="Новое объявление").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Отправить", exact=True).click()
    await expect(dialog.get_by_text("Введите значение")).to_be_visible()
    await dialog.get_by_label("Текст объявления").fill("Работы на сервере в 23:00")
    await expect(dialog.get_by_role("figure", name="Как это увидят")).to_contain_text("Работы на сервере")
    await expect(dialog.locator("[data-reach='1']")).to_contain_text("Получит 1 человек: Anna")
    async with Client(server.url("websocket")) as anna:
        await anna.call("login", {"login": "anna", "password": "a good password", "APILevel": 9})
        await dialog.get_by_role("button", name="Отправить", exact=True).click()
        await (
            page.get_by_role("dialog", name="Подтвердите свои действия").get_by_role("button", name="Отправить").click()
        )
        message = await anna.next("message-event", cid=1)
        assert message["data"] == "Работы на сервере в 23:00"
    await expect(page.get_by_role("row").filter(has_text="1 из 1")).to_be_visible()
    assert await accessibility(page) == []


async def test_channel_gets_its_tick(console: OpenConsole, server: Server, accessibility: Accessible) -> None:
    await server.person("anna")
    async with Client(server.url("websocket")) as anna:
        await anna.call("login", {"login": "anna", "password": "a good password", "APILevel": 9})
        await anna.call("create-channel", {"name": "Вести"})
        await anna.call("create-channel", {"name": "Тайна", "closed": True})
        page = await console("admin", "/administration/channels")
        await expect(page.get_by_text("Вести", exact=True)).to_be_visible()
        await expect(page.get_by_text("Тайна")).to_have_count(0)
        await page.get_by_role("button", name="Сделать проверенным: Вести").click()
        await page.get_by_role("button", name="Продолжить").click()
        await expect(page.get_by_role("img", name="Проверенный")).to_be_visible()
        while not (await anna.next("channel-change-event"))["channel"].get("verified"):
            continue
    assert await accessibility(page) == []


async def test_developers_and_bots(console: OpenConsole, server: Server, accessibility: Accessible) -> None:
    page = await console("admin", "/developers-accounts")
    await page.get_by_role("button", name="Добавить разработчика").click()
    dialog = page.get_by_role("dialog")
    await fill(dialog, {"Логин": "dev", "Имя": "Анна", "Пароль": "short"})
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog.get_by_label(re.compile("^Пароль"))).to_have_attribute("data-invalid", "true")
    await dialog.get_by_label(re.compile("^Пароль")).fill("a good password")
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_role("row").filter(has_text="dev")).to_contain_text("Активен")
    assert await accessibility(page) == []
    await server.ask("add-bot", {"name": "echo", "title": "Эхо"})
    await page.goto(server.url("console") + "/bots")
    row = page.get_by_role("row").filter(has_text="Эхо")
    await expect(row).to_contain_text("администратор")
    await page.get_by_role("button", name="Отключить echo").click()
    await page.get_by_role("button", name="Продолжить").click()
    await expect(row).to_contain_text("Отключён")
    await page.get_by_role("button", name="Новый токен echo").click()
    await page.get_by_role("dialog").get_by_role("button", name="Новый токен").click()
    await expect(page.locator("[data-token]")).to_have_text(re.compile("^[0-9a-f]{64}$"))
    await page.keyboard.press("Escape")
    assert await accessibility(page) == []


async def test_registration_is_approved(console: OpenConsole, server: Server, accessibility: Accessible) -> None:
    await put(server, "server.registration", {"on": True})
    async with Client(server.url("websocket")) as stranger:
        form = {"email": "vera@example.org", "surname": "Новикова", "password": "a good password"}
        assert await stranger.call("register", form) == {"state": "waiting"}
        page = await console("operator", "/administration/registrations")
        await page.get_by_role("button", name="Одобрить vera@example.org").click()
        await expect(page.get_by_text("Никто не ждёт")).to_be_visible()
        signed = await stranger.call("login", {"login": "vera@example.org", "password": "a good password"})
        assert signed["status"] == "ok"
    assert await accessibility(page) == []


@pytest.mark.parametrize("path", ["/settings/mail", "/administration/support", "/administration/channels", "/bots"])
async def test_narrow_dark_and_english(console: OpenConsole, path: str, accessibility: Accessible) -> None:
    page = await console("admin", path, viewport={"width": 360, "height": 740}, color_scheme="dark", locale="en-GB")
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
    assert await accessibility(page) == []
