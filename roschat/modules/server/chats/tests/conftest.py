"""The messenger on an empty database."""

from collections.abc import AsyncIterator

import pytest

from tests.scenarios.messenger import Messenger, messenger_on


@pytest.fixture
async def messenger(dsn: str) -> AsyncIterator[Messenger]:
    """Both features, with a clock that stands still."""
    async with messenger_on(dsn) as made:
        yield made
