"""A server of transports alone: a bus, a few declared commands, listeners on free ports."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from twisted.logger import ILogObserver, LogEvent, LogLevel, globalLogPublisher
from zope.interface import implementer  # type: ignore[import-untyped]

from roschat.kernel.bus_local import LocalBus
from roschat.kernel.certificates import Certificates
from roschat.kernel.clock import Clock
from roschat.kernel.listeners import Opened, open_ports
from roschat.kernel.local import LocalConfig
from roschat.transports.crypto import InstallationKey
from roschat.transports.listen import Listeners
from roschat.transports.settings import Fixed
from roschat.transports.sockets import Sockets
from roschat.transports.tests.echo import Echo


class Served:
    """A running server for tests; `echo` serves the declared test commands."""

    made: ClassVar[int] = 0

    def __init__(self, folder: Path) -> None:
        self.bus = LocalBus(strict=True)
        self.settings = Fixed()
        self.clock = Clock()
        self.key = InstallationKey(folder / "session-key.pem")
        self.sockets = Sockets(self.bus, self.settings, self.key, self.clock)
        self.echo = Echo(self.bus)
        self.opened: dict[str, Opened] = open_ports(
            LocalConfig(
                bind=["127.0.0.1"],
                ports={"http": 0, "https": 0, "websocket": 0, "console": 0},
                plain=["websocket", "console"],
            )
        )
        self.certificates = Certificates(folder, ["localhost"], self.clock, None)
        self.certificates.open()
        self.listeners = Listeners(self.opened, self.sockets, self.settings, self.certificates)

    def url(self, name: str) -> str:
        scheme = "https" if self.opened[name].tls else "http"
        return f"{scheme}://127.0.0.1:{self.opened[name].port}"


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture
async def server(key_folder: Path) -> AsyncIterator[Served]:
    served = Served(key_folder)
    await served.listeners.open()
    yield served
    async with asyncio.timeout(20):
        await served.listeners.close(2)
        await served.bus.close()


@pytest.fixture
def no_errors(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fails when anything was logged as an error, by us or by Twisted."""
    failures: list[LogEvent] = []

    @implementer(ILogObserver)  # type: ignore[untyped-decorator]
    def observe(event: LogEvent) -> None:
        if event["log_level"] >= LogLevel.error:
            failures.append(event)

    globalLogPublisher.addObserver(observe)
    yield
    globalLogPublisher.removeObserver(observe)
    assert failures == []
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
