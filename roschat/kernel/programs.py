"""Programs of others, run as children to their end: no shell, hardly any environment, a time limit.

What a child writes to its standard error is kept as far as a person wants to read it; a child whose caller goes away or
whose time is over is ended, first kindly.
"""

import asyncio
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from roschat.kernel.errors import RoschatError

KEPT = 4_000
"""Characters of its complaints that are kept, the last ones."""
PATIENCE = 5.0
"""Seconds between asking a child to end and killing it."""


class ProgramFailed(RoschatError):
    """A program did not do what it was started for; the text holds its last complaint."""

    code = "program-failed"


async def run(
    *command: str | Path,
    environment: Mapping[str, str] | None = None,
    timeout: float,  # noqa: ASYNC109 - of the child, which has to be ended after it
    limit: int = 1_048_576,
) -> bytes:
    """Run a program to its end; answers what it wrote, at most `limit` bytes of it.

    Raises ProgramFailed when it cannot be started, ends with another code than 0 or takes longer than `timeout`
    seconds.
    """
    name = Path(command[0]).name
    try:
        child = await asyncio.create_subprocess_exec(
            *map(str, command),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", **(environment or {})},
            cwd="/",
        )
    except OSError as error:
        raise ProgramFailed(f"{name} cannot be started: {error.strerror}.") from None
    assert child.stdout is not None
    assert child.stderr is not None
    try:
        async with asyncio.timeout(timeout):
            output, complaints, code = await asyncio.gather(
                _read(child.stdout, limit, last=False), _read(child.stderr, KEPT, last=True), child.wait()
            )
    except TimeoutError:
        raise ProgramFailed(f"{name} did not end within {timeout:g} s and was stopped.") from None
    finally:
        await _end(child)
    if code:
        lines = [line for line in complaints.decode(errors="replace").splitlines() if line.strip()]
        # The first complaint is the cause, what follows are its consequences.
        told = next((line for line in lines if "error" in line.lower()), lines[-1] if lines else f"exit code {code}")
        raise ProgramFailed(f"{name} failed: {told.strip().rstrip('.')[:500]}.")
    return output


async def _read(stream: asyncio.StreamReader, limit: int, *, last: bool) -> bytes:
    kept = b""
    while part := await stream.read(65_536):
        kept = (kept + part)[-limit:] if last else (kept + part)[:limit]
    return kept


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.returncode is not None:
        return
    with suppress(ProcessLookupError):
        child.terminate()
        try:
            async with asyncio.timeout(PATIENCE):
                await child.wait()
        except TimeoutError:
            child.kill()
            await child.wait()
