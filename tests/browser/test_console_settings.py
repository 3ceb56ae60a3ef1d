"""Settings in a real browser: generated forms, validation beside the field, history, rollback, export, import."""

import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.browser.console import OpenConsole
from tests.harness.server import Server

Accessibility = Callable[[Page], Coroutine[Any, Any, list[str]]]

BAD_HOSTS = [
    "t",
    ".chat",
    "testing2roschat",
    "r.chat",
    "-a.ru",
    "a..ru",
    ".aa.ru.",
    "aa.ru.",
    "a b.ru",
    "aa_b.ru",
    "почта.рф",
]


def card(page: Page, name: str) -> Locator:
    return page.locator("section").filter(has=page.get_by_role("heading", name=name, exact=True))


async def configure(page: Page, name: str) -> Locator:
    """Open the form of a section."""
    await card(page, name).get_by_role("button", name="Настроить").click()
    dialog = page.get_by_role("dialog", name=name)
    await expect(dialog).to_be_visible()
    return dialog


async def test_a_value_is_saved_and_counts_at_once(
    console: OpenConsole, server: Server, accessibility: Accessibility
) -> None:
    page = await console("admin", "/settings/additional")
    dialog = await configure(page, "Сервер обновлений")
    field = dialog.get_by_label("Сервер обновлений компьютерных клиентов")
    await field.fill("ftp://updates")
    await field.press("Tab")
    await expect(dialog.get_by_text("Неверный адрес: он начинается с http:// или https://")).to_be_visible()
    assert await accessibility(page) == []
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog).to_be_visible()
    await field.fill("https://updates.example.org")
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog).to_be_hidden()
    await expect(card(page, "Сервер обновлений").get_by_text("https://updates.example.org")).to_be_visible()
    async with page.expect_response("**/api/v1/settings/clients") as answered:
        await page.reload()
    assert (await (await answered.value).json())["values"]["update_server"] == "https://updates.example.org"


async def test_close_discards(console: OpenConsole) -> None:
    page = await console("admin", "/settings/additional")
    dialog = await configure(page, "Сервер обновлений")
    await dialog.get_by_label("Сервер обновлений компьютерных клиентов").fill("https://nowhere.example.org")
    await dialog.get_by_role("button", name="Закрыть").click()
    await expect(dialog).to_be_hidden()
    await expect(card(page, "Сервер обновлений").get_by_text("не задано")).to_be_visible()


async def test_what_was_typed_is_not_lost_by_accident(console: OpenConsole) -> None:
    page = await console("admin", "/settings/history")
    await page.get_by_role("link", name="Дополнительно").click()
    dialog = await configure(page, "Сервер обновлений")
    field = dialog.get_by_label("Сервер обновлений компьютерных клиентов")
    await field.fill("https://nowhere.example.org")
    await page.keyboard.press("Escape")
    question = page.get_by_role("dialog", name="Изменения не сохранены")
    await question.get_by_role("button", name="Вернуться к правке").click()
    await expect(field).to_have_value("https://nowhere.example.org")
    await page.evaluate("history.back()")
    await question.get_by_role("button", name="Вернуться к правке").click()
    await expect(field).to_have_value("https://nowhere.example.org")
    await page.keyboard.press("Escape")
    await question.get_by_role("button", name="Не сохранять").click()
    await expect(dialog).to_be_hidden()


@pytest.mark.parametrize("host", BAD_HOSTS)
async def test_bad_hosts(console: OpenConsole, host: str) -> None:
    page = await console("admin", "/first-run", wizard=True)
    dialog = await configure(page, "Внешний адрес")
    await dialog.get_by_label("Внешний адрес сервера").fill(host)
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog.get_by_text("Неверный адрес", exact=True)).to_be_visible()
    await dialog.get_by_role("button", name="Закрыть").click()
    await expect(card(page, "Внешний адрес").get_by_text("не задано")).to_be_visible()


REASONS = {
    "empty": ("Введите значение", "Enter a value"),
    "bad-host": ("Неверный адрес", "Invalid address"),
    "bad-ip": ("Невалидный IP адрес", "Invalid IP address"),
    "bad-port": ("Невалидный порт", "Invalid port"),
    "max-below-min": ("Значение макс порта должно быть больше", "The last port must be larger"),
    "bad-value": ("Значение неверно", "Invalid value"),
}


