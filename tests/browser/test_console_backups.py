"""«Резервирование» in a real browser: made, proven, downloaded, uploaded, restored, deleted; what is bad is refused."""

import re
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.console import OpenConsole, console
from tests.harness.server import Server

__all__ = ["console"]

Accessibility = Callable[[Page], Coroutine[Any, Any, list[str]]]
PATH = "/maintenance/backups"
LONG = 60_000


async def made(page: Page) -> str:
    """Make a backup as people do; answers its name."""
    await page.get_by_role("button", name="Создать копию").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_text("Копия создана")).to_be_visible(timeout=LONG)
    await dialog.get_by_role("button", name="Закрыть").last.click()
    cell = page.get_by_text(re.compile(r"^backup-\d{14}\.tar\.gz$")).first
    return await cell.inner_text()


async def test_made_proven_downloaded_deleted(
    console: OpenConsole, tmp_path: Path, accessibility: Accessibility
) -> None:
    page = await console("admin", PATH)
    await expect(page.get_by_text("Копий ещё нет")).to_be_visible()
    assert await accessibility(page) == []
    name = await made(page)
    await expect(page.get_by_text("ещё нет", exact=True)).to_be_visible()
    await page.get_by_role("button", name=f"Проверить {name}").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_text("Копия цела")).to_be_visible(timeout=LONG)
    await dialog.get_by_role("button", name="Закрыть").last.click()
    await expect(page.get_by_text(re.compile("^цела, "))).to_be_visible()
    assert await accessibility(page) == []
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name=f"Скачать {name}").click()
    download = await downloading.value
    assert download.suggested_filename == name
    await download.save_as(tmp_path / "backup.tar.gz")
    assert (tmp_path / "backup.tar.gz").read_bytes()[:2] == b"\x1f\x8b"
    await page.get_by_role("button", name=f"Удалить {name}").click()
    dialog = page.get_by_role("dialog")
    button = dialog.get_by_role("button", name="Удалить", exact=True)
    await expect(button).to_be_disabled()
    await dialog.get_by_label("Введите имя копии").fill(name)
    await button.click()
    await expect(page.get_by_text("Копий ещё нет")).to_be_visible()
    # What was deleted comes back from the file, under the name that a vendor's backup has.
    await page.get_by_role("button", name="Восстановить", exact=True).click()
    dialog = page.get_by_role("dialog")
    await dialog.locator("input[type=file]").set_input_files(tmp_path / "backup.tar.gz")
    await dialog.get_by_role("button", name="Загрузить", exact=True).click()
    await expect(page.get_by_text("Восстанавливайте только копии, которым доверяете")).to_be_visible()
    await page.get_by_role("dialog").get_by_role("button", name="Закрыть").last.click()
    await expect(page.get_by_text("backup.tar.gz", exact=True)).to_be_visible()


async def test_restore_is_prepared_and_can_be_cancelled(console: OpenConsole, accessibility: Accessibility) -> None:
    page = await console("admin", PATH)
    name = await made(page)
    await page.get_by_role("button", name=f"Восстановить {name}").click()
    dialog = page.get_by_role("dialog")
    go_on = dialog.get_by_role("button", name="Продолжить")
    await expect(go_on).to_be_disabled()
    await dialog.get_by_label("Введите имя копии").fill(name)
    assert await accessibility(page) == []
    await go_on.click()
    await expect(page.get_by_text("Всё готово к восстановлению")).to_be_visible(timeout=LONG)
    await expect(page.get_by_role("dialog").get_by_role("button", name="Перезапустить")).to_be_visible()
    await page.get_by_role("dialog").get_by_role("button", name="Закрыть").last.click()
    await expect(page.locator('[data-plan="ready"]')).to_be_visible()
    await expect(page.get_by_text("перед восстановлением")).to_be_visible()
    assert await accessibility(page) == []
    await page.get_by_role("button", name="Отменить восстановление").click()
    await expect(page.locator("[data-plan]")).to_have_count(0)


@pytest.mark.parametrize("content", [b"", b"hello", b"\x1f\x8b\x08\x00 broken", b"PK\x03\x04" + b"x" * 1000])
async def test_a_file_that_is_no_backup(console: OpenConsole, tmp_path: Path, content: bytes) -> None:
    page = await console("admin", PATH)
    bad = tmp_path / "backup.tar.gz"
    bad.write_bytes(content)
    await page.get_by_role("button", name="Восстановить", exact=True).click()
    dialog = page.get_by_role("dialog")
    await dialog.locator("input[type=file]").set_input_files(bad)
    await dialog.get_by_role("button", name="Загрузить", exact=True).click()
    await expect(dialog.get_by_role("alert")).to_contain_text("Файл не является копией")
    await dialog.get_by_role("button", name="Закрыть").last.click()
    await expect(page.get_by_text("Копий ещё нет")).to_be_visible()


async def test_schedule(console: OpenConsole, server: Server) -> None:
    page = await console("admin", PATH)
    await page.get_by_role("button", name="Настроить").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label(re.compile("^Время")).fill("25:00")
    await dialog.get_by_label(re.compile("^Парольная фраза")).fill("short")
    await dialog.get_by_label(re.compile("^Папка для копий")).fill("relative/folder")
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog.get_by_text("Значение неверно")).to_have_count(2)
    await expect(dialog.get_by_text("Слишком короткое значение")).to_be_visible()
    await dialog.get_by_label(re.compile("^Время")).fill("04:15")
    await dialog.get_by_label(re.compile("^Парольная фраза")).fill("correct horse")
    await dialog.get_by_label(re.compile("^Папка для копий")).fill("")
    await dialog.get_by_role("button", name="Сохранить").click()
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_text("каждый день, 04:15")).to_be_visible()
    await expect(page.get_by_text("включено", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Создать копию").click()
    await expect(page.get_by_text("Копия создана")).to_be_visible(timeout=LONG)
    await page.get_by_role("dialog").get_by_role("button", name="Закрыть").last.click()
    await expect(page.get_by_text("зашифрована")).to_be_visible()
    assert "correct horse" not in str(await server.ask("settings-get", {"section": "db"}))


async def test_only_administrators(console: OpenConsole, server: Server) -> None:
    page = await console("operator", "/directory")
    for way in ("/backups", "/backups/x.tar.gz/archive"):
        answer = await page.request.get(server.url("console") + "/api/v1" + way)
        assert answer.status == 403
    refused = await page.request.post(
        server.url("console") + "/api/v1/backups/archive?name=x",
        headers={"content-type": "application/gzip"},
        data=b"x",
    )
    assert refused.status == 403
    page = await console("admin", PATH)
    refused = await page.request.post(
        server.url("console") + "/api/v1/backups/archive", headers={"content-type": "text/plain"}, data=b"x"
    )
    assert refused.status == 400
