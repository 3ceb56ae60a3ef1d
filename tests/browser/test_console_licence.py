"""«Лицензирование и обслуживание» in a real browser: the values, the licence server, files, the activation key."""

import re
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from roschat.commands.licence_server import Licences, LicenceServer
from roschat.kernel.listeners import NAMES
from roschat.kernel.local import LocalConfig
from roschat.program import Program
from roschat.proto import licence as files
from roschat.proto.licence import Licence
from tests.browser.console import OpenConsole, console
from tests.harness.licence import TRUSTING, issued
from tests.harness.server import Server, folder

__all__ = ["console"]

Accessibility = Callable[[Page], Coroutine[Any, Any, list[str]]]

PATH = "/settings/licence"


@pytest.fixture
async def server(dsn: str) -> AsyncIterator[Server]:
    """The server, which trusts the key of these tests."""
    data = folder()
    config = LocalConfig(data=data, dsn=dsn, bind=["127.0.0.1"], ports=dict.fromkeys(NAMES, 0), strict=True)
    program = Program(config, sections=TRUSTING)
    try:
        await program.start()
        yield Server(program)
    finally:
        await program.stop()
        shutil.rmtree(data)


@pytest.fixture
async def licences() -> AsyncIterator[LicenceServer]:
    """A licence server with the login acme and a licence for it."""
    place = folder()
    await Licences(place).add("acme", "a password")
    (place / "acme.licence").write_text(issued(login="acme", number="2026-17", people=500, computers=200))
    running = LicenceServer(place, "127.0.0.1", 0, [], None)
    await running.start()
    yield running
    await running.stop()
    shutil.rmtree(place)


async def values(page: Page) -> str:
    return await page.locator("main").inner_text()


async def test_the_built_in_licence(console: OpenConsole, accessibility: Accessibility) -> None:
    page = await console("admin", PATH)
    await expect(page.get_by_text("Встроенная лицензия")).to_be_visible()
    text = await values(page)
    for label in (
        "Срок действия", "бессрочно", "Унифицированных коммуникаций", "Компьютерных клиентов", "SIP-телефонов",
        "Серийный номер платы E1", "Количество SIP-линий", "Количество SIP-разговоров", "Количество диспетчеров",
        "СОРМ:", "Система оповещения:", "Голосовое меню:", "Факс:", "Push-уведомления", "Геолокация",
    ):  # fmt: skip
        assert label in text
    assert await page.locator('[data-flag][data-on="true"]').count() == 6
    assert await accessibility(page) == []


async def test_online_update(console: OpenConsole, licences: LicenceServer) -> None:
    page = await console("admin", PATH)
    await page.get_by_role("button", name="Настроить").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Адрес сервера").fill("127.0.0.1")
    await dialog.get_by_label("Логин").fill("acme")
    await dialog.get_by_label("Порт").fill(str(licences.port))
    await dialog.get_by_label(re.compile("^Пароль")).fill("a password")
    await dialog.get_by_label("Сертификат сервера лицензий").fill(licences.certificate.read_text())
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog).to_have_count(0)
    await page.get_by_role("button", name="Обновить лицензию").click()
    await expect(page.get_by_text("Лицензия успешно обновлена")).to_be_visible()
    await page.get_by_role("dialog").get_by_role("button", name="Закрыть").click()
    await page.reload()
    await expect(page.get_by_text("Действует", exact=True)).to_be_visible()
    assert "2026-17" in await values(page)
    for flag in ("alert", "voiceMenu", "fax", "push", "geolocation"):
        await expect(page.locator(f'[data-flag="{flag}"]')).to_have_attribute("data-on", "true")
    await expect(page.locator('[data-flag="sorm"]')).to_have_attribute("data-on", "false")


async def test_update_without_a_server_and_with_one_that_is_away(console: OpenConsole) -> None:
    page = await console("admin", PATH)
    await page.get_by_role("button", name="Обновить лицензию").click()
    await expect(page.get_by_text("Сервер лицензий не настроен")).to_be_visible()


