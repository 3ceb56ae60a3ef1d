"""A real Chromium for the tests of the front ends: one process for the run, a context of its own for every person.

Playwright drives the Chromium of the system; it downloads no browser. `open_page()` gives a page in a fresh context, so
two calls are two people side by side, with their own storage and cookies. A test fails when a page it opened threw an
error that nobody caught.
"""

import os
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.browser.console import console

__all__ = ["console"]

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
NAMES = ("chromium", "chromium-browser", "google-chrome")
WAIT = 10_000
"""Milliseconds that a page may take for anything a test waits for."""
AXE = Path(__file__).parents[2] / "roschat/web/node_modules/axe-core/axe.min.js"

OpenPage = Callable[..., Coroutine[Any, Any, Page]]


def _told(finding: dict[str, Any]) -> str:
    places = ", ".join(f"{' '.join(node['target'])} ({node['failureSummary']})" for node in finding["nodes"])
    return f"{finding['impact']}: {finding['help']} ({finding['id']}) at {places}"


def chromium() -> str:
    """The program to start: $CHROMIUM, else the one of the system."""
    named = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    assert named, "Chromium is not installed; ./scripts/test installs it as root (Debian package chromium)"
    return named


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The running Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS, headless=True)
        yield browser
        await browser.close()


@pytest.fixture
async def open_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """Opens pages, each in a context of its own.

    Arguments are those of Playwright's `new_context` (viewport, color_scheme, …; locale is "ru-RU" by default). The
    server's self-made certificate is accepted. Motion is reduced as for people who ask for it: what fades in or out
    would be measured half transparent.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    async def open_page(**options: Any) -> Page:
        context = await browser.new_context(
            **{"ignore_https_errors": True, "locale": "ru-RU", "reduced_motion": "reduce", **options}
        )
        contexts.append(context)
        context.set_default_timeout(WAIT)
        page = await context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert not errors, f"errors that no page caught: {errors}"


@pytest.fixture
async def page(open_page: OpenPage) -> Page:
    """One page, for tests with one person."""
    return await open_page()


@pytest.fixture
def accessibility() -> Callable[[Page], Coroutine[Any, Any, list[str]]]:
    """Checks a page with axe; answers its serious and critical findings, one line each."""

    async def check(page: Page) -> list[str]:
        assert AXE.is_file(), "axe-core is not installed; ./scripts/test installs the packages of roschat/web"
        # Evaluated, not added as a script, so that the page's own content security policy stays in force.
        await page.evaluate(AXE.read_text())
        found = await page.evaluate("async () => (await axe.run()).violations")
        return [_told(one) for one in found if one["impact"] in ("serious", "critical")]

    return check
