"""Backups on the command line, of a running server and of one that is stopped."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from roschat.commands.common import Ask, Installation, complain, in_thread, installation, table
from roschat.kernel.errors import Invalid, RoschatError
from roschat.program import Program

COMMANDS_USED = ("list-backups",)
LOOK = 0.3
"""Seconds between two questions how far a job is."""


@click.group()
def backup() -> None:
    """Archives of the whole installation: make, list, prove, restore."""


@backup.command("make")
@installation
async def backup_make(here: Installation) -> None:
    """Make an archive of now; prints its name."""
    async with here.server(*COMMANDS_USED) as ask:
        result = await _job(ask, "make-backup", {})
        listed = await ask("list-backups", {})
    path = Path(listed["folder"]) / result["name"]
    here.show({**result, "path": str(path)}, f"The backup {path} was made.")


@backup.command("list")
@installation
async def backup_list(here: Installation) -> None:
    """All archives, the newest first."""
    async with here.server(*COMMANDS_USED) as ask:
        listed = await ask("list-backups", {})
    rows = [
        [one["name"], _time(one["made"]), f"{one['size']:,}", one["origin"], _proof(one["proof"])]
        for one in listed["backups"]
    ]
    here.show(listed, lambda: table([["name", "made", "bytes", "origin", "proven"], *rows]))


@backup.command("prove")
@click.argument("name")
@click.option("--passphrase", help="Of an encrypted archive, when it is not that of the settings.")
@installation
async def backup_prove(here: Installation, name: str, passphrase: str | None) -> None:
    """Restore the archive NAME into a database beside, compare everything, and drop it again."""
    async with here.server(*COMMANDS_USED) as ask:
        result = await _job(ask, "prove-backup", {"name": name, "passphrase": passphrase or ""})
    here.show(result, f"{name} is whole: it can be restored.")


@backup.command("restore")
@click.argument("name")
@click.option("--passphrase", help="Of an encrypted archive, when it is not that of the settings.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@installation
async def backup_restore(here: Installation, name: str, passphrase: str | None, yes: bool) -> None:
    """Go back to an archive: NAME of the list, or the path of a file. A safety copy of now is made first."""
    line = await here.line()
    if line is not None:
        await line.close()
    if not yes:
        click.confirm(f"Everything in {here.config.data.absolute()} becomes what it was in {name}. Go on?", abort=True)
    async with here.server(*COMMANDS_USED) as ask:
        name = await _taken_in(ask, name)
        payload = {"name": name, "confirm": name, "passphrase": passphrase or ""}
        result = await _job(ask, "restore-backup", payload)
    if line is not None:
        here.show(result, f"{name} is ready: restart the server, the start puts it in place.")
        return
    # The start of the program carries the plan out; nothing more of it is needed.
    program = Program(msgspec.structs.replace(here.config, bus="local"), modules=["db"], listen=False)
    await program.start()
    await program.stop()
    here.show({**result, "restart": False}, f"{name} is restored.")


async def _taken_in(ask: Ask, name: str) -> str:
    """Copy a file of elsewhere into the folder of archives; answers its name there. A name of the list stays."""
    listed = await ask("list-backups", {})
    folder = Path(listed["folder"])

    def copy() -> str:
        path = Path(name)
        if "/" not in name and not path.is_file():
            return name
        if path.absolute().parent == folder:
            return path.name
        target = folder / path.name
        if target.exists():
            raise Invalid(f"There is a backup {path.name} already; rename the file or name that one.")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        rough = target.with_name(target.name + ".unfinished")
        try:
            with path.open("rb") as source, rough.open("xb") as sink:
                while piece := source.read(1_048_576):
                    sink.write(piece)
            rough.chmod(0o600)
            rough.rename(target)
        except OSError as error:
            rough.unlink(missing_ok=True)
            raise Invalid(f"{path} cannot be copied to {folder}: {error.strerror}.") from None
        return target.name

    return await in_thread(copy)


async def _job(ask: Ask, name: str, payload: dict[str, Any]) -> dict[str, Any]:
    """Begin a job and wait for its end; what it is at goes to stderr. Raises its error."""
    number = (await ask(name, payload))["job"]
    told = ""
    while True:
        job = await ask("get-backup-progress", {"job": number})
        if job["state"] == "done":
            return dict(job["result"] or {})
        if job["state"] != "running":
            raise RoschatError(job["text"] or f"The job {number} was {job['state']}.", "backup-failed")
        if job["text"] and job["text"] != told:
            told = job["text"]
            complain(told)
        await asyncio.sleep(LOOK)


def _time(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC).astimezone():%Y-%m-%d %H:%M}"


def _proof(proof: dict[str, Any] | None) -> str:
    if proof is None:
        return "not yet"
    return f"{_time(proof['time'])} " + ("good" if proof["ok"] else f"bad: {proof['text']}")


COMMANDS = (backup,)
