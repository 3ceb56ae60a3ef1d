"""«Система»: address, ports, certificate and servers through their commands, with every refused value of the facts."""

import asyncio
import socket
import ssl
from typing import Any

import pytest

from roschat.kernel.errors import Invalid, NotFound
from roschat.modules.ms.certificate.api import (
    CheckCertificate,
    GetCertificate,
    InstallCertificate,
    RemoveCertificate,
)
from roschat.modules.ms.certificate.tests.test_certificate_rules import MIDDLE, SERVER, made
from roschat.modules.ms.connection.api import (
    AddServer,
    ChangeServer,
    CheckConnection,
    CheckServer,
    GetConnection,
    ListServers,
    RemoveServer,
    SetConnection,
)
from roschat.types import ContactId, Role
from roschat.wire.message import Caller
from tests.harness.server import Server

ADMIN = Caller(Role.ADMIN, ContactId(1), name="anna", request="r")
HOSTS = [
    "", "t", ".chat", "testing2roschat", "r.chat", "-ros.chat", "ros.chat-", "ros..chat", "ros.chat.",
    "ros chat.ru", "ros_chat.ru", "росчат.рф",
]  # fmt: skip


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def port_of(server: Server, name: str) -> int:
    return int(server.program.addresses[name][0].rpartition(":")[2])


