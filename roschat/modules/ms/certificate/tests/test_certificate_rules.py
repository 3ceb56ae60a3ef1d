"""What is said of certificates, with an authority of the test's own."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from roschat.kernel.errors import Invalid
from roschat.modules.ms.certificate.reading import pem_chain, pem_key, read
from roschat.modules.ms.certificate.rules import covers, facts, ordered, remarks

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@dataclass
class Made:
    certificate: x509.Certificate
    key: Any

    @property
    def pem(self) -> str:
        return pem_chain([self.certificate]).decode()

    @property
    def pem_key(self) -> str:
        return pem_key(self.key).decode()

    def der(self) -> str:
        return base64.b64encode(self.certificate.public_bytes(serialization.Encoding.DER)).decode()


def made(
    name: str,
    issuer: Made | None = None,
    *,
    names: tuple[str, ...] = (),
    days: tuple[int, int] = (-1, 300),
    key: Any = None,
    authority: bool = False,
    use: x509.ObjectIdentifier | None = None,
) -> Made:
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + timedelta(days=days[0]))
        .not_valid_after(NOW + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if names:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName(one) for one in names]), critical=False
        )
    if use is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([use]), critical=False)
    return Made(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)


ROOT = made("Корень", authority=True)
MIDDLE = made("Middle", ROOT, authority=True)
SERVER = made("chat.example.org", MIDDLE, names=("chat.example.org", "*.office.example.org"))


def codes(own: Made, *others: Made, key: Any = None, host: str = "chat.example.org") -> dict[str, bool]:
    found = remarks(own.certificate, key or own.key, [one.certificate for one in others], host, NOW.timestamp())
    assert all(remark.text for remark in found)
    return {remark.code: remark.refusal for remark in found}


def test_a_good_pair_with_its_chain_needs_no_word() -> None:
    assert codes(SERVER, MIDDLE, ROOT) == {}
    assert codes(SERVER, MIDDLE) == {}


@pytest.mark.parametrize(
    ("own", "others", "expected"),
    [
        (SERVER, (), {"chain-incomplete": False}),
        (SERVER, (ROOT, MIDDLE), {"chain-disorder": False}),
        (SERVER, (MIDDLE, made("Somebody else", authority=True)), {"chain-foreign": False}),
        (made("chat.example.org", names=("chat.example.org",)), (), {"self-signed": False}),
        (made("x", MIDDLE, names=("chat.example.org",), days=(-20, -1)), (MIDDLE,), {"expired": True}),
        (made("x", MIDDLE, names=("chat.example.org",), days=(-20, 10)), (MIDDLE,), {"ends-soon": False}),
        (made("x", MIDDLE, names=("chat.example.org",), days=(1, 90)), (MIDDLE,), {"not-yet-valid": True}),
        (made("x", MIDDLE, names=("other.example.org",)), (MIDDLE,), {"name-missing": False}),
        (made("x", MIDDLE), (MIDDLE,), {"name-missing": False}),
        (
            made("x", MIDDLE, names=("chat.example.org",), use=ExtendedKeyUsageOID.CLIENT_AUTH),
            (MIDDLE,),
            {"no-server-use": True},
        ),
        (
            made("x", MIDDLE, names=("chat.example.org",), key=rsa.generate_private_key(65537, 1024)),
            (MIDDLE,),
            {"weak-key": True},
        ),
    ],
)
def test_everything_wrong_is_told(own: Made, others: tuple[Made, ...], expected: dict[str, bool]) -> None:
    assert codes(own, *others) == expected


def test_an_ended_authority_and_a_foreign_key_are_refused() -> None:
    ended = made("Middle", ROOT, authority=True, days=(-100, -1))
    assert codes(made("x", ended, names=("chat.example.org",)), ended) == {"expired": True}
    assert codes(SERVER, MIDDLE, key=MIDDLE.key) == {"key-mismatch": True}


def test_names_are_compared_as_browsers_do() -> None:
    assert covers(SERVER.certificate, "CHAT.example.org")
    assert covers(SERVER.certificate, "a.office.example.org")
    assert not covers(SERVER.certificate, "a.b.office.example.org")
    assert not covers(SERVER.certificate, "office.example.org")
    assert not covers(made("x", names=("*.0.0.1",)).certificate, "127.0.0.1")


def test_facts_are_for_the_eyes() -> None:
    shown = facts(SERVER.certificate)
    assert (shown.subject, shown.issuer, shown.key) == ("chat.example.org", "Middle", "EC secp256r1")
    assert shown.names == ["chat.example.org", "*.office.example.org"]
    assert len(shown.fingerprint) == 64
    assert facts(ROOT.certificate).self_signed


def test_pairs_are_read_in_every_form() -> None:
    locked = SERVER.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"secret")
    ).decode()
    box = pkcs12.serialize_key_and_certificates(
        b"roschat", SERVER.key, SERVER.certificate, [MIDDLE.certificate], serialization.BestAvailableEncryption(b"box")
    )
    whole = MIDDLE.pem + SERVER.pem
    der_key = SERVER.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for offered in (
        read(SERVER.pem, SERVER.pem_key, MIDDLE.pem + ROOT.pem, ""),
        read(whole, SERVER.pem_key, "", ""),
        read(SERVER.pem, locked, MIDDLE.pem, "secret"),
        read(SERVER.der(), base64.b64encode(der_key).decode(), MIDDLE.der(), ""),
        read(base64.b64encode(box).decode(), "", "", "box"),
    ):
        assert offered.own == SERVER.certificate
        assert MIDDLE.certificate in offered.others
        assert ordered(offered.own, offered.others)[:2] == [SERVER.certificate, MIDDLE.certificate]


LOCKED = SERVER.key.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"secret")
).decode()
ED25519 = """-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f
-----END PRIVATE KEY-----
"""


@pytest.mark.parametrize(
    ("certificate", "key", "chain", "passphrase", "fields"),
    [
        ("", "", "", "", {"certificate": "empty"}),
        (SERVER.pem, "", "", "", {"key": "empty"}),
        (SERVER.der(), "", "", "", {"key": "empty"}),
        ("nonsense!", SERVER.pem_key, "", "", {"certificate": "bad-value"}),
        (SERVER.pem_key, SERVER.pem_key, "", "", {"certificate": "bad-value"}),
        (SERVER.pem, SERVER.pem, "", "", {"key": "bad-value"}),
        (SERVER.pem, "AAAA", "", "", {"key": "bad-value"}),
        (SERVER.pem, SERVER.pem_key, "nonsense!", "", {"chain": "bad-value"}),
        (SERVER.pem, LOCKED, "", "", {"passphrase": "empty"}),
        (SERVER.pem, LOCKED, "", "wrong", {"passphrase": "bad-value"}),
        (SERVER.pem, SERVER.pem_key, "", "needless", {"passphrase": "bad-value"}),
        ("AAAA", "", "", "", {"passphrase": "empty"}),
        (SERVER.pem, ED25519, "", "", {"key": "bad-value"}),
    ],
)
def test_what_cannot_be_read_is_named(
    certificate: str, key: str, chain: str, passphrase: str, fields: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refusal:
        read(certificate, key, chain, passphrase)
    assert dict(refusal.value.fields) == fields
