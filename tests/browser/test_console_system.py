"""«Система» and «Геозоны» in a real browser."""

import re
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from roschat.modules.ms.certificate.tests.test_certificate_rules import MIDDLE, SERVER, made
from tests.browser.console import OpenConsole
from tests.harness.server import Server

Accessibility = Callable[[Page], Coroutine[Any, Any, list[str]]]


async def configure(page: Page, block: str) -> Locator:
    """Open the dialog of a block."""
    section = page.locator("section").filter(has=page.get_by_role("heading", name=block, exact=True))
    await section.get_by_role("button", name="Настроить").click()
    return page.get_by_role("dialog")


async def test_connection_is_set_checked_and_refused(console: OpenConsole, accessibility: Accessibility) -> None:
    page = await console("admin", "/settings/web-server")
    await expect(page.get_by_role("heading", name="Подключение", exact=True)).to_be_visible()
    assert await accessibility(page) == []
    dialog = await configure(page, "Подключение")
    for host, said in (("", "Введите значение"), ("t", "Неверный адрес"), ("r.chat", "Неверный адрес")):
        await dialog.get_by_label("Внешний адрес сервера").fill(host)
        await dialog.get_by_role("button", name="Сохранить").click()
        await expect(dialog.get_by_text(said)).to_be_visible()
    assert await accessibility(page) == []
    await dialog.get_by_role("button", name="Закрыть").last.click()
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_text("r.chat")).to_have_count(0)

    dialog = await configure(page, "Подключение")
    await dialog.get_by_label("Внешний адрес сервера").fill("127.0.0.1")
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_text("127.0.0.1", exact=True).first).to_be_visible()
    await page.get_by_role("button", name="Проверить", exact=True).first.click()
    await expect(page.get_by_text("Настройки сервера корректны.")).to_be_visible()
    await expect(page.get_by_text("Доверие к сертификату")).to_be_visible()
    assert await accessibility(page) == []
    await page.get_by_role("dialog").get_by_role("button", name="Закрыть").click()


@pytest.mark.parametrize("text", ["65536", "8o", "-1", "1.5", ""])
async def test_bad_ports_are_told_beside_the_field(console: OpenConsole, server: Server, text: str) -> None:
    server.program.config.ports.clear()
    page = await console("admin", "/settings/web-server")
    dialog = await configure(page, "Подключение")
    await dialog.get_by_label("Внешний адрес сервера").fill("ros.chat")
    await dialog.get_by_label("WebSocket порт").fill(text)
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog.get_by_text("Невалидный порт" if text else "Введите значение")).to_be_visible()


async def test_a_certificate_is_looked_at_and_installed(
    console: OpenConsole, accessibility: Accessibility, tmp_path: Path
) -> None:
    fresh = made("chat.example.org", MIDDLE, names=("chat.example.org",), days=(-1, 3650))
    files = {"certificate.crt": fresh.pem, "privateKey.key": fresh.pem_key, "chain.pem": MIDDLE.pem}
    files["other.key"] = SERVER.pem_key
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    page = await console("admin", "/settings/web-server")
    await page.get_by_role("button", name="Загрузить сертификат").click()
    dialog = page.get_by_role("dialog", name="Загрузить сертификат")
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog.get_by_text("Введите значение")).to_be_visible()
    inputs = dialog.locator("input[type=file]")
    await inputs.nth(0).set_input_files(tmp_path / "certificate.crt")
    await inputs.nth(1).set_input_files(tmp_path / "other.key")
    await expect(dialog.get_by_text("Приватный ключ не подходит к сертификату.")).to_be_visible()
    assert await accessibility(page) == []
    await inputs.nth(1).set_input_files(tmp_path / "privateKey.key")
    await expect(dialog.get_by_text("Нет сертификата издателя")).to_be_visible()
    await inputs.nth(2).set_input_files(tmp_path / "chain.pem")
    await expect(dialog.get_by_text("Проверено: можно установить.")).to_be_visible()
    await expect(dialog.get_by_text("Нет сертификата издателя")).to_have_count(0)
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_text("загружен", exact=True)).to_be_visible()
    await expect(page.get_by_text("chat.example.org").first).to_be_visible()
    await expect(page.get_by_text(re.compile("осталось .* дн"))).to_be_visible()
    async with page.expect_download() as exported:
        await page.get_by_role("button", name="Экспортировать сертификаты").click()
    saved = tmp_path / "exported.pem"
    await (await exported.value).save_as(saved)
    text = saved.read_text()
    assert "PRIVATE KEY" not in text
    assert text.count("BEGIN CERTIFICATE") == 2
    await page.get_by_role("button", name="Вернуть созданный сервером").click()
    await page.get_by_role("dialog").get_by_role("button", name="Продолжить").click()
    await expect(page.get_by_text("создан сервером", exact=True)).to_be_visible()


