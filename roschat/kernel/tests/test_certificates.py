import ipaddress
import ssl
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from OpenSSL import SSL
from twisted.internet.address import IPv4Address
from twisted.internet.protocol import Factory, Protocol
from twisted.protocols.tls import TLSMemoryBIOFactory

from roschat.kernel.certificates import CertificateFailed, Certificates
from roschat.kernel.clock import ManualClock

DAY = 86_400


def _certificates(folder: Path, *names: str, clock: ManualClock | None = None) -> Certificates:
    made = Certificates(folder, names, clock or ManualClock(), None)
    made.open()
    return made


def _shown(certificates: Certificates) -> x509.Certificate:
    """The certificate that a client of a new connection gets."""
    wrapped: Any = Factory.forProtocol(Protocol)
    creator: Any = certificates
    address: Any = IPv4Address("TCP", "127.0.0.1", 1)
    protocol: Any = TLSMemoryBIOFactory(creator, False, wrapped).buildProtocol(address)
    connection: Any = certificates.serverConnectionForTLS(protocol)
    connection.set_accept_state()
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    client = context.wrap_bio(incoming, outgoing)
    for _ in range(4):
        with suppress(ssl.SSLWantReadError):
            client.do_handshake()
        if data := outgoing.read():
            connection.bio_write(data)
        with suppress(SSL.WantReadError):
            connection.do_handshake()
        try:
            incoming.write(connection.bio_read(65_536))
        except SSL.WantReadError:
            break
    der = client.getpeercert(binary_form=True)
    assert der is not None
    return x509.load_der_x509_certificate(der)


def test_a_self_made_certificate_names_the_server_and_hides_its_key(tmp_path: Path) -> None:
    made = _certificates(tmp_path, "chat.example.org", "192.0.2.7")
    assert made.key_file.stat().st_mode & 0o777 == 0o600
    names = _shown(made).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {"chat.example.org", "localhost"} <= set(names.get_values_for_type(x509.DNSName))
    addresses = names.get_values_for_type(x509.IPAddress)
    assert ipaddress.ip_address("192.0.2.7") in addresses
    assert ipaddress.ip_address("127.0.0.1") in addresses
    assert made.health() == ""


def test_it_is_kept_and_made_anew_for_another_name_or_when_it_ends(tmp_path: Path) -> None:
    clock = ManualClock()
    first = _shown(_certificates(tmp_path, "a.example", clock=clock))
    assert _shown(_certificates(tmp_path, "a.example", clock=clock)) == first
    second = _shown(_certificates(tmp_path, "b.example", clock=clock))
    assert second != first
    clock.advance(800 * DAY)
    assert _shown(_certificates(tmp_path, "b.example", clock=clock)) != second


def test_a_new_pair_counts_for_the_next_connection(tmp_path: Path) -> None:
    certificates = _certificates(tmp_path / "a")
    old = _shown(certificates)
    other = _certificates(tmp_path / "b")
    certificates.chain_file.write_bytes(other.chain_file.read_bytes())
    certificates.key_file.write_bytes(other.key_file.read_bytes())
    assert _shown(certificates) == old
    certificates.reload()
    assert _shown(certificates) == _shown(other)


def test_a_pair_that_does_not_fit_changes_nothing_but_health(tmp_path: Path) -> None:
    certificates = _certificates(tmp_path / "a")
    old = _shown(certificates)
    other = _certificates(tmp_path / "b")
    certificates.key_file.write_bytes(other.key_file.read_bytes())
    certificates.reload()
    assert _shown(certificates) == old
    assert "is not the key of the certificate" in certificates.health()


def test_a_configured_pair_is_never_made_and_warned_about_before_it_ends(tmp_path: Path) -> None:
    clock = ManualClock()
    made = _certificates(tmp_path, clock=clock)
    configured = Certificates(tmp_path, [], clock, (made.chain_file, made.key_file))
    configured.open()
    clock.advance(810 * DAY)
    assert "ends on" in configured.health()
    missing = Certificates(tmp_path, [], clock, (tmp_path / "none.pem", made.key_file))
    with pytest.raises(CertificateFailed, match=r"none\.pem cannot be read"):
        missing.open()
    garbage = tmp_path / "garbage.pem"
    garbage.write_text("nonsense")
    with pytest.raises(CertificateFailed, match="no PEM file"):
        Certificates(tmp_path, [], clock, (garbage, made.key_file)).open()
