"""`roschat run`: the whole program in the foreground."""

import logging
import socket
from pathlib import Path
from typing import Any

import click
import msgspec

from roschat import demo
from roschat.commands.common import complain
from roschat.commands.folder import open_home
from roschat.kernel import garbage
from roschat.kernel import log as logs
from roschat.kernel.errors import Invalid
from roschat.kernel.local import LocalConfig, module_sections, read_config
from roschat.kernel.process import Signals, begin_anew
from roschat.program import Program

log = logging.getLogger(__name__)

READY = "roschat is ready"
SCHEMES = {
    "http": ("http", "http"),
    "https": ("http", "https"),
    "websocket": ("ws", "wss"),
    "console": ("http", "https"),
}
"""Scheme of a listener's address without and with TLS."""


def parse_ports(text: str) -> dict[str, int]:
    """`http=8000,https=8443` as a table. Raises Invalid."""
    ports: dict[str, int] = {}
    for part in filter(None, text.split(",")):
        name, sign, number = part.strip().partition("=")
        if not sign or not number.isascii() or not number.isdigit():
            raise Invalid(f"--ports {part!r} is not of the form NAME=PORT.")
        ports[name] = int(number)
    return ports


def parse_names(text: str) -> list[str]:
    """`a,b` as a list."""
    return [part.strip() for part in text.split(",") if part.strip()]


@click.command()
@click.option("--data", type=click.Path(path_type=Path), help="Data folder (default: ./var).")
@click.option("--config", type=click.Path(path_type=Path), help="Configuration folder (default: /etc/roschat).")
@click.option("--ports", default="", metavar="NAME=PORT,…", help="Ports by listener; 0 takes a free one.")
@click.option("--bind", default="", metavar="ADDR,…", help="Addresses to listen on (default: all).")
@click.option("--listeners", metavar="NAME,…", help="Open only these listeners; 'none' opens none.")
@click.option("--plain", default="", metavar="NAME,…", help="Listeners without TLS, behind a proxy that does it.")
@click.option("--share-ports", is_flag=True, help="Several processes may listen on the same ports.")
@click.option("--name", default="", help="Name of this process, when several run on one data folder.")
@click.option("--dsn", help="PostgreSQL connection string (default: a private server in the data folder).")
@click.option("--bus", help="local (default) or nats://HOST:PORT.")
@click.option("--modules", default="", metavar="NAME,…", help="Run only these modules and what they need.")
@click.option("--demo", "with_demo", is_flag=True, help="Fill an empty installation with people, groups and a bot.")
@click.option("--dev", is_flag=True, help="For development: check every message on the bus, log more.")
@click.pass_context
def run(
    context: click.Context,
    data: Path | None,
    config: Path | None,
    ports: str,
    bind: str,
    listeners: str | None,
    plain: str,
    share_ports: bool,
    name: str,
    dsn: str | None,
    bus: str | None,
    modules: str,
    with_demo: bool,
    dev: bool,
) -> None:
    """Run the server in the foreground until Ctrl-C or SIGTERM."""
    logs.configure(logging.DEBUG if dev else logging.INFO)
    local = read_config(config)
    given: dict[str, Any] = {"data": data, "dsn": dsn, "bus": bus, "name": name or None}
    if listeners is not None:
        given["listeners"] = [] if listeners == "none" else parse_names(listeners)
    for key, names in (("bind", bind), ("plain", plain), ("modules", modules)):
        given[key] = parse_names(names) or None
    changes = {key: value for key, value in given.items() if value is not None}
    local = msgspec.structs.replace(local, **changes, ports={**local.ports, **parse_ports(ports)})
    if share_ports:
        local = msgspec.structs.replace(local, share_ports=True)
    if dev:
        local = msgspec.structs.replace(local, strict=True)
    if data is None and not local.dsn:
        note = open_home(local.data)
        if note:
            complain(note)
    if context.obj(serve(local, module_sections(config), with_demo)):
        begin_anew()


async def serve(config: LocalConfig, sections: dict[str, dict[str, Any]], with_demo: bool) -> bool:
    """Start, say so, wait for a signal, stop; answers whether to begin anew."""
    program = Program(config, sections=sections)
    signals = Signals(program.reload)
    program.restart = signals.restart
    signals.listen()
    try:
        await program.start()
        if not signals.stopping:
            for note in program.notes:
                complain(note)
            click.echo("\n".join([*_addresses(program), *await _credentials(program, with_demo), READY]))
            garbage.settle()
            await signals.wait()
        log.info("stopping")
    finally:
        await program.stop()
    log.info("stopped")
    return signals.again


async def _credentials(program: Program, with_demo: bool) -> list[str]:
    """Of processes that start at once on an empty installation one makes the first people, the others find them."""
    lines: list[str] = []

    async def make() -> None:
        lines.extend(await demo.first_credentials(program.bus, with_demo))

    if program.addresses:
        await program.leases.hold("first people", make)
    return lines


def _addresses(program: Program) -> list[str]:
    lines = []
    for name, addresses in program.addresses.items():
        plain, secure = SCHEMES[name]
        scheme = secure if program.speaks_tls(name) else plain
        host, _, port = addresses[0].rpartition(":")
        host = socket.gethostname() if host in ("0.0.0.0", "[::]") else host
        lines.append(f"{name:<10} {scheme}://{host}:{port}/  ({', '.join(addresses)})")
    return lines


COMMANDS = (run,)
