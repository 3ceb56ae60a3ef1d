"""What all commands share: where the installation is, how the server is reached, how results are shown.

A command reaches a running server over its control socket. When none runs on the data folder, the command line is the
program itself for a moment: private database, the modules that serve the command, no listeners.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

import roschat.modules
from roschat.kernel import log
from roschat.kernel.bus_codec import encode
from roschat.kernel.control import Line
from roschat.kernel.loader import scan
from roschat.kernel.local import LocalConfig, module_sections, read_config
from roschat.kernel.process import DataFolder
from roschat.program import Program
from roschat.wire.declare import declared
from roschat.wire.describe import import_declarations

T = TypeVar("T")

Ask = Callable[[str, dict[str, Any]], Awaitable[Any]]
"""Carries out a command by its wire name; answers plain JSON types."""


@dataclass(frozen=True)
class Installation:
    """Which installation a command is about, and how its result is shown."""

    config: LocalConfig
    sections: dict[str, dict[str, Any]]
    as_json: bool

    def show(self, value: Any, text: str | Callable[[], str]) -> None:
        """Print a result: as JSON when that was asked for, else as text."""
        if self.as_json:
            click.echo(json.dumps(value, ensure_ascii=False))
        else:
            click.echo(text if isinstance(text, str) else text())

    @asynccontextmanager
    async def server(self, *names: str, modules: list[str] | None = None) -> AsyncIterator[Ask]:
        """The running server, or the parts of it that serve the commands `names` (or the given modules)."""
        line = await self.line()
        if line is not None:
            running = line

            async def ask_running(name: str, payload: dict[str, Any]) -> Any:
                return await running.ask(name, encode(payload))

            try:
                yield ask_running
            finally:
                await line.close()
            return
        wanted = modules if modules is not None else _serving(names)
        config = msgspec.structs.replace(self.config, bus="local")
        program = Program(config, sections=self.sections, modules=wanted, listen=False)

        async def ask_here(name: str, payload: dict[str, Any]) -> Any:
            return msgspec.json.decode(encode(await program.control.ask(name, encode(payload))))

        await program.start()
        try:
            yield ask_here
        finally:
            await program.stop()

    async def line(self) -> Line | None:
        """A conversation with the running server, or None.

        Of several processes on the folder the one that was named, else one that has listeners before one that has none:
        every process reaches the commands of all, health and settings are its own.
        """
        folder = DataFolder(self.config.data, self.config.name)
        for socket in [folder.control_socket, *_named(folder)]:
            line = await Line.open(socket)
            if line is not None:
                return line
        return None


def _named(folder: DataFolder) -> list[Path]:
    """The control sockets of named processes, those with listeners first."""
    if folder.name:
        return []
    found = [path.parent for path in sorted(folder.run.glob("*/control.sock"))]
    return [run / "control.sock" for run in sorted(found, key=lambda run: not (run / "sockets.sock").exists())]


def all_modules() -> list[str]:
    """Names of all modules there are."""
    return list(scan(Path(roschat.modules.__path__[0])))


def _serving(names: tuple[str, ...]) -> list[str]:
    """The modules that declare these commands. Empty for none: then no module is needed."""
    import_declarations()
    found: set[str] = set()
    for name in names:
        declaration = declared(name)
        if declaration is not None and declaration.type.__module__.startswith("roschat.modules."):
            found.add(declaration.type.__module__.split(".")[2])
    return sorted(found)


def installation(fn: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Options of every command; the command is a coroutine whose first argument is the Installation."""

    @click.option("--data", type=click.Path(path_type=Path), help="Data folder of the installation (default: ./var).")
    @click.option("--config", type=click.Path(path_type=Path), help="Configuration folder (default: /etc/roschat).")
    @click.option("--dsn", help="PostgreSQL connection string, when it is not the private one in the data folder.")
    @click.option("--process", default="", metavar="NAME", help="Which of several processes on the data folder to ask.")
    @click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
    @wraps(fn)
    def command(
        data: Path | None, config: Path | None, dsn: str | None, process: str, as_json: bool, **rest: Any
    ) -> None:
        log.configure(logging.WARNING)
        local = read_config(config)
        changes = {key: value for key, value in {"data": data, "dsn": dsn, "name": process}.items() if value}
        chosen = Installation(msgspec.structs.replace(local, **changes), module_sections(config), as_json)
        click.get_current_context().obj(fn(chosen, **rest))

    return command


def complain(text: str) -> None:
    """One sentence on stderr."""
    click.echo(f"roschat: {text}", err=True)


def table(rows: list[list[str]]) -> str:
    """Columns as wide as their widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows)


async def in_thread(fn: Callable[[], T]) -> T:
    """Work that blocks, such as a look at the network."""
    return await asyncio.to_thread(fn)
