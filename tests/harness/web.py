"""A spawned server looked at from outside: health, metrics, memory, what it has open, and its log."""

import asyncio
import contextlib
import json
import re
from pathlib import Path
from typing import Any

import aiohttp

from tests.harness.client import WAIT, trust_anything
from tests.harness.server import SpawnedServer


async def health(server: SpawnedServer) -> tuple[int, dict[str, Any]]:
    """GET /health: status and report."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(server.url("console") + "/health", ssl=trust_anything()) as response,
    ):
        return response.status, await response.json()


async def health_becomes(server: SpawnedServer, status: int) -> dict[str, Any]:
    """Ask until the answer is this; the report."""
    report: dict[str, Any] = {}
    try:
        async with asyncio.timeout(WAIT * 3):
            while True:
                found, report = await health(server)
                if found == status:
                    return report
    except TimeoutError:
        raise AssertionError(f"health did not become {status}; it is {report}") from None


async def sockets(server: SpawnedServer) -> int:
    """Live sockets of clients, as the server counts them."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(server.url("console") + "/metrics", ssl=trust_anything()) as response,
    ):
        found = re.findall(r"^roschat_sockets\{.*\} (\S+)$", await response.text(), re.MULTILINE)
    assert found
    return sum(int(float(number)) for number in found)


async def sockets_become(server: SpawnedServer, count: int) -> None:
    """Wait until clients have so many sockets."""
    found = -1
    try:
        async with asyncio.timeout(WAIT):
            while (found := await sockets(server)) != count:
                continue
    except TimeoutError:
        raise AssertionError(f"there are {found} sockets, not {count}") from None


def handles(server: SpawnedServer) -> list[str]:
    """What the server has open."""
    found = []
    for entry in Path(f"/proc/{server.ready['pid']}/fd").iterdir():
        with contextlib.suppress(OSError):
            found.append(str(entry.readlink()))
    return found


def memory(server: SpawnedServer) -> int:
    """Resident memory of the server in bytes."""
    status = Path(f"/proc/{server.ready['pid']}/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) * 1024


def complaints(server: SpawnedServer) -> list[str]:
    """Errors in its log, and lines that are no log lines at all."""
    found = []
    for line in server.log().splitlines():
        try:
            record = json.loads(line)
        except ValueError:
            found.append(line)
            continue
        if record["level"] in ("error", "critical") or "trace" in record:
            found.append(line)
    return found
