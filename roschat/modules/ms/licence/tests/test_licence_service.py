"""The licence of an installation: installed, refused, updated online, and asked before people are added."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from roschat.commands.licence_server import Licences as Folder
from roschat.commands.licence_server import LicenceServer
from roschat.kernel.bus_local import LocalBus
from roschat.kernel.clock import ManualClock
from roschat.kernel.db import Database
from roschat.kernel.errors import Denied, RoschatError
from roschat.kernel.http_client import HttpClient
from roschat.kernel.settings import Live
from roschat.modules.ms.licence import online
from roschat.modules.ms.licence.api import LicenceChanged
from roschat.modules.ms.licence.rules import DAY
from roschat.modules.ms.licence.service import Licences
from roschat.modules.ms.licence.settings import Settings
from roschat.modules.ms.licence.usage import FRESH, Usage
from roschat.modules.server.accounts.api import MayHaveAccount
from roschat.modules.server.contacts.api import ContactIds, MayGrantService, ServiceCounts, ServiceType
from roschat.proto import licence as files
from roschat.proto.licence import Licence
from roschat.types import ContactId, Role
from roschat.wire.message import Caller
from tests.harness.server import folder

PRIVATE = files.new_key()
SECRET = b"s" * 32
INSTALLATION = files.installation_number(SECRET)
START = 1_790_000_000.0  # 2026-09-21
ADMIN = Caller(role=Role.ADMIN, name="admin")


def issued(**fields: Any) -> str:
    values: dict[str, Any] = {
        "number": "7", "customer": "c", "issued": "2026-09-01", "people": 100,
        "computers": 50, "installation": INSTALLATION,
    }  # fmt: skip
    return files.sign(Licence(**{**values, **fields}), PRIVATE)


class Office:
    """A licence, the people it counts, and a clock."""

    def __init__(self, db: Database, settings: Settings) -> None:
        self.bus = LocalBus(strict=True)
        db._bus = self.bus
        self.clock = ManualClock(START)
        self.settings = Live(settings)
        self.counts = {"account": 3, "computer": 2, "sip": 0}
        self.heard: list[str] = []
        trusted = [files.public_key(PRIVATE)]
        self.licences = Licences(db, self.clock, self.settings, HttpClient(), trusted, SECRET, "1.0")
        self.licences.usage = Usage(self.bus, self.clock, self.licences.licence)

        async def counted(command: ServiceCounts, caller: Caller) -> dict[str, int]:
            return self.counts

        async def with_it(command: ContactIds, caller: Caller) -> list[ContactId]:
            return [cid for cid in command.filter.cids if cid in self.stored]

        self.stored: set[ContactId] = set()
        self.bus.serve(ServiceCounts, counted)
        self.bus.serve(ContactIds, with_it)
        self.bus.subscribe(LicenceChanged, lambda event: self.heard.append(event.state))
        self.bus.answer(MayHaveAccount, self.licences.usage.may_have_account)
        self.bus.answer(MayGrantService, self.licences.usage.may_grant_service)

    async def refused(self, text: str) -> str:
        with pytest.raises(RoschatError) as caught:
            await self.licences.install(text, ADMIN)
        assert caught.value.code == "licence-refused"
        return caught.value.text


@pytest.fixture
async def office(db: Database) -> Office:
    made = Office(db, Settings())
    await made.licences.load()
    return made


async def test_community_then_a_file_then_community(office: Office) -> None:
    view = await office.licences.view()
    assert (view.state, view.limits.people, view.used.people, view.used.sip_phones) == ("community", 50, 3, 0)
    await office.licences.install(issued(until="2026-12-31", fax=True, e1_boards=["116895"]), ADMIN)
    view = await office.licences.view()
    assert (view.state, view.number, view.until, view.limits.people) == ("active", "7", "2026-12-31", 100)
    assert (view.flags.fax, view.flags.sorm, view.e1_boards, view.bound) == (True, False, ["116895"], "installation")
    assert view.problems == []
    await office.licences.remove(ADMIN)
    assert office.licences.state().state == "community"
    with pytest.raises(RoschatError, match="No licence is installed"):
        await office.licences.remove(ADMIN)
    assert office.heard == ["installed", "community"]


async def test_files_that_do_not_count(office: Office) -> None:
    good = issued()
    assert "does not trust" in await office.refused(files.sign(files.inspect(good)[0], files.new_key()))
    assert "activation key" in await office.refused(issued(installation=files.installation_number(b"x")))
    assert "neither" in await office.refused(issued(installation=""))
    assert "not set up here" in await office.refused(issued(installation="", login="somebody"))
    assert "has ended" in await office.refused(issued(until="2026-09-10"))
    assert "not a licence" in await office.refused("hello")
    assert "was changed" in await office.refused(good.replace("-----SIGNATURE", "AAAA\n-----SIGNATURE"))
    assert office.licences.state().state == "community"


async def test_a_key_that_is_trusted_no_more(office: Office, db: Database) -> None:
    await office.licences.install(issued(), ADMIN)
    office.licences._trusted.clear()
    await office.licences.load()
    view = await office.licences.view()
    assert (view.state, [problem.kind for problem in view.problems]) == ("ended", ["unknown"])
    assert (await office.licences.health()).state == "degraded"


async def test_what_is_over_says_so_and_nobody_else_stops(office: Office) -> None:
    await office.licences.install(issued(people=3, computers=3), ADMIN)
    with pytest.raises(Denied) as caught:
        await office.bus.ask(MayHaveAccount(ContactId(9)))
    assert caught.value.code == "licence-limit"
    assert "for 3 people" in caught.value.text
    await office.bus.ask(MayGrantService(ContactId(9), ServiceType.COMPUTER))
    with pytest.raises(Denied):
        await office.bus.ask(MayGrantService(ContactId(8), ServiceType.COMPUTER))
    with pytest.raises(Denied):
        await office.bus.ask(MayGrantService(ContactId(8), ServiceType.SIP))
    await office.bus.ask(MayGrantService(ContactId(8), ServiceType.RADIO))
    office.counts = {"account": 7, "computer": 1, "sip": 0}
    office.clock.advance(FRESH)
    view = await office.licences.view()
    assert [(problem.kind, problem.what) for problem in view.problems] == [("over", "people")]
    assert "people, 7 of 3" in (await office.licences.health()).text
    # What was allowed counts until it is stored, then the directory counts it.
    office.counts = {"account": 2, "computer": 3, "sip": 0}
    office.stored = {ContactId(9)}
    office.clock.advance(FRESH)
    assert (await office.licences.view()).used.computers == 3
    office.counts = {
        "account": 2,
        "computer": 1,
        "sip": 0,
    }  # somebody left: free at once, without waiting for the count to grow old
    await office.bus.ask(MayHaveAccount(ContactId(9)))


async def test_a_directory_that_is_silent_refuses_nobody(office: Office) -> None:
    office.counts.clear()
    await office.licences.install(issued(people=0), ADMIN)
    await office.bus.ask(MayHaveAccount(ContactId(9)))
    assert (await office.licences.view()).used.people == -1


async def test_clock_set_back_is_noticed_and_a_new_licence_mends_it(office: Office) -> None:
    await office.licences.install(issued(until="2026-09-30"), ADMIN)
    office.clock.advance(60 * DAY)
    await office.licences.look()
    assert office.licences.state().state == "ended"
    office.clock.jump(-60 * DAY)
    await office.licences.look()
    assert office.licences.state().state == "ended"
    assert [problem.kind for problem in office.licences.standing().problems] == ["ended-expired", "clock"]
    await office.licences.install(issued(number="8", issued="2026-09-20", until="2026-10-30"), ADMIN)
    assert office.licences.state().state == "active"


async def test_the_watch_tells_when_something_ends(office: Office) -> None:
    await office.licences.install(issued(until="2026-09-30"), ADMIN)
    office.heard.clear()
    await office.licences.look()
    office.clock.advance(12 * DAY)
    await office.licences.look()
    await office.licences.look()
    assert office.heard == ["expired"]


async def test_activation_key(office: Office) -> None:
    key = await office.licences.activation()
    asking = files.read_activation(key.text)
    assert (asking.installation, asking.people, asking.day) == (INSTALLATION, 3, "2026-09-21")
    await office.licences.install(issued(installation=asking.installation), ADMIN)


# ---- online


@pytest.fixture
def licences() -> Iterator[Path]:
    place = folder()
    yield place
    shutil.rmtree(place)


@pytest.fixture
async def server(licences: Path) -> AsyncIterator[LicenceServer]:
    """A real licence server on the loopback with the login `acme`."""
    await Folder(licences).add("acme", "a password")
    running = LicenceServer(licences, "127.0.0.1", 0, [], None)
    await running.start()
    yield running
    await running.stop()


def asking(server: LicenceServer, **changes: Any) -> Settings:
    values: dict[str, Any] = {
        "address": "127.0.0.1", "login": "acme", "port": server.port, "password": "a password",
        "certificate": server.certificate.read_text(),
    }  # fmt: skip
    return Settings(**{**values, **changes})


async def failed(office: Office) -> RoschatError:
    with pytest.raises(RoschatError) as caught:
        await office.licences.update(ADMIN)
    return caught.value


async def test_online(office: Office, server: LicenceServer, licences: Path) -> None:
    assert (await failed(office)).code == "not-configured"
    office.settings.become(asking(server))
    assert "no licence for acme" in (await failed(office)).text
    (licences / "acme.licence").write_text(issued(installation="", login="acme", people=70))
    await office.licences.update(ADMIN)
    view = await office.licences.view()
    assert (view.state, view.limits.people, view.bound, view.online) == ("active", 70, "login", True)
    assert view.contacted == view.tried == int(START)
    # The same again is a sign of life; another one takes its place.
    office.clock.advance(20 * DAY)
    assert office.licences.state().state == "offline"
    await office.licences.update(ADMIN)
    assert office.licences.state().state == "active"
    (licences / "acme.licence").write_text(issued(installation="", login="acme", number="8", people=90))
    await office.licences.update(ADMIN)
    assert (await office.licences.view()).limits.people == 90


async def test_wrong_password_and_what_belongs_to_others(office: Office, server: LicenceServer, licences: Path) -> None:
    office.settings.become(asking(server, password="wrong"))
    assert (await failed(office)).code == "bad-login-psw"
    office.settings.become(asking(server))
    (licences / "acme.licence").write_text(issued(installation="", login="other"))
    assert "somebody else" in (await failed(office)).text
    (licences / "acme.licence").write_text("nonsense")
    assert "cannot be read" in (await failed(office)).text
    foreign = Licence(number="1", customer="c", issued="2026-09-01", people=9, login="acme")
    (licences / "acme.licence").write_text(files.sign(foreign, files.new_key()))
    assert (await failed(office)).code == "licence-refused"
    view = await office.licences.view()
    assert (view.state, [problem.kind for problem in view.problems]) == ("community", ["trouble"])


async def test_a_certificate_nobody_vouches_for(office: Office, server: LicenceServer) -> None:
    office.settings.become(asking(server, certificate=""))
    assert "certificate" in (await failed(office)).text
    with pytest.raises(RoschatError) as caught:
        asking(server, certificate="no certificate")
    assert caught.value.fields == {"certificate": "bad-value"}


async def test_stopped(office: Office, server: LicenceServer, licences: Path) -> None:
    """A licence server that is away changes nothing for thirty days."""
    (licences / "acme.licence").write_text(issued(installation="", login="acme", people=70))
    office.settings.become(asking(server))
    await office.licences.look()
    assert office.licences.licence().people == 70
    await server.stop()
    for day, state, people in ((1, "active", 70), (10, "offline", 70), (29, "offline", 70), (31, "ended", 50)):
        office.clock._now = START + day * DAY
        wait = await office.licences.look()
        assert wait <= 3600
        assert (office.licences.state().state, office.licences.licence().people) == (state, people)
    kinds = [problem.kind for problem in (await office.licences.view()).problems]
    assert kinds == ["ended-offline", "trouble"]
    again = LicenceServer(licences, "127.0.0.1", server.port, [], None)
    await again.start()
    try:
        office.clock.advance(3600)
        await office.licences.look()
    finally:
        await again.stop()
    assert office.licences.state().state == "active"
    assert (await office.licences.health()).text == ""


async def test_asked_once_a_day(office: Office, server: LicenceServer, licences: Path) -> None:
    (licences / "acme.licence").write_text(issued(installation="", login="acme"))
    office.settings.become(asking(server))
    await office.licences.look()
    for hours, moved in ((1, False), (20, False), (26, True)):
        office.clock._now = START + hours * 3600
        await office.licences.look()
        assert (int((await office.licences.view()).tried) > START) is moved


@asynccontextmanager
async def peer(answer: bytes, server: LicenceServer) -> AsyncIterator[int]:
    """A TLS server with the licence server's certificate that answers anything with the same bytes, or never."""
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server.certificate, server.certificate.with_name("key.pem"))
    silent = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        if not answer:
            await silent.wait()
        writer.write(answer)
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        silent.set()
        listening.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"hello\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
        b'HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n{"licence":1}',
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}",
        b"HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nlocation: https://example.com/\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 9000000\r\n\r\n" + b"x" * 200_000,
    ],
)
async def test_nonsense(office: Office, server: LicenceServer, answer: bytes) -> None:
    async with peer(answer, server) as port:
        office.settings.become(asking(server, port=port))
        error = await failed(office)
    assert error.code == "licence-server"
    assert error.text.endswith(".")
    assert office.licences.state().state == "community"


