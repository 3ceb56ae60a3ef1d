"""The browser fixtures themselves: people are apart, findings of axe are told, errors of a page are noticed."""

from collections.abc import Callable, Coroutine
from typing import Any

from playwright.async_api import Page

OpenPage = Callable[..., Coroutine[Any, Any, Page]]
Accessibility = Callable[[Page], Coroutine[Any, Any, list[str]]]


async def test_two_pages_are_two_people(open_page: OpenPage) -> None:
    alice, bob = await open_page(), await open_page(viewport={"width": 320, "height": 640}, locale="en-US")
    assert alice.context is not bob.context
    assert await alice.evaluate("navigator.language") == "ru-RU"
    assert await bob.evaluate("[navigator.language, innerWidth]") == ["en-US", 320]


async def test_axe_tells_serious_findings_alone(page: Page, accessibility: Accessibility) -> None:
    await page.set_content('<html lang="en"><title>x</title><main><h1>x</h1><img src="data:,"></main></html>')
    assert [line for line in await accessibility(page) if "(image-alt) at img" in line]
    await page.set_content('<html lang="en"><title>x</title><main><h1>Hello</h1></main></html>')
    assert await accessibility(page) == []
