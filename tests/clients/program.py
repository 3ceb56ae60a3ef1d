"""A foreign client in a process of its own, led by JSON lines on its standard input and heard by those it writes."""

import asyncio
import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from tests.harness.client import WAIT

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
MISSING = "run scripts/test, which installs it, or "


class Program:
    """`async with Program([...]) as program`."""

    def __init__(self, command: list[str], environment: Mapping[str, str] | None = None) -> None:
        self._command = command
        self._environment = {**os.environ, **(environment or {})}
        self.lines: list[list[Any]] = []
        """What was heard and nobody has taken."""
        self._changed = asyncio.Condition()

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            cwd=FOLDER,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            limit=10_000_000,
        )
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *error: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), WAIT)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        await self._reading

    async def say(self, *line: Any) -> None:
        """Write a line."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(line).encode() + b"\n")
        await self._process.stdin.drain()

    async def hear(self, *beginning: Any) -> list[Any]:
        """The next line that begins so, without its beginning; taken out of `lines`."""
        size = len(beginning)

        def found() -> int | None:
            return next((at for at, line in enumerate(self.lines) if line[:size] == list(beginning)), None)

        try:
            async with asyncio.timeout(WAIT * 2), self._changed:
                await self._changed.wait_for(lambda: found() is not None or self._reading.done())
        except TimeoutError:
            raise AssertionError(f"no {beginning} came; there is {self.lines}") from None
        at = found()
        assert at is not None, f"{self._command} ended before {beginning}; there is {self.lines}"
        return self.lines.pop(at)[size:]

    async def call(self, event: str, *arguments: Any) -> Any:
        """Emit with an ack; its one argument."""
        await self.say("call", event, *arguments)
        ack = await self.hear("ack")
        assert len(ack) == 1, f"the ack of {event} has not exactly one argument: {ack}"
        return ack[0]

    async def event(self, name: str) -> dict[str, Any]:
        """The payload of the next event of this name."""
        [payload] = await self.hear("event", name)
        assert isinstance(payload, dict)
        return payload

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            async with self._changed:
                self.lines.append(json.loads(line))
                self._changed.notify_all()
        async with self._changed:
            self._changed.notify_all()


SDKS = ("js-2", "js-4", "official", "ff7f", "old")
"""What may run a bot: npm socket.io-client of both generations, and the three kinds of SDKs for Python."""


def bot(sdk: str, https: str, certificate: Path, name: str, token: str) -> Program:
    """A bot program. `https` is the address of that listener, its certificate is trusted."""
    base, _, port = https.rpartition(":")
    trust = {name: str(certificate) for name in ("NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")}
    if sdk.startswith("js-"):
        assert (FOLDER / "node_modules").is_dir(), f"The clients of npm are missing: {MISSING}npm ci in tests/clients."
        return Program(["node", "bot.js", sdk[3:], base, port, name, token], trust)
    python = ROOT / "build" / "clients" / ("socketio4" if sdk == "old" else "socketio5") / "bin" / "python"
    assert python.exists(), f"The Socket.IO clients for Python are missing: {MISSING}see tools_for_clients in it."
    return Program([str(python), "bot.py", sdk, base, port, name, token], trust)
