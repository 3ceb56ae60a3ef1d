"""HTTP requests to peers that answer, are stopped, slow or talk nonsense, and to places that are not allowed."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from roschat.kernel.errors import Invalid
from roschat.kernel.http_client import HttpClient, PeerFailed, anywhere, public

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def peer(talk: Talk, secure: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A server that reads a head and then talks; the port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=secure)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()


def says(answer: bytes) -> Talk:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()

    return talk


async def test_a_request_and_its_answer() -> None:
    seen: list[bytes] = []

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        body = await reader.readexactly(4)
        writer.write(b"HTTP/1.1 201 Created\r\nX-Name: a\r\nX-Name: b\r\nContent-Length: 4\r\n\r\n" + body)
        await writer.drain()

    async with peer(echo) as port:
        answer = await HttpClient().request(
            "POST", f"http://127.0.0.1:{port}/a?b=1", headers={"x-mine": "1"}, body=b"body"
        )
    assert (answer.status, answer.body, answer.headers["x-name"]) == (201, b"body", "a, b")
    assert seen[0].startswith(b"POST /a?b=1 HTTP/1.1\r\n")
    assert b"X-Mine: 1" in seen[0] or b"x-mine: 1" in seen[0].lower()


async def test_redirects_are_answers() -> None:
    async with peer(says(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")) as port:
        assert (await HttpClient().request("GET", f"http://127.0.0.1:{port}/")).status == 302


async def test_a_body_without_a_length_ends_with_the_connection() -> None:
    async with peer(says(b"HTTP/1.1 200 OK\r\n\r\nall of it")) as port:
        assert (await HttpClient().request("GET", f"http://127.0.0.1:{port}/")).body == b"all of it"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"", "did not answer as HTTP demands"),
        (b"SMTP ready\r\n", "did not answer as HTTP demands"),
        (b"\x00\xff" * 50, "did not answer as HTTP demands"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "broke in the middle"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n" + b"x" * 99_999, "more than 1000 bytes"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 99_999, "more than 1000 bytes"),
    ],
)
async def test_nonsense(answer: bytes, said: str) -> None:
    async with peer(says(answer)) as port:
        with pytest.raises(PeerFailed, match=said):
            await HttpClient().request("GET", f"http://127.0.0.1:{port}/", limit=1000)


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nha"])
async def test_a_slow_peer_is_given_up_and_hung_up(head: bytes) -> None:
    gone = asyncio.Event()

    async def dawdle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head)
        try:
            await reader.read()
        finally:
            gone.set()

    async with peer(dawdle) as port:
        with pytest.raises(PeerFailed, match=r"did not answer within 0\.2 s"):
            await HttpClient().request("GET", f"http://127.0.0.1:{port}/", timeout=0.2)
        await asyncio.wait_for(gone.wait(), 10)


async def test_a_stopped_peer_and_an_unknown_name() -> None:
    async with peer(says(b"")) as port:
        pass
    with pytest.raises(PeerFailed, match=r"127\.0\.0\.1 cannot be reached"):
        await HttpClient().request("GET", f"http://127.0.0.1:{port}/")
    with pytest.raises(PeerFailed, match="There is no host"):
        await HttpClient().request("GET", "http://nobody.invalid/")


@pytest.mark.parametrize(
    "url",
    ["", "x", "ftp://h/", "http://", "http://h:99999/", "http://h/a b", "http://h/я", "http://u:p@h/", "http://[x/"],
)
async def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(Invalid):
        await HttpClient().request("GET", url)


async def test_a_place_that_is_not_allowed_is_not_spoken_to() -> None:
    asked = []

    async def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(1)

    async with peer(note) as port:
        for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"):
            with pytest.raises((Invalid, PeerFailed)):
                await HttpClient().request("GET", f"http://{host}:{port}/", allowed=public)
    assert asked == []


@pytest.mark.parametrize(
    ("address", "outside", "inside"),
    [
        ("93.184.216.34", True, True),
        ("2606:2800:220:1::1", True, True),
        ("127.0.0.1", False, True),
        ("10.1.2.3", False, True),
        ("192.168.1.1", False, True),
        ("100.64.0.1", False, True),
        ("169.254.169.254", False, False),
        ("0.0.0.0", False, False),
        ("224.0.0.1", False, False),
        ("::1", False, True),
        ("fe80::1", False, False),
        ("fd00::1", False, True),
        ("::ffff:10.0.0.1", False, True),
        ("64:ff9b::7f00:1", False, True),
        ("2002:7f00:1::", False, True),
    ],
)
def test_places(address: str, outside: bool, inside: bool) -> None:
    assert public(ipaddress.ip_address(address)) is outside
    assert anywhere(ipaddress.ip_address(address)) is inside


def certificate(folder: Path, host: str) -> tuple[ssl.SSLContext, bytes]:
    """A server's TLS with a certificate of its own making, and that certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "both.pem"
    file.write_bytes(secret + pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context, pem


async def test_certificates_are_checked(tmp_path: Path) -> None:
    context, pem = certificate(tmp_path, "localhost")
    async with peer(says(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), context) as port:
        answer = await HttpClient().request("GET", f"https://localhost:{port}/", trust=pem, allowed=_ipv4)
        assert answer.body == b"ok"
        with pytest.raises(PeerFailed, match="certificate or its TLS is not good"):
            await HttpClient().request("GET", f"https://localhost:{port}/", allowed=_ipv4)
        with pytest.raises(PeerFailed):
            await HttpClient().request("GET", f"https://127.0.0.1:{port}/", trust=pem)
    async with peer(says(b"HTTP/1.1 200 OK\r\n\r\n")) as port:
        with pytest.raises(PeerFailed):
            await HttpClient().request("GET", f"https://127.0.0.1:{port}/", timeout=5)


def _ipv4(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return address.version == 4
