"""Plain HTTP requests to a spawned server."""

import asyncio
from typing import Any

import aiohttp

from tests.harness.client import WAIT, trust_anything
from tests.harness.server import SpawnedServer


async def health(server: SpawnedServer) -> tuple[int, dict[str, Any]]:
    """GET /health: status and report."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(server.url("https") + "/health", ssl=trust_anything()) as response,
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
