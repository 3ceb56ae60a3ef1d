"""What is fixed for one process before it starts: addresses, paths, the database, the engine of the bus.

It comes from `roschat.toml` in the configuration folder, and options of the command line go before it. The other files
of that folder, `<module>.toml`, are the local sections of modules.
"""

from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from roschat.kernel.errors import Invalid
from roschat.kernel.toml import load, read

FILE = "roschat.toml"
SYSTEM_FOLDER = Path("/etc/roschat")


class LocalConfig(Struct, frozen=True):
    """The keys of roschat.toml."""

    name: str = ""
    """Name of this process when several run on one data folder; empty: it is the only one."""
    data: Path = Path("var")
    """The data folder; made when it is not there."""
    dsn: str = ""
    """Connection string of PostgreSQL; empty: a private server inside the data folder."""
    postgres: str = ""
    """Folder with the programs of PostgreSQL for the private server; empty: the newest that is installed."""
    bus: str = "local"
    """"local" (everything in one process) or the address of a NATS server, nats://HOST:PORT."""
    bind: list[str] = []
    """Addresses to listen on; empty: all, IPv4 and IPv6."""
    listeners: list[str] | None = None
    """The listeners that this process opens; absent: all of them."""
    ports: dict[str, int] = {}
    """Port by name of listener; 0 takes a free one."""
    share_ports: bool = False
    """Let several processes listen on the same ports; the kernel deals the connections out (SO_REUSEPORT)."""
    plain: list[str] = []
    """Listeners that speak without TLS, behind a proxy that does it."""
    names: list[str] = []
    """Host names and addresses of this server, for its certificate; added to what the machine calls itself."""
    certificate: str = ""
    """PEM file with the certificate chain; empty: self-made in the data folder."""
    key: str = ""
    """PEM file with the private key of the certificate."""
    modules: list[str] = []
    """The modules that this process runs; empty: all."""
    strict: bool = False
    """Encode and decode every message on the bus in one process, as development and tests do."""


def read_config(folder: Path | None) -> LocalConfig:
    """The configuration of a folder; without one that of /etc/roschat, or the defaults when there is no such file."""
    if folder is None:
        path = SYSTEM_FOLDER / FILE
        return read_file(path) if path.exists() else LocalConfig()
    if not folder.is_dir():
        raise Invalid(f"The configuration folder {folder} does not exist.")
    path = folder / FILE
    return read_file(path) if path.exists() else LocalConfig()


def read_file(path: Path) -> LocalConfig:
    """One roschat.toml; relative paths in it count from its folder."""
    config = read(path, LocalConfig)
    here = path.parent
    return msgspec.structs.replace(
        config,
        data=here / config.data if "data" in load(path) else config.data,
        certificate=str(here / config.certificate) if config.certificate else "",
        key=str(here / config.key) if config.key else "",
    )


def module_sections(folder: Path | None) -> dict[str, dict[str, Any]]:
    """The local sections of modules by name: every other .toml file of the configuration folder."""
    folder = folder or SYSTEM_FOLDER
    return {path.stem: load(path) for path in sorted(folder.glob("*.toml")) if path.name != FILE}
