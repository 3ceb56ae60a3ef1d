"""«Монитор» in a real browser: services that really stop and start, problems with the way to their fix, charts."""

import asyncio
import re
from collections.abc import Callable, Coroutine
from typing import Any

from playwright.async_api import Page, expect

from roschat.modules.ms.monitor import store
from roschat.wire.component import ComponentChanged
from tests.browser.console import OpenConsole
from tests.harness.server import Server

Accessibility = Callable[[Page], Coroutine[Any, Any, list[str]]]
PATH = "/monitor"


async def measured(server: Server) -> None:
    """An hour of figures."""
    now = server.program.clock.seconds()
    async with server.program.db.transaction() as tx:
        for back in range(0, 3600, 10):
            figures = {
                "people": 40.0 + back % 70, "messages": 12.0 + back % 30, "cpu": 20.0 + back % 50, "process_cpu": 5.0,
                "memory_used": 3e9, "process_memory": 2e8, "disk_used": 5e10, "database_size": 1e9 - back * 1e4,
                "queue_messages": 0.0, "queue_index": float(back % 7), "outbox": 0.0, "loop_delay": 0.002,
            }  # fmt: skip
            await store.add(tx, now - back, figures)


async def test_a_service_is_stopped_and_started(server: Server, console: OpenConsole) -> None:
    page = await console("admin", PATH)
    row = page.locator('[data-component="survey"]')
    await expect(row).to_have_attribute("data-state", "ok")
    await expect(row).to_contain_text("Опросы")
    await row.get_by_role("button", name="Действия: Опросы").click()
    await page.get_by_role("menuitem", name="Остановить").click()
    dialog = page.get_by_role("dialog", name="Подтвердите свои действия")
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(row).to_have_attribute("data-state", "ok")
    await row.get_by_role("button", name="Действия: Опросы").click()
    await page.get_by_role("menuitem", name="Остановить").click()
    await dialog.get_by_role("button", name="Остановить").click()
    await expect(row).to_have_attribute("data-state", "stopped")
    await expect(row).to_contain_text("остановлен: test.admin")
    problem = page.locator('[data-problem="component-stopped"]')
    await expect(problem).to_contain_text("остановлен: test.admin", timeout=20_000)
    await row.get_by_role("button", name="Действия: Опросы").click()
    await expect(page.get_by_role("menuitem")).to_have_text(["Запустить"])
    await page.get_by_role("menuitem", name="Запустить").click()
    await expect(row).to_have_attribute("data-state", "ok")
    await expect(problem).to_have_count(0, timeout=20_000)


async def test_the_messenger_restarts_and_the_console_stays(server: Server, console: OpenConsole) -> None:
    page = await console("admin", PATH)
    row = page.locator('[data-component="server"]')
    await row.get_by_role("button", name="Действия: Мессенджер").click()
    await page.get_by_role("menuitem", name="Перезапустить").click()
    states: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
    server.program.bus.subscribe(
        ComponentChanged,
        lambda change: states.put_nowait((change.state, change.who)) if change.name == "server" else None,
    )
    await page.get_by_role("dialog").get_by_role("button", name="Перезапустить").click()
    async with asyncio.timeout(30):
        seen = [await states.get() for _ in range(4)]
    assert seen == [(state, "test.admin") for state in ("stopping", "stopped", "starting", "running")]
    await expect(row).to_have_attribute("data-state", "ok")


async def test_the_console_itself_cannot_be_stopped(console: OpenConsole) -> None:
    page = await console("admin", PATH)
    await page.get_by_role("button", name="Действия: Система управления").click()
    await expect(page.get_by_role("menuitem")).to_have_text(["Перезапустить"])


async def test_an_operator_looks_and_does_nothing(server: Server, console: OpenConsole) -> None:
    page = await console("operator", PATH)
    await expect(page.locator('[data-component="server"]')).to_be_visible()
    await expect(page.get_by_role("button", name="Действия:")).to_have_count(0)
    await expect(page.get_by_role("button", name="Перезапустить сервер")).to_have_count(0)
    refused = await page.request.post(
        server.url("console") + "/api/v1/monitor/components/survey/stop", data={"process": ""}
    )
    assert refused.status == 403
    assert {one["name"]: one["state"] for one in await server.ask("list-components")}["survey"] == "ok"


async def test_a_restart_that_is_not_possible_is_said(console: OpenConsole) -> None:
    page = await console("admin", PATH)
    await page.get_by_role("button", name="Перезапустить сервер").click()
    await page.get_by_role("dialog").get_by_role("button", name="Перезапустить").click()
    # This server runs inside of the tests, so it cannot begin anew by itself.
    await expect(page.get_by_role("alert")).to_be_visible()


async def test_a_problem_leads_to_its_fix(server: Server, console: OpenConsole) -> None:
    await server.ask("settings-set", {"section": "monitor", "key": "disk_free", "value": 90})
    page = await console("admin", PATH)
    problem = page.locator('[data-problem="disk-full"]')
    await expect(problem).to_contain_text("На диске свободно")
    fix = problem.get_by_role("link", name="Исправить")
    await expect(fix).to_have_attribute("href", "/maintenance/backups")


async def test_charts_have_a_table(server: Server, console: OpenConsole) -> None:
    await measured(server)
    page = await console("admin", PATH)
    chart = page.locator('[data-chart="Пользователи в сети"]')
    await expect(chart.get_by_role("img")).to_have_attribute("aria-label", re.compile("наибольшее"))
    await expect(chart.locator("canvas")).to_be_visible()
    await chart.get_by_role("button", name="Показать таблицей").click()
    await expect(chart.get_by_role("row")).not_to_have_count(0)
    assert await chart.get_by_role("row").count() > 300
    await chart.get_by_role("button", name="Показать графиком").click()
    await expect(chart.locator("canvas")).to_be_visible()
    await expect(page.locator('[data-chart="Звонки"]')).to_have_count(0)
    await page.get_by_text("Год", exact=True).click()
    await expect(page.get_by_text("За это время измерений ещё нет")).to_be_visible()


async def test_everybody_can_use_it(server: Server, console: OpenConsole, accessibility: Accessibility) -> None:
    await measured(server)
    for options in (
        {}, {"color_scheme": "dark"}, {"locale": "en-US", "viewport": {"width": 360, "height": 800}},
    ):  # fmt: skip
        page = await console("admin", PATH, **options)
        await expect(page.locator("canvas").first).to_be_visible()
        assert await accessibility(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
