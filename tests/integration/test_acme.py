"""The automatic certificate with a real authority: Pebble, the test authority of Let's Encrypt."""

import asyncio
import contextlib
import json
import os
import socket
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography import x509

from roschat.kernel.certificates import Certificates
from roschat.kernel.clock import Clock
from roschat.kernel.errors import Invalid
from roschat.modules.ms.certificate.api import AcmeView, GetAcme, GetCertificate, RemoveCertificate, RunAcme
from roschat.types import ContactId, Role
from roschat.wire.message import Caller
from tests.harness.server import Server

ADMIN = Caller(Role.ADMIN, ContactId(1), name="anna")
HOST = "chat.example.org"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.asynccontextmanager
async def program(*command: str, port: int, **more: str) -> AsyncIterator[None]:
    """A program that answers on a port before this goes on."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, **more},
    )
    try:
        async with asyncio.timeout(30):
            while True:
                assert process.returncode is None, f"{command[0]} ended with {process.returncode}"
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                except OSError:
                    await asyncio.sleep(0.02)
                    continue
                writer.close()
                break
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


@pytest.fixture
async def pebble(server: Server, tmp_path: Path) -> AsyncIterator[str]:
    """The address of an authority that asks our HTTP port, under any name."""
    own = Certificates(tmp_path / "pebble", ["127.0.0.1"], Clock(), None)
    own.open()
    authority, management, names, control = (free_port() for _ in range(4))
    config = {
        "pebble": {
            "listenAddress": f"127.0.0.1:{authority}",
            "managementListenAddress": f"127.0.0.1:{management}",
            "certificate": str(own.chain_file),
            "privateKey": str(own.key_file),
            "httpPort": int(server.program.addresses["http"][0].rpartition(":")[2]),
            "tlsPort": free_port(),
        }
    }
    file = tmp_path / "pebble.json"
    file.write_text(json.dumps(config))
    await put(server, "acme", trust=own.chain_file.read_text(), email="admin@example.org")
    dns = program(
        "pebble-challtestsrv", "-defaultIPv6", "", "-http01", "", "-https01", "", "-tlsalpn01", "",
        "-dns01", f"127.0.0.1:{names}", "-management", f"127.0.0.1:{control}", port=control,
    )  # fmt: skip
    ca = program(
        "pebble", "-config", str(file), "-dnsserver", f"127.0.0.1:{names}",
        port=authority, PEBBLE_VA_NOSLEEP="1", PEBBLE_WFE_NONCEREJECT="0", PEBBLE_AUTHZREUSE="100",
    )  # fmt: skip
    async with dns, ca:
        yield f"https://127.0.0.1:{authority}/dir"


async def put(server: Server, section: str, **values: object) -> None:
    for key, value in values.items():
        await server.ask("settings-set", {"section": section, "key": key, "value": value, "who": "test"})


async def ended(server: Server) -> AcmeView:
    async with asyncio.timeout(30):
        while (view := await server.program.bus.call(GetAcme(), ADMIN)).state in ("getting", "waiting"):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return view


async def presented(server: Server) -> x509.Certificate:
    """What a new connection is shown."""
    port = int(server.program.addresses["https"][0].rpartition(":")[2])
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    shown = x509.load_der_x509_certificate(writer.get_extra_info("ssl_object").getpeercert(binary_form=True))
    writer.close()
    return shown


async def test_a_certificate_comes_and_goes(server: Server, pebble: str) -> None:
    await put(server, "connection", address=HOST)
    await put(server, "acme", directory=pebble, on=True)
    view = await ended(server)
    assert (view.state, view.text) == ("good", "")
    certificate = await server.program.bus.call(GetCertificate(), ADMIN)
    assert (certificate.source, certificate.chain[0].names) == ("acme", [HOST])
    assert len(certificate.chain) > 1
    assert (await presented(server)).issuer.rfc4514_string().startswith("CN=Pebble")
    # The account is known by now; the authority gives another one.
    before = certificate.chain[0].serial
    await server.program.bus.call(RunAcme(), ADMIN)
    assert (await ended(server)).state == "good"
    assert (await server.program.bus.call(GetCertificate(), ADMIN)).chain[0].serial != before
    await put(server, "acme", on=False)
    assert (await server.program.bus.call(RemoveCertificate(), ADMIN)).source == "self-made"
    assert not (await presented(server)).issuer.rfc4514_string().startswith("CN=Pebble")


async def test_an_authority_that_cannot_reach_us_says_so(server: Server, pebble: str) -> None:
    await put(server, "connection", address=HOST)
    await server.program.listeners.close()  # type: ignore[union-attr]
    await put(server, "acme", directory=pebble, on=True)
    view = await ended(server)
    assert view.state == "failed"
    assert "could not reach the server" in view.text
    assert view.next_try >= view.last_try + 3600


async def test_an_authority_that_is_away_or_talks_nonsense_changes_nothing(server: Server) -> None:
    await put(server, "connection", address=HOST)
    http = server.url("http")
    for directory, said in ((f"http://127.0.0.1:{free_port()}/dir", "does not answer"), (f"{http}/health", "failed")):
        await put(server, "acme", directory=directory, on=True)
        await server.program.bus.call(RunAcme(), ADMIN)
        view = await ended(server)
        assert view.state == "failed"
        assert said in view.text
        assert (await server.program.bus.call(GetCertificate(), ADMIN)).source == "self-made"
        await put(server, "acme", on=False)


async def test_it_needs_a_name_and_to_be_on(server: Server) -> None:
    with pytest.raises(Invalid, match="switch it on"):
        await server.program.bus.call(RunAcme(), ADMIN)
    await put(server, "connection", address="10.0.0.1")
    await put(server, "acme", directory="http://127.0.0.1:9/dir", on=True)
    with pytest.raises(Invalid, match="no domain name"):
        await server.program.bus.call(RunAcme(), ADMIN)
