"""A real mail server for tests (aiosmtpd) on a free port of the loopback, on a thread with a plain asyncio loop.

    async with post_office("STARTTLS") as office:
        …settings: office.settings()…
        letter = await office.letter("anna@example.org")

`certificate` is its self-made certificate; to trust it, point SSL_CERT_FILE at it.
"""

import asyncio
import ipaddress
import ssl
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER = "server@example.org"
PASSWORD = "the post knows"
WAIT = 10.0


@dataclass
class PostOffice:
    """What arrived, and what the server shall refuse. Replies as "550 no such box"."""

    method: str
    port: int = 0
    certificate: Path = Path()
    arrived: asyncio.Queue[tuple[str, EmailMessage]] = field(default_factory=asyncio.Queue)
    refused: dict[str, str] = field(default_factory=dict)
    """Recipient → reply to RCPT."""
    refused_sender: str = ""
    refused_data: str = ""
    asked: list[str] = field(default_factory=list)
    """Recipients that were named, refused ones too."""
    password: str = PASSWORD
    authentication: bool = True

    def settings(self, **other: Any) -> dict[str, Any]:
        """Values of the section `mail` for this server."""
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "security": self.method,
            "username": USER,
            "password": PASSWORD,
            "sender": "РОСЧАТ",
            "address": "roschat@example.org",
            "on": True,
            **other,
        }

    async def letter(self, to: str) -> EmailMessage:
        """The next letter to somebody; others are passed over."""
        async with asyncio.timeout(WAIT):
            while True:
                recipient, message = await self.arrived.get()
                if recipient == to:
                    return message


class _Desk:
    """aiosmtpd's handler."""

    def __init__(self, office: PostOffice, home: asyncio.AbstractEventLoop) -> None:
        self._office = office
        self._home = home

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._office.authentication and not session.authenticated:
            return "530 5.7.0 sign in first"
        if self._office.refused_sender:
            return self._office.refused_sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self._office.asked.append(address)
        if address in self._office.refused:
            return self._office.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self._office.refused_data:
            return self._office.refused_data
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        for recipient in envelope.rcpt_tos:
            self._home.call_soon_threadsafe(self._office.arrived.put_nowait, (recipient, message))
        return "250 OK"


@asynccontextmanager
async def post_office(method: str, folder: Path, *, authentication: bool = True) -> AsyncIterator[PostOffice]:
    """A running mail server; `method` as in the settings. The certificate is written into `folder`."""
    certificate, key = made_certificate(folder)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    office = PostOffice(method, certificate=certificate, authentication=authentication)
    desk = _Desk(office, asyncio.get_running_loop())

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (
            USER.encode(),
            office.password.encode(),
        )
        return AuthResult(success=right, handled=False)

    loop = asyncio.SelectorEventLoop()

    counters: list[SMTP] = []

    def counter() -> SMTP:
        opened = SMTP(
            desk,
            hostname="mail.example.org",
            tls_context=tls if method == "STARTTLS" else None,
            require_starttls=method == "STARTTLS",
            auth_require_tls=not authentication,
            authenticator=check if authentication else None,
            loop=loop,
        )
        counters.append(opened)
        return opened

    opened: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    home = asyncio.get_running_loop()

    def work() -> None:
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(
            loop.create_server(counter, "127.0.0.1", 0, ssl=tls if method == "SSL/TLS" else None)
        )
        home.call_soon_threadsafe(opened.set_result, server.sockets[0].getsockname()[1])
        loop.run_forever()
        server.close()
        for one in counters:
            if one.transport is not None:
                one.transport.close()
        loop.run_until_complete(asyncio.sleep(0))
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()

    thread = threading.Thread(target=work, name="post office")
    thread.start()
    office.port = await opened
    try:
        yield office
    finally:
        loop.call_soon_threadsafe(loop.stop)
        await asyncio.to_thread(thread.join, WAIT)


def made_certificate(folder: Path, address: str = "127.0.0.1", days: int = 2) -> tuple[Path, Path]:
    """A certificate for an address, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example.org")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=3))
        .not_valid_after(today + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    paths = folder / "mail.crt", folder / "mail.key"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths
