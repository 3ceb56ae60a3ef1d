"""Certificates and keys as people have them: PEM, DER, or both in a PKCS#12 file. What is not text comes as base64."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import pkcs12

from roschat.kernel.certificates import public_bytes
from roschat.kernel.errors import Invalid

T = TypeVar("T")

PEM = "-----BEGIN "


@dataclass(frozen=True)
class Offered:
    """What was offered: the server's certificate, its key, and further certificates in the order of the files."""

    own: x509.Certificate
    key: PrivateKeyTypes
    others: tuple[x509.Certificate, ...]


def read(certificate: str, key: str, chain: str, passphrase: str) -> Offered:
    """Raises Invalid with `fields` when a part is missing or cannot be read."""
    if not certificate.strip():
        raise Invalid("The certificate is missing.", fields={"certificate": "empty"})
    if not key.strip():
        return _from_pkcs12(certificate, chain, passphrase)
    found = _certificates("certificate", certificate)
    loaded = _key(key, passphrase)
    if not isinstance(loaded, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise Invalid("The private key is neither RSA nor EC; browsers speak no other.", fields={"key": "bad-value"})
    # Files of a whole chain sometimes begin at the wrong end: the server's own certificate is the one of the key.
    own = next((one for one in found if _same_key(one, loaded)), found[0])
    above = _certificates("chain", chain) if chain.strip() else []
    return Offered(own, loaded, tuple(one for one in (*found, *above) if one != own))


def pem_chain(chain: list[x509.Certificate]) -> bytes:
    """Certificates as one PEM file."""
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in chain)


def pem_key(key: PrivateKeyTypes) -> bytes:
    """A key as PEM (PKCS#8) without a passphrase, for a file that the server alone may read."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _certificates(field: str, text: str) -> list[x509.Certificate]:
    if PEM in text:
        return _tried(field, lambda: x509.load_pem_x509_certificates(text.encode()))
    return _tried(field, lambda: [x509.load_der_x509_certificate(_bytes(field, text))])


def _key(text: str, passphrase: str) -> PrivateKeyTypes:
    password = passphrase.encode() or None
    if PEM in text:
        data = text.encode()
        return _unlocked(lambda: serialization.load_pem_private_key(data, password), passphrase)
    data = _bytes("key", text)
    return _unlocked(lambda: serialization.load_der_private_key(data, password), passphrase)


def _from_pkcs12(text: str, chain: str, passphrase: str) -> Offered:
    if PEM in text:
        raise Invalid("The private key is missing.", fields={"key": "empty"})
    data = _bytes("certificate", text)
    try:
        key, own, others = pkcs12.load_key_and_certificates(data, passphrase.encode() or None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        # The library cannot tell a wrong passphrase from a file of another kind.
        if _is_der_certificate(data):
            raise Invalid("The private key is missing.", fields={"key": "empty"}) from None
        raise Invalid(
            "The file is no PKCS#12 file, or the passphrase is wrong.",
            fields={"passphrase": "bad-value" if passphrase else "empty"},
        ) from None
    if own is None or key is None:
        raise Invalid("The PKCS#12 file holds no certificate with its key.", fields={"certificate": "bad-value"})
    above = _certificates("chain", chain) if chain.strip() else []
    return Offered(own, key, tuple(one for one in (*others, *above) if one != own))


def _unlocked(load: Callable[[], PrivateKeyTypes], passphrase: str) -> PrivateKeyTypes:
    try:
        return load()
    except TypeError:
        # It is locked and no passphrase was given, or the other way round.
        if passphrase:
            raise Invalid(
                "The private key has no passphrase; leave it empty.", fields={"passphrase": "bad-value"}
            ) from None
        raise Invalid("The private key is locked; give its passphrase.", fields={"passphrase": "empty"}) from None
    except ValueError as error:
        if passphrase and "password" in str(error).lower():
            raise Invalid("The passphrase does not open the private key.", fields={"passphrase": "bad-value"}) from None
        raise Invalid("The private key cannot be read: it is no PEM or DER key.", fields={"key": "bad-value"}) from None
    except UnsupportedAlgorithm:
        raise Invalid("The private key is of a kind that is not supported.", fields={"key": "bad-value"}) from None


def _tried(field: str, load: Callable[[], T]) -> T:
    try:
        return load()
    except ValueError:
        raise Invalid(f"The {field} cannot be read: it is no X.509 certificate.", fields={field: "bad-value"}) from None


def _bytes(field: str, text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Invalid(f"The {field} is neither PEM nor base64.", fields={field: "bad-value"}) from None


def _is_der_certificate(data: bytes) -> bool:
    try:
        x509.load_der_x509_certificate(data)
    except ValueError:
        return False
    return True


def _same_key(certificate: x509.Certificate, key: PrivateKeyTypes) -> bool:
    return public_bytes(certificate.public_key()) == public_bytes(key.public_key())
