"""«Мониторинг сети» in a real browser: our ports, a side that is there and one that is stopped."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from playwright.async_api import Page, expect

from tests.browser.console import OpenConsole
from tests.harness.server import Server

Accessibility = Callable[[Page], Coroutine[Any, Any, list[str]]]
PATH = "/maintenance/network"


async def looked_at(server: Server, page: Page) -> int:
    """One side that is stopped; then everything is looked at. Answers its port."""
    stopped = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port: int = stopped.sockets[0].getsockname()[1]
    stopped.close()
    await stopped.wait_closed()
    await server.ask("settings-set", {"section": "network", "key": "hosts", "value": [f"127.0.0.1:{port}"]})
    await page.get_by_role("button", name="Проверить").or_(page.get_by_role("button", name="Check")).click()
    await expect(page.get_by_text(f"127.0.0.1:{port}").first).to_be_visible()
    return port


async def test_ports_and_other_sides_are_looked_at(server: Server, console: OpenConsole) -> None:
    page = await console("admin", PATH)
    await expect(page.get_by_text("Серверы времени не заданы")).to_have_count(0)
    await looked_at(server, page)
    ports = page.get_by_role("region", name="Порты сервера")
    for name in ("http", "https", "websocket", "console"):
        await expect(ports.get_by_text(f"{name} 127.0.0.1").first).to_be_visible()
    await expect(ports.get_by_text("Отвечает.")).to_have_count(4)
    await expect(page.get_by_role("region", name="Сертификаты").get_by_text("Действует до")).to_have_count(3)
    hosts = page.get_by_role("region", name="Внешние адреса")
    await expect(hosts).to_contain_text("Никто не слушает: программа остановлена или порт другой.")
    await expect(page.get_by_text("Серверы времени не заданы, часы ни с чем не сверяются.")).to_be_visible()
    await page.goto(server.url("console") + "/monitor")
    problem = page.locator('[data-problem^="host-unreachable"]')
    await expect(problem.get_by_role("link", name="Исправить")).to_have_attribute("href", PATH, timeout=20_000)


async def test_an_operator_may_look(server: Server, console: OpenConsole) -> None:
    page = await console("operator", PATH)
    await looked_at(server, page)
    await expect(page.get_by_role("region", name="Порты сервера")).to_be_visible()


async def test_nonsense_is_no_address(server: Server, console: OpenConsole) -> None:
    page = await console("admin", PATH)
    for values in ({"hosts": ["nowhere"]}, {"hosts": ["a b:80"]}, {"time_servers": ["t:x"]}, {"every": 0}):
        answer = await page.request.put(server.url("console") + "/api/v1/settings/network", data={"values": values})
        assert answer.status == 400, values


async def test_everybody_can_read_it(server: Server, console: OpenConsole, accessibility: Accessibility) -> None:
    for options in (
        {}, {"color_scheme": "dark"}, {"locale": "en-US", "viewport": {"width": 360, "height": 800}},
    ):  # fmt: skip
        page = await console("admin", PATH, **options)
        await looked_at(server, page)
        assert await accessibility(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
