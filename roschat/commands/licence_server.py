"""A small licence server: a folder of licences, handed out over HTTPS to those who know login and password.

    FOLDER/logins.json      {"login": Argon2id hash of the password}
    FOLDER/LOGIN.licence    what `roschat licence issue --login LOGIN` has made

It reads both for each request, so a renewed licence only has to be copied there, and it holds no private key of
licences: who breaks in can hand out nothing that was not issued.
"""

import logging
import os
import re
import socket
from pathlib import Path

import click
import msgspec
from msgspec import Struct

from roschat.kernel import log as logs
from roschat.kernel.certificates import Certificates
from roschat.kernel.clock import Clock
from roschat.kernel.errors import Invalid, NotFound, RoschatError, TooMany
from roschat.kernel.http import Request, Response, error_response, json_response
from roschat.kernel.listeners import Opened
from roschat.kernel.passwords import Passwords
from roschat.kernel.process import Signals
from roschat.kernel.settings import Live
from roschat.kernel.tries import Tries
from roschat.proto import licence as files
from roschat.proto.licence import LicenceRefused
from roschat.transports.listen import Listeners
from roschat.transports.settings import Settings

log = logging.getLogger(__name__)

PATH = "/licence"
LISTENER = "licence"
_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,99}")


class Asked(Struct, frozen=True):
    """What an installation sends (modules/ms/licence/online.py)."""

    login: str
    password: str
    installation: str = ""
    program: str = ""
    people: int = 0


class Licences:
    """The folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._passwords = Passwords()
        self._tries = Tries(Clock())

    async def add(self, login: str, password: str) -> None:
        """Let a customer in, or give another password. Raises Invalid."""
        check_login(login)
        logins = {**self._logins(), login: await self._passwords.hash(password)}
        self._passwords.close()
        fresh = self._folder / "logins.new"
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(logins)))
        fresh.replace(self._folder / "logins.json")

    async def answer(self, request: Request) -> Response:
        """POST /licence"""
        asked = msgspec.json.decode(await request.body(65_536), type=Asked)
        try:
            self._tries.begin(asked.login, request.address)
        except TooMany as error:
            return error_response(error)
        if not await self._passwords.check(asked.password, self._logins().get(asked.login)):
            self._tries.failed(request.address)
            return json_response({"error": "bad-login-psw", "text": "Unknown login or wrong password."}, 401)
        self._tries.succeeded(asked.login)
        try:
            text = self._licence(asked.login)
        except RoschatError as error:
            log.error("no licence for %s: %s", asked.login, error.text)
            return error_response(error)
        log.info("licence of %s handed out to %s, %d people", asked.login, asked.installation, asked.people)
        return json_response({"licence": text})

    def _logins(self) -> dict[str, str]:
        if not self._folder.is_dir():
            raise Invalid(f"The folder of licences {self._folder} does not exist.")
        try:
            return msgspec.json.decode((self._folder / "logins.json").read_bytes(), type=dict[str, str])
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.MsgspecError) as error:
            raise Invalid(f"{self._folder / 'logins.json'} cannot be read: {error}.") from None

    def _licence(self, login: str) -> str:
        check_login(login)
        try:
            text = (self._folder / f"{login}.licence").read_text()
            found, _ = files.inspect(text)
        except FileNotFoundError:
            raise NotFound(f"There is no licence for {login} yet; ask the vendor.") from None
        except (OSError, UnicodeDecodeError, LicenceRefused) as error:
            raise NotFound(f"The licence for {login} cannot be read; ask the vendor ({error}).") from None
        if found.login != login:
            raise NotFound(f"The licence laid down for {login} belongs to somebody else; ask the vendor.")
        return text


def check_login(login: str) -> None:
    """Raises Invalid for what is no login, and would be no name of a file."""
    if not _LOGIN.fullmatch(login):
        raise Invalid(f"{login[:100]!r} is no login: use up to 100 Latin letters, digits and . _ @ -.")


class LicenceServer:
    """The listener in front of a folder. `await start()`, then `port` is where it listens."""

    def __init__(self, folder: Path, bind: str, port: int, names: list[str], pair: tuple[Path, Path] | None) -> None:
        self._licences = Licences(folder)
        self._folder = folder
        self._bind = bind
        self._names = names
        self._pair = pair
        self.port = port
        self._listeners: Listeners | None = None

    @property
    def certificate(self) -> Path:
        """The PEM file that customers trust when it is self-made."""
        return self._pair[0] if self._pair else self._folder / "tls" / "certificate.pem"

    async def start(self) -> None:
        """Open the port. Raises Invalid."""
        if not self._folder.is_dir():
            raise Invalid(f"The folder of licences {self._folder} does not exist.")
        certificates = Certificates(self._folder / "tls", [*self._names, self._bind], Clock(), self._pair)
        certificates.open()
        one = socket.socket(socket.AF_INET6 if ":" in self._bind else socket.AF_INET, socket.SOCK_STREAM)
        try:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind((self._bind, self.port))
            one.listen(256)
        except OSError as error:
            one.close()
            raise Invalid(f"{self._bind}:{self.port} cannot be listened on: {error.strerror}.") from None
        one.setblocking(False)
        opened = Opened(LISTENER, tls=True, sockets=(one,))
        self.port = opened.port
        self._listeners = Listeners({LISTENER: opened}, None, Live(Settings()), certificates)
        self._listeners.routes(LISTENER).add("POST", PATH, self._licences.answer, max_body=65_536)
        await self._listeners.open()

    async def stop(self) -> None:
        """Close the port."""
        if self._listeners is not None:
            await self._listeners.close(1.0)


async def serve(folder: Path, bind: str, port: int, names: list[str], pair: tuple[Path, Path] | None) -> None:
    """Serve until a signal."""
    logs.configure(logging.INFO)
    server = LicenceServer(folder, bind, port, names, pair)
    signals = Signals(lambda: None)
    signals.listen()
    await server.start()
    try:
        click.echo(f"licence server https://{bind}:{server.port}{PATH}, certificate {server.certificate}")
        await signals.wait()
    finally:
        await server.stop()