async def test_servers_are_kept(console: OpenConsole) -> None:
    page = await console("admin", "/settings/web-server")
    section = page.locator("section").filter(has=page.get_by_role("heading", name="Серверы", exact=True))
    await expect(section.get_by_text("Основной")).to_be_visible()
    await section.get_by_role("button", name="Добавить").click()
    dialog = page.get_by_role("dialog", name="Добавление сервера")
    await dialog.get_by_label("Название").fill("Второй")
    await dialog.get_by_label("Адрес").fill("r.chat")
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog.get_by_text("Неверный адрес")).to_be_visible()
    await dialog.get_by_label("Адрес").fill("second.invalid")
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(section.get_by_text("second.invalid")).to_be_visible()
    await section.get_by_role("button", name="Проверить Второй").click()
    await expect(page.get_by_text("Сервер не отвечает как следует.")).to_be_visible()
    await page.get_by_role("dialog").get_by_role("button", name="Закрыть").click()
    await section.get_by_role("button", name="Удалить Второй").click()
    await page.get_by_role("dialog").get_by_role("button", name="Продолжить").click()
    await expect(section.get_by_text("second.invalid")).to_have_count(0)


async def test_geozones_and_beacons(console: OpenConsole, accessibility: Accessibility) -> None:
    page = await console("admin", "/settings/geozones")
    await expect(page.get_by_text("Геозон пока нет")).to_be_visible()
    assert await accessibility(page) == []
    await page.get_by_role("button", name="Добавить").click()
    dialog = page.get_by_role("dialog", name="Добавление геозоны")
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog.get_by_text("Введите значение")).to_have_count(3)
    await dialog.get_by_label("Название").fill("Офис")
    await dialog.get_by_label("Широта").fill("95")
    await dialog.get_by_label("Долгота").fill("37,659326")
    await dialog.get_by_label("Радиус (0-1000м)").fill("1001")
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog.locator("[aria-invalid=true]")).to_have_count(2)
    await dialog.get_by_role("region", name="Карта геозон").click(position={"x": 120, "y": 90})
    await expect(dialog.get_by_label("Широта")).not_to_have_value("95")
    await dialog.get_by_label("Широта").fill("55.785118")
    await dialog.get_by_label("Долгота").fill("37.659326")
    await dialog.get_by_label("Радиус (0-1000м)").fill("500")
    assert await accessibility(page) == []
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog).to_have_count(0)
    for value in ("Офис", "55.785118", "37.659326", "500"):
        await expect(page.get_by_role("cell", name=value, exact=True)).to_be_visible()
    await expect(page.locator(".zone-land").first).to_be_attached()
    await page.get_by_role("button", name="Открыть Офис").click()
    beacons = page.locator("section").filter(has=page.get_by_role("heading", name="Beacons"))
    await beacons.get_by_role("button", name="Добавить").click()
    dialog = page.get_by_role("dialog", name="Добавление бекона")
    await dialog.get_by_label("Идентификатор").fill("nonsense")
    await dialog.get_by_label("Minor").fill("1")
    await dialog.get_by_label("Major").fill("70000")
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog.locator("[aria-invalid=true]")).to_have_count(2)
    await dialog.get_by_label("Идентификатор").fill("f7826da6-4fa2-4e98-8024-bc5b71e0893e")
    await dialog.get_by_label("Major").fill("7")
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(beacons.get_by_text("f7826da6-4fa2-4e98-8024-bc5b71e0893e")).to_be_visible()
    await expect(page.get_by_role("cell", name="1 маячок")).to_be_visible()
    assert await accessibility(page) == []
    await page.get_by_role("button", name="Редактировать Офис").click()
    dialog = page.get_by_role("dialog", name="Редактирование геозоны")
    await dialog.get_by_label("Название").fill("Склад")
    await dialog.get_by_role("button", name="Отменить").click()
    await expect(page.get_by_role("cell", name="Офис", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Удалить Офис").click()
    await page.get_by_role("dialog").get_by_role("button", name="Удалить").click()
    await expect(page.get_by_text("Геозон пока нет")).to_be_visible()


@pytest.mark.parametrize("path", ["/settings/web-server", "/settings/geozones"])
async def test_pages_are_english_dark_and_narrow(
    console: OpenConsole, server: Server, accessibility: Accessibility, path: str
) -> None:
    page = await console("admin", path, locale="en-US", color_scheme="dark", viewport={"width": 360, "height": 740})
    await expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("System|Geozones"))
    assert await accessibility(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
