"""Browsers with the web client in them."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from playwright.async_api import Page

from tests.browser.client.visitor import OpenClient, Visitor
from tests.harness.server import Server


@pytest.fixture
async def open_client(server: Server, open_page: Callable[..., Coroutine[Any, Any, Page]]) -> OpenClient:
    """Opens a browser for one more person; options as of `open_page`."""

    async def open_client(**options: Any) -> Visitor:
        return Visitor(await open_page(**options), server.url("https"))

    return open_client
