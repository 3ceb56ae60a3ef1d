"""The certificate of the server: shown, checked, installed, taken back, and got by ACME (console-facts §4, R-CERT)."""

from roschat.wire.declare import ADMIN, command, event
from roschat.wire.message import Command, Event, Message, Secret
from roschat.wire.rest import rest, stream

MAX_PEM = 262_144


class CertificateFacts(Message, frozen=True):
    """One certificate. Times are Unix seconds."""

    subject: str
    issuer: str
    names: list[str]
    not_before: int
    not_after: int
    serial: str
    fingerprint: str
    """SHA-256, hexadecimal."""
    key: str
    """As "RSA 2048" or "EC P-256"."""
    self_signed: bool = False


class CertificateRemark(Message, frozen=True):
    """What an administrator should know; `refusal` remarks keep a pair from being installed."""

    code: str
    """key-mismatch, expired, not-yet-valid, ends-soon, name-missing, chain-incomplete, chain-disorder, chain-foreign,
    weak-key, weak-signature, self-signed, no-server-use"""
    text: str
    refusal: bool = False


class CertificateView(Message, frozen=True):
    """The certificate that is shown to clients."""

    chain: list[CertificateFacts]
    """The server's own first."""
    source: str
    """self-made, installed, acme, configured (roschat.toml names the files; the console cannot change them)"""
    days_left: int
    file: str = ""
    remarks: list[CertificateRemark] = []
    trouble: str = ""


@rest("GET", "/certificate", tag="system")
@command("get-certificate", access=ADMIN)
class GetCertificate(Command[CertificateView], frozen=True):
    """The certificate that clients are shown."""


class CertificateCheck(Message, frozen=True):
    """What an offered pair is; it can be installed when no remark is a refusal."""

    chain: list[CertificateFacts]
    remarks: list[CertificateRemark]
    good: bool


@rest("POST", "/certificate/check", tag="system", max_body=4 * MAX_PEM)
@command("check-certificate", access=ADMIN)
class CheckCertificate(Command[CertificateCheck], frozen=True):
    """Look at a pair without installing it. Texts are PEM; DER and PKCS#12 come as base64.

    `bad-request` with `fields` certificate, key, chain (empty, bad-value) or passphrase (empty, bad-value) when they
    cannot be read at all.
    """

    certificate: str
    key: Secret = ""
    chain: str = ""
    passphrase: Secret = ""


@rest("PUT", "/certificate", tag="system", max_body=4 * MAX_PEM)
@command("install-certificate", access=ADMIN)
class InstallCertificate(Command[CertificateView], frozen=True):
    """Install a pair; new connections are shown it at once. Refused like check-certificate, and for refusal remarks."""

    certificate: str
    key: Secret = ""
    chain: str = ""
    passphrase: Secret = ""


@rest("DELETE", "/certificate", tag="system")
@command("remove-certificate", access=ADMIN)
class RemoveCertificate(Command[CertificateView], frozen=True):
    """Go back to the self-made certificate."""


EXPORT = stream(
    "GET",
    "/certificate/export",
    tag="system",
    summary="The certificate and its chain as PEM, without the private key.",
    access=ADMIN,
    gives="application/x-pem-file",
)


class AcmeView(Message, frozen=True):
    """How the automatic certificate stands. Times are Unix seconds, 0 for never."""

    on: bool
    state: str
    """off, waiting, getting, good, failed"""
    last_try: int = 0
    next_try: int = 0
    text: str = ""
    """Why it failed, and what to mend."""


@rest("GET", "/certificate/acme", tag="system")
@command("get-acme", access=ADMIN)
class GetAcme(Command[AcmeView], frozen=True):
    """How the automatic certificate stands; it is set up in the settings section `acme`."""


@rest("POST", "/certificate/acme", tag="system")
@command("run-acme", access=ADMIN)
class RunAcme(Command[AcmeView], frozen=True):
    """Try to get a certificate now; answers at once, the state tells how it goes on."""


@event("acme-challenge")
class AcmeChallenge(Event, frozen=True):
    """For every process that answers on the HTTP port: what to answer to a challenge; empty: no longer."""

    token: str
    answer: str = ""
