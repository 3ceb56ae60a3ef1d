"""The whole program for tests: `server` in this process, `spawned_server` as `roschat run` in a process of its own.

Both listen on free ports of the loopback. `server` works on a fresh copy of the template database and checks every
message on the bus; `spawned_server` has everything of its own, PostgreSQL too, so that it may be killed.
"""

import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

import roschat
from roschat.kernel.bus_codec import encode
from roschat.kernel.listeners import NAMES
from roschat.kernel.local import LocalConfig
from roschat.kernel.postgres import Postgres
from roschat.program import Program

ROOT = Path(roschat.__path__[0]).parent
FREE_PORTS = ",".join(f"{name}=0" for name in NAMES)
WAIT = 60.0
"""Seconds for a start or a stop, on a machine that does other things too."""


class Server:
    """The program in this process."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def url(self, listener: str) -> str:
        """Address of a listener, such as https://127.0.0.1:40001."""
        scheme = "https" if self.program.speaks_tls(listener) else "http"
        return f"{scheme}://{self.program.addresses[listener][0]}"

    async def ask(self, name: str, payload: dict[str, Any] | None = None) -> Any:
        """A command of the administrator by its wire name; the reply in plain JSON types."""
        return json.loads(encode(await self.program.control.ask(name, encode(payload or {}))))

    async def person(self, login: str, password: str = "a good password") -> int:
        """A person who can sign in; answers the cid."""
        added = await self.ask("add-contact", {"fields": [{"type": "surname", "value": login.title()}]})
        await self.ask("add-account", {"cid": added["cid"], "login": login, "password": password})
        return int(added["cid"])


class SpawnedServer:
    """`roschat run` on a data folder of its own."""

    def __init__(self, data: Path, name: str = "") -> None:
        self.data = data
        self.name = name
        self.run = data / "run" / name
        self.process: asyncio.subprocess.Process | None = None
        self.ready: dict[str, Any] = {}
        self.output = ""

    async def start(self, *options: str) -> None:
        """Start it and wait until it is ready."""
        await self.spawn(*options)
        assert self.process is not None
        assert self.process.stdout is not None
        async with asyncio.timeout(WAIT):
            while line := (await self.process.stdout.readline()).decode():
                self.output += line
                if line.strip() == "roschat is ready":
                    break
        assert self.output.endswith("roschat is ready\n"), self.output + self.log()
        self.ready = json.loads((self.run / "ready.json").read_text())

    async def spawn(self, *options: str) -> None:
        """Start it without waiting."""
        self.output = ""
        with self._log_file.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *command("run", "--data", str(self.data), "--config", str(_no_config(self.data))),
                *("--ports", FREE_PORTS, "--bind", "127.0.0.1", "--name", self.name, *options),
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env=environment(),
            )

    def url(self, listener: str) -> str:
        """Address of a listener."""
        scheme = "http" if listener == "http" else "https"
        return f"{scheme}://{self.ready['listeners'][listener][0]}"

    def log(self) -> str:
        """What it has written to its log."""
        return self._log_file.read_text()

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.kill()

    async def ended(self) -> int:
        """Wait for its end; the exit code."""
        assert self.process is not None
        async with asyncio.timeout(WAIT):
            output, _ = await self.process.communicate()
        self.output += output.decode()
        return int(self.process.returncode or 0)

    async def stop(self, number: int = signal.SIGTERM) -> int:
        """End it in order; the exit code."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await self.ended()

    async def admin(self, *arguments: str) -> tuple[int, str, str]:
        """A command of the command line on this folder: exit code, stdout, stderr."""
        return await admin(*arguments, "--data", str(self.data), "--config", str(_no_config(self.data)))

    async def remove(self) -> None:
        """End whatever still runs and delete the folder."""
        if self.process is not None and self.process.returncode is None:
            self.kill()
            await self.process.communicate()
        # PostgreSQL outlives a killed program: the next start would take it over, here nobody comes.
        postgres = Postgres(self.data)
        if (self.data / "postgres" / "cluster").exists():
            await postgres.start()
            await postgres.stop()
        shutil.rmtree(self.data)

    @property
    def _log_file(self) -> Path:
        return self.data / f"{self.name}stderr.log"


def command(*arguments: str) -> list[str]:
    """The command line as a process."""
    return [sys.executable, "-m", "roschat.cli", *arguments]


def environment() -> dict[str, str]:
    """Environment of such a process: the source tree that is tested."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


async def admin(*arguments: str) -> tuple[int, str, str]:
    """Run a command to its end: exit code, stdout, stderr."""
    process = await asyncio.create_subprocess_exec(
        *command(*arguments), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=environment()
    )
    async with asyncio.timeout(WAIT):
        output, errors = await process.communicate()
    return int(process.returncode or 0), output.decode(), errors.decode()


def folder() -> Path:
    """A data folder that the account of PostgreSQL can reach, which pytest's own folders are not for root."""
    path = Path(tempfile.mkdtemp(prefix="roschat-server-"))
    path.chmod(0o711)
    return path


def _no_config(data: Path) -> Path:
    """An empty configuration folder: the machine's own must not matter."""
    path = data / "etc"
    path.mkdir(exist_ok=True)
    return path


@pytest.fixture
async def server(dsn: str) -> AsyncIterator[Server]:
    """The whole program in this process, on free ports, with a fresh database and a strict bus."""
    data = folder()
    config = LocalConfig(data=data, dsn=dsn, bind=["127.0.0.1"], ports=dict.fromkeys(NAMES, 0), strict=True)
    program = Program(config)
    try:
        await program.start()
        yield Server(program)
    finally:
        await program.stop()
        shutil.rmtree(data)


@pytest.fixture
async def spawned_server() -> AsyncIterator[SpawnedServer]:
    """A server process that is not started yet, with a fresh data folder and PostgreSQL of its own."""
    spawned = SpawnedServer(folder())
    try:
        yield spawned
    finally:
        await spawned.remove()