@pytest.mark.parametrize("field", ["Адрес сервера", "Логин", "Порт", "Пароль"])
async def test_every_field_is_mandatory(console: OpenConsole, field: str) -> None:
    page = await console("admin", PATH)
    await page.get_by_role("button", name="Настроить").click()
    dialog = page.get_by_role("dialog")
    given = {"Адрес сервера": "licence.invalid", "Логин": "acme", "Порт": "8088", "Пароль": "secret"}
    for label, value in {**given, field: ""}.items():
        await dialog.get_by_label(re.compile(f"^{label}")).fill(value)
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog.get_by_text("Введите значение")).to_have_count(1)
    await dialog.get_by_role("button", name="Закрыть").last.click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert "licence.invalid" not in await values(page)


async def test_bad_hosts_and_ports(console: OpenConsole) -> None:
    page = await console("admin", PATH)
    await page.get_by_role("button", name="Настроить").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Логин").fill("acme")
    await dialog.get_by_label(re.compile("^Пароль")).fill("secret")
    await dialog.get_by_label("Порт").fill("8088")
    for host in ("t", ".chat", "testing2roschat", "r.chat", "-a.chat", "test..chat", "те.ст", "te st.chat", "te№.ru"):
        await dialog.get_by_label("Адрес сервера").fill(host)
        await dialog.get_by_role("button", name="Сохранить").click()
        await expect(dialog.get_by_text("Неверный адрес")).to_be_visible()
    await dialog.get_by_label("Адрес сервера").fill("licence.invalid")
    for port in ("65536", "-1", "8.1", "80a", "8 0"):
        await dialog.get_by_label("Порт").fill(port)
        await dialog.get_by_role("button", name="Сохранить").click()
        await expect(dialog.get_by_text("Невалидный порт")).to_be_visible()
    await dialog.get_by_label("Порт").fill("7")
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_text("licence.invalid", exact=True)).to_be_visible()


async def test_a_file_for_an_activation_key(
    console: OpenConsole, server: Server, tmp_path: Path, accessibility: Accessibility
) -> None:
    page = await console("admin", PATH)
    await page.get_by_role("button", name="Ключ активации").click()
    dialog = page.get_by_role("dialog")
    asking = files.read_activation(await dialog.get_by_role("textbox", name="Ключ активации").input_value())
    assert await accessibility(page) == []
    await dialog.get_by_role("button", name="Закрыть").last.click()
    good, bad = tmp_path / "good.licence", tmp_path / "bad.licence"
    made = Licence(number="5", customer="c", issued="2026-09-01", people=1, installation=asking.installation)
    good.write_text(issued(number="5", people=0, computers=5, installation=asking.installation, until="2026-12-31"))
    bad.write_text(files.sign(made, files.new_key()))
    await page.get_by_role("button", name="Загрузить лицензию").click()
    dialog = page.get_by_role("dialog")
    await dialog.locator("input[type=file]").set_input_files(bad)
    await dialog.get_by_role("button", name="Загрузить", exact=True).click()
    await expect(dialog.get_by_text("Эта лицензия здесь не годится.")).to_be_visible()
    await dialog.locator("input[type=file]").set_input_files(good)
    await dialog.get_by_role("button", name="Загрузить", exact=True).click()
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_text("31.12.2026")).to_be_visible()
    await page.get_by_role("button", name="Удалить лицензию").click()
    await page.get_by_role("dialog").get_by_role("button", name="Удалить лицензию").click()
    await expect(page.get_by_text("Встроенная лицензия")).to_be_visible()


async def test_over_the_limit_is_said(console: OpenConsole, server: Server, accessibility: Accessibility) -> None:
    await server.person("ivanov")
    view = await server.ask("get-licence")
    await server.ask("load-licence", {"text": issued(people=1, computers=0, installation=view["installation"])})
    page = await console("admin", PATH)
    await expect(page.locator('[data-problem="over"]')).to_be_visible()
    assert re.search(r"Превышено ограничение «Компьютерных клиентов»", await values(page))
    assert await accessibility(page) == []


async def test_only_administrators(console: OpenConsole, server: Server) -> None:
    page = await console("operator", "/directory")
    answer = await page.request.get(server.url("console") + "/api/v1/licence")
    assert answer.status == 403
