"""The certificate of the TLS listeners: self-made until an administrator brings one, reloaded without a restart.

Which pair counts: the files that roschat.toml names; else what the console installed (`DATA/certificates/brought`);
else the self-made one. That one lies in `DATA/certificates` (key with mode 0600), names the machine, its addresses and
the external address, lives for 825 days (what browsers accept) and is made anew before it ends or when the server gets
other names. Whatever the files are, a change of them is seen within seconds, or at once by `reload` (SIGHUP). A pair
that does not fit together changes nothing: connections go on with the last good one, and `health` says so.
"""

import asyncio
import fcntl
import ipaddress
import logging
import os
import shutil
import socket
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from OpenSSL import SSL
from twisted.internet.interfaces import IOpenSSLServerConnectionCreator
from twisted.internet.ssl import CertificateOptions, TLSVersion
from twisted.protocols.tls import TLSMemoryBIOProtocol
from zope.interface import implementer  # type: ignore[import-untyped]

from roschat.kernel.clock import Clock
from roschat.kernel.errors import RoschatError

log = logging.getLogger(__name__)

LIFE = timedelta(days=825)
RENEW_BEFORE = timedelta(days=30)
BROUGHT = "brought"
"""The folder, in that of certificates, with what the console installed."""
LOOK_EVERY = 5.0
"""Seconds between looks at the files."""


class CertificateFailed(RoschatError):
    """The files are not a certificate and its key."""

    code = "certificate-failed"


