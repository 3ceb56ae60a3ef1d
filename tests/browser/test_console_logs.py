"""«Технический журнал» in a real browser: filters, following, levels, the file to take away."""

import asyncio
import gzip
import json
import logging
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from playwright.async_api import Page, expect

from tests.browser.console import OpenConsole
from tests.harness.server import Server

Accessibility = Callable[[Page], Coroutine[Any, Any, list[str]]]
PATH = "/maintenance/logs"
LOG = logging.getLogger("roschat.browser_test")


async def written(server: Server) -> None:
    """Everything logged up to now is in the file."""
    assert server.program.log_file is not None
    await asyncio.to_thread(server.program.log_file.flush_waiting)


async def some_lines(server: Server) -> None:
    LOG.warning("the lamp is yellow", extra={"request": "abc123", "lamp": 5})
    LOG.error("the lamp is red password=hunter2")
    try:
        raise ZeroDivisionError("no lamp")
    except ZeroDivisionError:
        LOG.exception("the lamp is broken")
    for number in range(250):
        LOG.warning("filler %d", number)
    await written(server)


async def test_lines_are_found_and_opened(server: Server, console: OpenConsole) -> None:
    await some_lines(server)
    page = await console("admin", PATH)
    lines = page.get_by_role("list", name="Строки журнала")
    await page.get_by_label("Часть программы").fill("roschat.browser_test")
    await expect(lines.get_by_text("filler 249")).to_be_visible()
    await expect(lines.get_by_role("listitem")).to_have_count(200)
    await page.get_by_role("button", name="Показать более ранние").click()
    await expect(lines.get_by_role("listitem")).to_have_count(253)
    await page.get_by_label("Важность не ниже").select_option("error")
    await expect(lines.get_by_role("listitem")).to_have_count(2)
    await expect(lines).to_contain_text("password=***")
    await lines.get_by_role("button", name="the lamp is broken").click()
    await expect(lines.get_by_label("След ошибки")).to_contain_text("ZeroDivisionError: no lamp")
    await page.get_by_label("Важность не ниже").select_option("debug")
    await page.get_by_role("searchbox", name="Найти в тексте").fill("YELLOW")
    await expect(lines.get_by_role("listitem")).to_have_count(1)
    await lines.get_by_role("button", name="the lamp is yellow").click()
    await expect(lines.get_by_text("lamp: 5")).to_be_visible()
    await page.get_by_label("С", exact=True).fill("2099-01-01T00:00")
    await expect(page.get_by_text("Таких строк нет")).to_be_visible()


async def test_new_lines_come_by_themselves(server: Server, console: OpenConsole) -> None:
    page = await console("admin", PATH)
    await page.get_by_label("Часть программы").fill("roschat.browser_test")
    await page.get_by_role("switch", name="Следить за новыми").check()
    await expect(page.get_by_text("Таких строк нет")).to_be_visible()
    for number in range(3):
        LOG.warning("it happened %d", number)
        await written(server)
        await expect(page.get_by_text(f"it happened {number}")).to_be_visible()
    lines = page.get_by_role("list", name="Строки журнала").get_by_role("listitem")
    await expect(lines).to_have_count(3)
    await expect(lines.first).to_contain_text("it happened 2")


async def test_the_level_of_a_part_counts_at_once(server: Server, console: OpenConsole) -> None:
    logger = logging.getLogger("roschat.browser_test")
    page = await console("admin", PATH)
    await page.get_by_role("button", name="Подробность").click()
    dialog = page.get_by_role("dialog", name="Подробность журнала")
    await dialog.get_by_role("searchbox").fill("browser_test")
    choice = dialog.get_by_label("roschat.browser_test")
    await choice.select_option("debug")
    await expect(choice).to_be_enabled()
    assert logger.level == logging.DEBUG
    await choice.select_option("")
    await expect(choice).to_be_enabled()
    assert logger.level == logging.NOTSET


async def test_what_was_found_is_taken_away(server: Server, console: OpenConsole, tmp_path: Path) -> None:
    await some_lines(server)
    page = await console("admin", PATH)
    await page.get_by_label("Часть программы").fill("roschat.browser_test")
    await page.get_by_label("Важность не ниже").select_option("error")
    await expect(page.get_by_role("list", name="Строки журнала").get_by_role("listitem")).to_have_count(2)
    async with page.expect_download() as waiting:
        await page.get_by_role("button", name="Скачать").click()
    download = await waiting.value
    assert download.suggested_filename.endswith(".jsonl.gz")
    await download.save_as(tmp_path / "log.gz")
    lines = [json.loads(line) for line in gzip.decompress((tmp_path / "log.gz").read_bytes()).splitlines()]
    assert [line["text"] for line in lines] == ["the lamp is red password=***", "the lamp is broken"]


async def test_others_do_not_see_the_log(server: Server, console: OpenConsole) -> None:
    for role, own in (("operator", "/monitor"), ("security", "/security/audit")):
        page = await console(role, own)
        for path in ("/logs", "/logs/download", "/logs/levels"):
            answer = await page.request.get(server.url("console") + "/api/v1" + path)
            assert answer.status == 403, (role, path)
    page = await console("admin", PATH)
    for query in ("level=loud", "since=soon", "since=1e300"):
        answer = await page.request.get(server.url("console") + "/api/v1/logs/download?" + query)
        assert answer.status == 400, query
    answer = await page.request.get(server.url("console") + "/api/v1/logs?older=nowhere")
    assert answer.status == 400


async def test_everybody_can_read_it(server: Server, console: OpenConsole, accessibility: Accessibility) -> None:
    await some_lines(server)
    for options in (
        {}, {"color_scheme": "dark"}, {"locale": "en-US", "viewport": {"width": 360, "height": 800}},
    ):  # fmt: skip
        page = await console("admin", PATH, **options)
        await expect(page.get_by_text("filler 249")).to_be_visible()
        assert await accessibility(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