async def refused(server: Server, command: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        await server.program.bus.call(command, ADMIN)
    return dict(refusal.value.fields)


@pytest.fixture
def ports_unnamed(server: Server) -> None:
    """As started without --ports, though the harness names free ones."""
    server.program.config.ports.clear()


@pytest.mark.usefixtures("ports_unnamed")
async def test_address_and_ports_count_at_once(server: Server) -> None:
    call = server.program.bus.call
    before = await call(GetConnection(), ADMIN)
    assert before.https_port == port_of(server, "https")
    wanted = SetConnection("127.0.0.1", str(free_port()), f" {before.https_port} ", str(free_port()))
    after = await call(wanted, ADMIN)
    assert (after.address, str(after.http_port), after.https_port) == (
        "127.0.0.1", wanted.http_port, before.https_port,
    )  # fmt: skip
    async with asyncio.timeout(10):
        while port_of(server, "websocket") != int(wanted.websocket_port):  # noqa: ASYNC110 - the move tells nobody
            await asyncio.sleep(0)
    checked = await call(CheckConnection(), ADMIN)
    probes = {probe.name: probe for probe in checked.probes}
    assert checked.good, checked.probes
    assert not probes["certificate"].good
    assert "self-signed" in probes["certificate"].text
    assert probes["websocket"].target == f"127.0.0.1:{wanted.websocket_port}"
    [entry] = await server.ask("settings-history", {"section": "connection", "key": "address"})
    assert (entry["who"], entry["after"]) == ("anna", "127.0.0.1")


@pytest.mark.parametrize("host", HOSTS)
async def test_bad_addresses_are_refused(server: Server, host: str) -> None:
    now = await server.program.bus.call(GetConnection(), ADMIN)
    ports = [str(port) for port in (now.http_port, now.https_port, now.websocket_port)]
    assert await refused(server, SetConnection(host, *ports)) == {"address": "bad-host" if host else "empty"}


async def test_bad_ports_are_refused(server: Server) -> None:
    now = await server.program.bus.call(GetConnection(), ADMIN)
    for text, why in (
        ("", "empty"),
        ("65536", "bad-port"),
        ("8o", "bad-port"),
        ("-1", "bad-port"),
        ("1.5", "bad-port"),
    ):
        found = await refused(server, SetConnection("ros.chat", text, str(now.https_port), text))
        assert found == {"httpPort": why, "websocketPort": why}
    same = str(now.https_port)
    assert await refused(server, SetConnection("ros.chat", same, same, str(now.websocket_port))) == {
        "httpsPort": "taken"
    }
    other = SetConnection("ros.chat", str(now.http_port), str(free_port()), str(now.websocket_port))
    assert await refused(server, other) == {"httpsPort": "fixed"}


@pytest.mark.usefixtures("ports_unnamed")
async def test_a_port_of_another_program_is_refused(server: Server) -> None:
    now = await server.program.bus.call(GetConnection(), ADMIN)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = str(other.getsockname()[1])
        wanted = SetConnection("ros.chat", taken, str(now.https_port), str(now.websocket_port))
        assert await refused(server, wanted) == {"httpPort": "port-in-use"}
    assert (await server.program.bus.call(GetConnection(), ADMIN)).address == ""


async def test_the_check_tells_what_clients_would_meet(server: Server) -> None:
    with pytest.raises(Invalid):
        await server.program.bus.call(CheckConnection(), ADMIN)
    await server.ask("settings-set", {"section": "connection", "key": "address", "value": "name.invalid", "who": "t"})
    checked = await server.program.bus.call(CheckConnection(), ADMIN)
    assert [(probe.name, probe.good) for probe in checked.probes] == [("dns", False)]
    await server.ask("settings-set", {"section": "connection", "key": "address", "value": "127.0.0.1", "who": "t"})
    await server.program.listeners.close()  # type: ignore[union-attr]
    checked = await server.program.bus.call(CheckConnection(), ADMIN)
    assert not checked.good
    assert {probe.text for probe in checked.probes if probe.name != "dns"} == {
        "nobody listens there, or a firewall refuses"
    }


async def test_servers_are_listed_and_checked(server: Server) -> None:
    call = server.program.bus.call
    [main] = await call(ListServers(), ADMIN)
    assert (main.name, main.address, main.main, main.web_servers) == ("Основной", "127.0.0.1", True, 1)
    assert (await call(CheckServer(main.id), ADMIN)).good
    second = (await call(AddServer("Второй", "second.invalid"), ADMIN)).id
    assert not (await call(CheckServer(second), ADMIN)).good
    assert await refused(server, AddServer(" ", "r.chat")) == {"name": "empty", "address": "bad-host"}
    assert await refused(server, AddServer("второй", "second.invalid")) == {"name": "taken", "address": "taken"}
    assert await refused(server, ChangeServer(main.id, "Главный", "10.0.0.1")) == {"address": "fixed"}
    await call(ChangeServer(second, "Третий", "third.invalid"), ADMIN)
    with pytest.raises(Invalid):
        await call(RemoveServer(main.id), ADMIN)
    await call(RemoveServer(second), ADMIN)
    with pytest.raises(NotFound):
        await call(RemoveServer(second), ADMIN)


async def test_a_certificate_is_installed_at_once_and_taken_back(server: Server) -> None:
    call = server.program.bus.call
    assert (await call(GetCertificate(), ADMIN)).source == "self-made"
    fresh = made("chat.example.org", MIDDLE, names=("chat.example.org",), days=(-1, 3650))
    offer = InstallCertificate(fresh.pem, fresh.pem_key, MIDDLE.pem)
    view = await call(offer, ADMIN)
    assert (view.source, view.chain[0].subject, len(view.chain)) == ("installed", "chat.example.org", 2)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    _, writer = await asyncio.open_connection("127.0.0.1", port_of(server, "https"), ssl=context)
    shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.close()
    assert b"chat.example.org" in shown
    key = server.program.config.data / "certificates" / "brought" / "key.pem"
    assert key.stat().st_mode & 0o777 == 0o600
    assert (await call(RemoveCertificate(), ADMIN)).source == "self-made"
    with pytest.raises(Invalid):
        await call(RemoveCertificate(), ADMIN)


async def test_a_bad_certificate_changes_nothing(server: Server) -> None:
    ended = made("chat.example.org", MIDDLE, names=("chat.example.org",), days=(-20, -1))
    assert await refused(server, InstallCertificate(ended.pem, ended.pem_key, MIDDLE.pem)) == {
        "certificate": "bad-value"
    }
    assert await refused(server, InstallCertificate(SERVER.pem, ended.pem_key, MIDDLE.pem)) == {"key": "bad-value"}
    assert await refused(server, InstallCertificate("", "")) == {"certificate": "empty"}
    checked = await server.program.bus.call(CheckCertificate(ended.pem, ended.pem_key, MIDDLE.pem), ADMIN)
    assert not checked.good
    assert [remark.code for remark in checked.remarks if remark.refusal] == ["expired"]
    assert (await server.program.bus.call(GetCertificate(), ADMIN)).source == "self-made"