@implementer(IOpenSSLServerConnectionCreator)
class Certificates:
    """The current certificate. Twisted's TLS takes this object as its connection creator."""

    def __init__(self, folder: Path, names: Iterable[str], clock: Clock, configured: tuple[Path, Path] | None) -> None:
        self.configured = configured is not None
        self._folder = folder
        self._choose(configured)
        self._configured = configured
        self._names = tuple(dict.fromkeys([*names, *machine_names()]))
        self._clock = clock
        self._options: CertificateOptions | None = None
        self._seen: tuple[tuple[int, int], ...] = ()
        self._trouble = ""
        self._not_after = datetime.max.replace(tzinfo=UTC)

    def open(self) -> None:
        """Load the pair, making it first where it is ours to make. Raises CertificateFailed."""
        self._make_if_needed()
        self._load()

    def also_named(self, name: str) -> None:
        """The server is reached under this name too: a self-made certificate is made anew with it."""
        if name and name not in self._names:
            self._names = (name, *self._names)
            if self._options is not None and self.self_made:
                self.reload()

    def reload(self) -> None:
        """Load the pair again; when it is not good, keep the old one and remember why."""
        self._choose(self._configured)
        try:
            self._make_if_needed()
            self._load()
        except CertificateFailed as error:
            self._trouble = error.text
            log.error("%s The old certificate stays in use.", error.text)
        else:
            log.info("the certificate was loaded from %s", self.chain_file)

    async def watch(self) -> None:
        """Look at the files from time to time; runs until it is cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            brought = has_brought(self._folder) and not self.configured
            if self._stamps() != self._seen or brought is self.self_made or (self.self_made and self._ends_soon()):
                self.reload()

    def health(self) -> str:
        """Empty, or one sentence about a bad pair or an end that is near."""
        if not self._trouble and self._ends_soon():
            return f"The certificate {self.chain_file} ends on {self._not_after:%Y-%m-%d}; replace the file."
        return self._trouble

    def serverConnectionForTLS(self, protocol: TLSMemoryBIOProtocol) -> SSL.Connection:
        """The server's end of a TLS connection (twisted.internet.interfaces.IOpenSSLServerConnectionCreator)."""
        if self._options is None:
            raise CertificateFailed("No certificate has been loaded.")
        return self._options.serverConnectionForTLS(protocol)

    def _choose(self, configured: tuple[Path, Path] | None) -> None:
        brought = has_brought(self._folder)
        self.self_made = configured is None and not brought
        self.chain_file, self.key_file = configured or pair_in(self._folder / BROUGHT if brought else self._folder)

    def _make_if_needed(self) -> None:
        """Make the pair where it is ours to make; processes on one folder take turns, so the second finds it made."""
        if not self.self_made:
            return
        try:
            self.chain_file.parent.mkdir(parents=True, exist_ok=True)
            with (self.chain_file.parent / "lock").open("w") as turn:
                fcntl.flock(turn, fcntl.LOCK_EX)
                if self._must_be_made():
                    self._make()
        except OSError as error:
            raise CertificateFailed(f"{error.filename} cannot be written: {error.strerror}.") from None

    def _load(self) -> None:
        self._seen = self._stamps()
        try:
            chain = x509.load_pem_x509_certificates(self.chain_file.read_bytes())
            key = serialization.load_pem_private_key(self.key_file.read_bytes(), None)
        except OSError as error:
            raise CertificateFailed(f"{error.filename} cannot be read: {error.strerror}.") from None
        except (ValueError, TypeError) as error:
            raise CertificateFailed(
                f"{self.chain_file} or {self.key_file} is no PEM file of that kind: {error}."
            ) from None
        if public_bytes(chain[0].public_key()) != public_bytes(key.public_key()):
            raise CertificateFailed(f"{self.key_file} is not the key of the certificate {self.chain_file}.")
        self._options = _options(chain, key)
        self._not_after = chain[0].not_valid_after_utc
        self._trouble = ""

    def _must_be_made(self) -> bool:
        try:
            certificate = x509.load_pem_x509_certificate(self.chain_file.read_bytes())
            named = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except (OSError, ValueError, x509.ExtensionNotFound):
            return True
        self._not_after = certificate.not_valid_after_utc
        missing = {_general_name(name) for name in self._names} - set(named)
        return bool(missing) or self._ends_soon() or not self.key_file.exists()

    def _ends_soon(self) -> bool:
        return datetime.fromtimestamp(self._clock.now(), UTC) > self._not_after - RENEW_BEFORE

    def _make(self) -> None:
        now = datetime.fromtimestamp(self._clock.now(), UTC)
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self._names[0][:64])])
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + LIFE)
            .add_extension(x509.SubjectAlternativeName([_general_name(one) for one in self._names]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .sign(key, hashes.SHA256())
        )
        pem, pkcs8, open_text = (
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        try:
            self.chain_file.parent.mkdir(parents=True, exist_ok=True)
            _write(self.key_file, key.private_bytes(pem, pkcs8, open_text), 0o600)
            _write(self.chain_file, certificate.public_bytes(pem), 0o644)
        except OSError as error:
            raise CertificateFailed(f"{error.filename} cannot be written: {error.strerror}.") from None

    def _stamps(self) -> tuple[tuple[int, int], ...]:
        stamps = []
        for file in (self.chain_file, self.key_file):
            try:
                stat = file.stat()
                stamps.append((stat.st_mtime_ns, stat.st_ino))
            except OSError:
                stamps.append((0, 0))
        return tuple(stamps)


def pair_in(folder: Path) -> tuple[Path, Path]:
    """The files of the chain and of the key."""
    return folder / "certificate.pem", folder / "key.pem"


def has_brought(folder: Path) -> bool:
    """Whether the console has installed a pair in the folder of certificates."""
    return all(file.exists() for file in pair_in(folder / BROUGHT))


def bring(folder: Path, chain: bytes, key: bytes) -> None:
    """Put a checked pair in place; the processes of this machine take it within seconds. Raises CertificateFailed."""
    fresh, place = folder / (BROUGHT + ".new"), folder / BROUGHT
    try:
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        chain_file, key_file = pair_in(fresh)
        _write(key_file, key, 0o600)
        _write(chain_file, chain, 0o644)
        # A folder cannot replace one that is not empty; in between the self-made pair counts.
        take_back(folder)
        fresh.rename(place)
    except OSError as error:
        raise CertificateFailed(f"{error.filename} cannot be written: {error.strerror}.") from None


def take_back(folder: Path) -> None:
    """Forget what the console installed, so that the self-made pair counts again."""
    shutil.rmtree(folder / BROUGHT, ignore_errors=True)


def machine_names() -> list[str]:
    """What this machine is called, the loopback, and the addresses it reaches others from; asks nobody."""
    names = [socket.gethostname(), "localhost", "127.0.0.1", "::1"]
    # A UDP socket that is connected but never used tells which address the routing table would send from.
    for family, far in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((far, 9))
                names.append(str(probe.getsockname()[0]))
        except OSError:
            continue
    return list(dict.fromkeys(name for name in names if name))


def _options(chain: list[x509.Certificate], key: PrivateKeyTypes) -> CertificateOptions:
    # Twisted's types still ask for pyOpenSSL's own classes, which pyOpenSSL itself takes no more without a warning.
    certificate: Any = chain[0]
    private_key: Any = key
    extra: Any = chain[1:]
    return CertificateOptions(private_key, certificate, extraCertChain=extra, raiseMinimumTo=TLSVersion.TLSv1_2)


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name.encode("idna").decode() if not name.isascii() else name)


def public_bytes(key: object) -> bytes:
    """A public key in the form in which two are compared (DER)."""
    public: bytes = key.public_bytes(  # type: ignore[attr-defined]
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return public


def _write(file: Path, data: bytes, mode: int) -> None:
    """Put the whole file in place at once, with its mode from the first byte."""
    fresh = file.with_name(file.name + ".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
