"""Fixtures of the whole test run: the running reactor and, from harness/postgres.py, databases."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from twisted.internet import reactor

from tests.harness.postgres import cluster, db, dsn, empty_dsn, template
from tests.harness.separate import separate_server
from tests.harness.server import server, spawned_server

__all__ = [
    "cluster",
    "db",
    "dsn",
    "empty_dsn",
    "running_reactor",
    "separate_server",
    "server",
    "spawned_server",
    "template",
]


def pytest_configure(config: pytest.Config) -> None:
    """Folders without tests, added to those of pyproject.toml; hypothesis warns when its own is searched."""
    for folder in (".hypothesis", ".venv", ".git", "var", "build"):
        config.addinivalue_line("norecursedirs", folder)


@pytest.fixture(scope="session", autouse=True)
async def running_reactor() -> AsyncIterator[None]:
    """The reactor as the program runs it, on the loop of the tests."""
    assert asyncio.get_running_loop() is reactor._asyncioEventloop
    reactor.startRunning(installSignalHandlers=False)
    yield
    # Threads of the pool are not daemons; without this the run would not end after a test that used one.
    if reactor.threadpool is not None:
        reactor.threadpool.stop()
