"""Looking after an installation: health, migrations, a check before the start, and any command by its name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import msgspec

import roschat.modules
from roschat.commands.common import Installation, in_thread, installation, table
from roschat.kernel import listeners
from roschat.kernel.bus_local import LocalBus
from roschat.kernel.bus_nats import NatsBus
from roschat.kernel.certificates import Certificates
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid, RoschatError, Unavailable
from roschat.kernel.loader import chosen, scan
from roschat.kernel.postgres_binaries import find_binaries
from roschat.program import Program
from roschat.types import Role
from roschat.wire.declare import declarations
from roschat.wire.describe import import_declarations


@click.command()
@installation
async def health(here: Installation) -> None:
    """How the running server is; exit code 1 when it is failed or not running."""
    line = await here.line()
    if line is None:
        raise Unavailable(
            f"No server runs on the data folder {here.config.data.absolute()}; start it with ./scripts/run."
        )
    try:
        report = await line.ask("health", b"{}")
    finally:
        await line.close()
    parts = [[name, part["state"], part.get("text", "")] for name, part in report["parts"].items()]
    here.show(report, lambda: f"{report['state']}\n{table(parts)}")
    if report["state"] == "failed":
        raise click.exceptions.Exit(1)


@click.command()
@installation
async def migrate(here: Installation) -> None:
    """Bring the tables of the database up to date."""
    line = await here.line()
    if line is not None:
        await line.close()
        here.show([], "The server runs, so its database is up to date.")
        return
    program = Program(msgspec.structs.replace(here.config, bus="local"), modules=[], listen=False)
    await program.start()
    await program.stop()
    done = program.migrated
    here.show(done, "\n".join(f"applied {name}" for name in done) or "The database is up to date.")


@click.command()
@installation
async def check(here: Installation) -> None:
    """Validate configuration and environment without starting anything."""
    findings: dict[str, str] = {}
    for name, question in _questions(here).items():
        try:
            await question()
            findings[name] = ""
        except RoschatError as error:
            findings[name] = error.text
    rows = [[name, "bad" if text else "ok", text] for name, text in findings.items()]
    here.show(findings, lambda: table(rows))
    bad = [name for name, text in findings.items() if text]
    if bad:
        raise Invalid(f"Not ready to start: {', '.join(bad)}.")


def _questions(here: Installation) -> dict[str, Callable[[], Any]]:
    config = here.config

    async def modules() -> None:
        manifests = scan(Path(roschat.modules.__path__[0]))
        chosen(manifests, config.modules, alone=config.bus == "local")
        for name in here.sections.keys() - manifests.keys():
            raise Invalid(f"{name}.toml in the configuration belongs to no module.")

    async def ports() -> None:
        if await _running(here):
            return
        listeners.close(await in_thread(lambda: listeners.open_ports(config)))

    async def certificate() -> None:
        if config.certificate or config.key:
            pair = (Path(config.certificate), Path(config.key))
            Certificates(config.data, config.names, Clock(), pair).open()

    async def database() -> None:
        if not config.dsn:
            await in_thread(lambda: find_binaries(Path(config.postgres) if config.postgres else None))
            return
        db = Database(config.dsn, LocalBus())
        try:
            await db.open()
        finally:
            await db.close()

    async def bus() -> None:
        if config.bus != "local":
            engine = NatsBus(config.bus)
            await engine.open()
            await engine.close()

    return {"modules": modules, "ports": ports, "certificate": certificate, "database": database, "bus": bus}


async def _running(here: Installation) -> bool:
    line = await here.line()
    if line is not None:
        await line.close()
    return line is not None


@click.command()
@click.argument("name", required=False)
@click.argument("payload", default="{}")
@installation
async def call(here: Installation, name: str | None, payload: str) -> None:
    """Send the command NAME with a JSON PAYLOAD; without NAME list what can be sent."""
    if name is None:
        import_declarations()
        known = [one for one in declarations() if one.kind == "command" and Role.SYSTEM in one.access]
        summaries = {one.name: (one.type.__doc__ or "").strip().splitlines()[0] for one in known}
        here.show(summaries, lambda: table([[key, text] for key, text in summaries.items()]))
        return
    try:
        values = msgspec.json.decode(payload, type=dict[str, Any])
    except msgspec.MsgspecError as error:
        raise Invalid(f"The payload {payload!r} is no JSON object: {error}.") from None
    async with here.server(name) as ask:
        reply = await ask(name, values)
    here.show(reply, lambda: msgspec.json.format(msgspec.json.encode(reply)).decode())


COMMANDS = (health, migrate, check, call)