async def test_slow(office: Office, server: LicenceServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(online, "TIMEOUT", 0.3)
    async with peer(b"", server) as port:
        office.settings.become(asking(server, port=port))
        error = await failed(office)
    assert error.code == "licence-server"
    assert "did not answer within" in error.text


# ---- the fields of the page


HOSTS = (
    "t", ".chat", "testing2roschat", "r.chat", "-a.chat", "a-.chat", "test..chat", ".test.chat", "test.chat.",
    "te st.chat", "te_st.chat", "тест.чат", "te№st.chat", "test.chat:80", "te»st.chat", "te–st.chat",
)  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
def test_bad_hosts(host: str) -> None:
    with pytest.raises(RoschatError) as caught:
        Settings(address=host, login="l", password="p")
    assert caught.value.fields == {"address": "bad-host"}


@pytest.mark.parametrize("empty", ["address", "login", "password"])
def test_all_are_mandatory(empty: str) -> None:
    with pytest.raises(RoschatError) as caught:
        msgspec.convert({"address": "firelink.me", "login": "l", "password": "p", empty: ""}, Settings)
    assert caught.value.fields == {empty: "empty"}


@pytest.mark.parametrize("port", [0, 65536, -1, "80a", "8.1", "-", "8 0"])
def test_bad_ports(port: object) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"address": "firelink.me", "login": "l", "password": "p", "port": port}, Settings, strict=False)


@pytest.mark.parametrize("port", range(1, 10))
def test_small_ports_are_good(port: int) -> None:
    assert msgspec.convert({"port": str(port)}, Settings, strict=False).port == port
