"""What is said of a certificate, its key and its chain. Pure: the time and the wanted name are given.

A refusal keeps a pair from being installed, because clients could not connect with it; the other remarks are told
beside it (RFC 5280 for dates, names and issuing; RFC 6125 for wildcards).
"""

import ipaddress
from collections.abc import Sequence

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from roschat.kernel.certificates import public_bytes
from roschat.modules.ms.certificate.api import CertificateFacts, CertificateRemark

DAY = 86_400
SOON = 30 * DAY
"""Seconds before the end from which on it is told."""
SHORTEST_RSA = 2048


def facts(certificate: x509.Certificate) -> CertificateFacts:
    """A certificate for the eyes."""
    return CertificateFacts(
        subject=_shown(certificate.subject),
        issuer=_shown(certificate.issuer),
        names=names(certificate),
        not_before=int(certificate.not_valid_before_utc.timestamp()),
        not_after=int(certificate.not_valid_after_utc.timestamp()),
        serial=f"{certificate.serial_number:x}",
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
        key=_key(certificate),
        self_signed=certificate.subject == certificate.issuer,
    )


def names(certificate: x509.Certificate) -> list[str]:
    """The DNS names and addresses it is for."""
    try:
        named = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [
        *named.get_values_for_type(x509.DNSName),
        *(str(address) for address in named.get_values_for_type(x509.IPAddress)),
    ]


def covers(certificate: x509.Certificate, host: str) -> bool:
    """Whether the certificate is for a host; `*.example.org` stands for one label."""
    host = host.lower()
    for name in names(certificate):
        if name.lower() == host:
            return True
        wild = name.startswith("*.") and "." in host and not _is_address(host)
        if wild and host.split(".", 1)[1] == name[2:].lower():
            return True
    return False


def ordered(own: x509.Certificate, others: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    """The chain from the server's certificate upwards, each one's issuer behind it; the foreign are left out."""
    chain, rest = [own], [one for one in others if one != own]
    while chain[-1].issuer != chain[-1].subject:
        above = next((one for one in rest if issued(chain[-1], one)), None)
        if above is None:
            break
        rest.remove(above)
        chain.append(above)
    return chain


def issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether `issuer` has signed the certificate."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def remarks(
    own: x509.Certificate,
    key: PrivateKeyTypes | None,
    others: Sequence[x509.Certificate],
    host: str,
    now: float,
) -> list[CertificateRemark]:
    """Everything there is to say of a pair and what came with it; `host` is the external address, or empty."""
    found: list[CertificateRemark] = []

    def refuse(code: str, text: str) -> None:
        found.append(CertificateRemark(code, text, refusal=True))

    def tell(code: str, text: str) -> None:
        found.append(CertificateRemark(code, text))

    if key is not None and public_bytes(key.public_key()) != public_bytes(own.public_key()):
        refuse("key-mismatch", "The private key is not the key of this certificate.")
    ends, begins = own.not_valid_after_utc, own.not_valid_before_utc
    if ends.timestamp() <= now:
        refuse("expired", f"The certificate ended on {ends:%Y-%m-%d}.")
    elif ends.timestamp() - now < SOON:
        tell("ends-soon", f"The certificate ends on {ends:%Y-%m-%d}.")
    if begins.timestamp() > now:
        refuse("not-yet-valid", f"The certificate begins on {begins:%Y-%m-%d %H:%M} UTC; look at the clock too.")
    if weak := _weakness(own):
        refuse("weak-key", weak)
    if isinstance(own.signature_hash_algorithm, hashes.SHA1 | hashes.MD5):
        refuse("weak-signature", f"It is signed with {own.signature_hash_algorithm.name}, which clients refuse.")
    if not _for_servers(own):
        refuse("no-server-use", "The certificate is not meant for servers (extended key usage).")
    if host and not covers(own, host):
        listed = ", ".join(names(own)) or "no name at all"
        tell("name-missing", f"It is for {listed}, not for the external address {host}.")
    return found + _about_chain(own, others, now)


def _about_chain(own: x509.Certificate, others: Sequence[x509.Certificate], now: float) -> list[CertificateRemark]:
    found: list[CertificateRemark] = []
    chain = ordered(own, others)
    foreign = [one for one in others if one not in chain]
    if foreign:
        subjects = "; ".join(_shown(one.subject) for one in foreign)
        found.append(
            CertificateRemark("chain-foreign", f"These do not belong to the chain and are left out: {subjects}.")
        )
    if [one for one in others if one in chain and one != own] != chain[1:]:
        found.append(CertificateRemark("chain-disorder", "The chain was not in its order; it is put in order."))
    if own.issuer == own.subject:
        found.append(
            CertificateRemark("self-signed", "Nobody but itself vouches for it: clients and phones will refuse it.")
        )
    elif chain[-1].issuer != chain[-1].subject and len(chain) == 1:
        text = f"The certificate of its issuer, {_shown(own.issuer)}, is missing: add the chain."
        found.append(CertificateRemark("chain-incomplete", text))
    for one in chain[1:]:
        if one.not_valid_after_utc.timestamp() <= now:
            text = f"{_shown(one.subject)} of the chain ended on {one.not_valid_after_utc:%Y-%m-%d}."
            found.append(CertificateRemark("expired", text, refusal=True))
    return found


def _for_servers(certificate: x509.Certificate) -> bool:
    try:
        uses = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return ExtendedKeyUsageOID.SERVER_AUTH in uses or ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE in uses


def _weakness(certificate: x509.Certificate) -> str:
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < SHORTEST_RSA:
        return f"Its RSA key has {key.key_size} bits; clients want {SHORTEST_RSA} or more."
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.key_size < 256:
        return f"Its curve {key.curve.name} is too small; take P-256 or larger."
    return ""


def _key(certificate: x509.Certificate) -> str:
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC {key.curve.name}"
    return type(key).__name__.removesuffix("PublicKey")


def _shown(name: x509.Name) -> str:
    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string()


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
