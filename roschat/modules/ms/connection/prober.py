"""Runs probe.py: a process of its own, with the trust and the names of this machine and nothing of the server."""

import asyncio
import json
import sys
from pathlib import Path

import msgspec

from roschat.kernel.errors import Unavailable
from roschat.modules.ms.connection import probe
from roschat.modules.ms.connection.api import ConnectionCheck, Probe

SCRIPT = str(Path(probe.__file__))
LIMIT = 5.0
"""Seconds for each probe."""
WHOLE = 30.0
"""Seconds for all of them."""


async def probed(address: str, ports: dict[str, int], limit: float = LIMIT) -> list[Probe]:
    """What a client meets at `address`; `ports` by name (http, https, websocket). Raises Unavailable."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        SCRIPT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(WHOLE):
            said, _ = await process.communicate(json.dumps({"address": address, "limit": limit, **ports}).encode())
    except TimeoutError:
        raise Unavailable(f"The check of {address} took longer than {WHOLE:g} s; try again.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    try:
        return msgspec.json.decode(said, type=list[Probe])
    except msgspec.MsgspecError:
        raise Unavailable(f"The check of {address} ended without an answer; try again.") from None


def verdict(probes: list[Probe]) -> ConnectionCheck:
    """Good when everything answers. Trust in the certificate is told, but a self-made one is no fault of the ports."""
    return ConnectionCheck(all(probe.good for probe in probes if probe.name != "certificate"), probes)
