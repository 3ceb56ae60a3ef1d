"""A real nats-server for tests, on a free port of the loopback."""

import asyncio
import shutil
import socket
from pathlib import Path


class NatsServer:
    """See the module docstring. It may be stopped and started again; its port stays."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "nats.log"
        self.port = 0
        self._process: asyncio.subprocess.Process | None = None

    @property
    def address(self) -> str:
        """What a bus is given."""
        return f"nats://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it and wait until it is ready."""
        binary = shutil.which("nats-server") or shutil.which("nats-server", path="/usr/sbin:/usr/local/bin")
        assert binary, "nats-server is not installed; ./scripts/test installs it (Debian package nats-server)"
        if not self.port:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.port = probe.getsockname()[1]
        with self.log.open("w") as log:
            self._process = await asyncio.create_subprocess_exec(
                binary, "-a", "127.0.0.1", "-p", str(self.port), stdout=log, stderr=log
            )
        async with asyncio.timeout(10):
            while "Server is ready" not in self.log.read_text():
                assert self._process.returncode is None, self.log.read_text()
                await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            await self._process.wait()
            self._process = None
