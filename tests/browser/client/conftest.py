"""Browsers with the web client in them."""

from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from tests.browser.client.letters import configure
from tests.browser.client.visitor import OpenClient, Visitor
from tests.harness.mail import PostOffice, post_office
from tests.harness.server import Server


@pytest.fixture
async def open_client(server: Server, open_page: Callable[..., Coroutine[Any, Any, Page]]) -> OpenClient:
    """Opens a browser for one more person; options as of `open_page`."""

    async def open_client(**options: Any) -> Visitor:
        return Visitor(await open_page(**options), server.url("https"))

    return open_client


@pytest.fixture
async def office(server: Server, tmp_path: Path) -> AsyncIterator[PostOffice]:
    """A real mail server that the program sends its letters through."""
    async with post_office("no", tmp_path) as office:
        await configure(server, "mail", office.settings())
        yield office
