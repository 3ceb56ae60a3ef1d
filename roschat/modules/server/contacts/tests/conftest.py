"""The running features of people with contacts beside them, as the console's operator meets them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from roschat.modules.server.accounts.tests.office import Office, opened_office
from roschat.modules.server.contacts import wiring as contacts


@pytest.fixture
async def office(dsn: str, tmp_path: Path) -> AsyncIterator[Office]:
    """A running company."""
    async with opened_office(dsn, tmp_path, contacts) as running:
        yield running
