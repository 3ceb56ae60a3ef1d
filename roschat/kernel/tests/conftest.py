"""The kernel's own database fixtures: its tests need the kernel's tables and no module's."""

from collections.abc import AsyncIterator

import pytest

from roschat.kernel.bus_local import LocalBus
from roschat.kernel.db import Database
from roschat.kernel.migrate import deltas, migrate
from tests.harness.postgres import Cluster


@pytest.fixture(scope="session")
async def template(cluster: Cluster) -> str:
    """Name of a database with the kernel's tables."""
    fresh = await cluster.create()
    await migrate(fresh, [delta for delta in deltas() if delta.owner == "kernel"])
    await cluster.rename(fresh, "template_kernel")
    return "template_kernel"


@pytest.fixture
def bus() -> LocalBus:
    """The bus of the test's database; strict, so that every event is declared and can be encoded."""
    return LocalBus(strict=True)


@pytest.fixture
async def db(dsn: str, bus: LocalBus) -> AsyncIterator[Database]:
    """An open Database on `bus`."""
    database = Database(dsn, bus)
    await database.open()
    yield database
    await database.close()