async def test_what_the_server_refuses_stands_beside_the_field_in_the_language_of_the_reader(
    console: OpenConsole,
) -> None:
    page = await console("admin", "/settings/additional")
    refusal = {"reason": "empty"}

    async def refuse(route: Route) -> None:
        if route.request.method == "PUT":
            error = {"error": "bad-request", "text": "No.", "fields": {"update_server": refusal["reason"]}}
            await route.fulfill(status=400, json=error)
        else:
            await route.continue_()

    await page.route("**/api/v1/settings/clients", refuse)
    dialog = await configure(page, "Сервер обновлений")
    for reason, (russian, _) in REASONS.items():
        refusal["reason"] = reason
        await dialog.get_by_role("button", name="Сохранить").click()
        await expect(dialog.get_by_text(russian, exact=True)).to_be_visible()
        await expect(dialog.locator("input[aria-invalid=true]")).to_be_focused()
    await dialog.get_by_role("button", name="Закрыть").click()
    await page.get_by_text("EN", exact=True).click()
    await card(page, "Update server").get_by_role("button", name="Configure").click()
    dialog = page.get_by_role("dialog", name="Update server")
    for reason, (_, english) in REASONS.items():
        refusal["reason"] = reason
        await dialog.get_by_role("button", name="Save").click()
        await expect(dialog.get_by_text(english, exact=True)).to_be_visible()


async def test_search_over_all_settings(console: OpenConsole) -> None:
    page = await console("admin", "/settings/advanced")
    await page.get_by_label("Найти параметр").fill("update_server")
    await expect(page.locator("section")).to_have_count(1)
    await page.get_by_label("Найти параметр").fill("такого параметра нет")
    await expect(page.get_by_text("Таких параметров нет")).to_be_visible()


async def test_history_rollback_and_comparison(console: OpenConsole, accessibility: Accessibility) -> None:
    page = await console("admin", "/settings/history")
    await expect(page.get_by_text("Настройки ещё не меняли")).to_be_visible()
    api = page.url.split("/settings")[0] + "/api/v1"
    for port in (8443, 9443):
        put = await page.request.put(f"{api}/settings/web_client", data={"values": {"https_port": port}})
        assert put.ok, await put.text()
    await page.reload()
    row = page.locator("tbody tr").first
    await expect(row).to_contain_text("HTTPS-порт, доступный клиентам")
    await expect(row).to_contain_text("test.admin")
    await expect(row).to_contain_text("8443")
    await expect(row).to_contain_text("9443")
    assert await accessibility(page) == []
    await row.get_by_role("button", name="Вернуть").click()
    await page.get_by_role("dialog", name="Подтвердите свои действия").get_by_role("button", name="Вернуть").click()
    await expect(page.locator("tbody tr")).to_have_count(3)
    values = (await (await page.request.get(f"{api}/settings/web_client")).json())["values"]
    assert values["https_port"] == 8443
    await page.get_by_text("Сравнение", exact=True).click()
    await expect(page.locator("tbody tr")).to_have_count(1)
    await expect(page.locator("tbody tr")).to_contain_text("8443")
    assert await accessibility(page) == []


async def test_export_and_import(console: OpenConsole, tmp_path: Path, accessibility: Accessibility) -> None:
    page = await console("admin", "/settings/advanced")
    api = page.url.split("/settings")[0] + "/api/v1"
    await page.request.put(f"{api}/settings/web_client", data={"values": {"product_name": "Наш чат"}})
    async with page.expect_download() as downloading:
        await page.get_by_role("button", name="Экспорт").click()
    saved = tmp_path / "settings.json"
    await (await downloading.value).save_as(saved)
    made = json.loads(saved.read_text())
    assert made["sections"]["web_client"] == {"product_name": "Наш чат"}

    await page.request.put(f"{api}/settings/web_client", data={"values": {"product_name": None}})
    await page.get_by_role("button", name="Импорт").click()
    dialog = page.get_by_role("dialog", name="Импорт настроек")
    await dialog.locator("input[type=file]").set_input_files(saved)
    await expect(dialog.get_by_text("Изменится 1 параметр")).to_be_visible()
    await expect(dialog.get_by_text("web_client.product_name")).to_be_visible()
    assert await accessibility(page) == []
    await dialog.get_by_role("button", name="Применить").click()
    await expect(dialog).to_be_hidden()
    await expect(card(page, "Веб-клиент").get_by_text("Наш чат")).to_be_visible()

    made["sections"] = {"web_client": {"https_port": 70000, "colour": 1}}
    saved.write_text(json.dumps(made))
    await page.get_by_role("button", name="Импорт").click()
    await dialog.locator("input[type=file]").set_input_files(saved)
    await expect(dialog.get_by_text("web_client.https_port")).to_be_visible()
    await expect(dialog.get_by_text("такого параметра нет")).to_be_visible()
    await expect(dialog.get_by_role("button", name="Применить")).to_be_disabled()
    saved.write_text("no json")
    await dialog.locator("input[type=file]").set_input_files(saved)
    await expect(dialog.get_by_text("Это не файл экспорта настроек РосЧата.")).to_be_visible()
