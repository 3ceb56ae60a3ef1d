"""The queue of letters against a real mail server and a real database: nothing is lost, nothing is sent for ever."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roschat.kernel.bus_local import LocalBus
from roschat.kernel.clock import ManualClock
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid, NotFound, RoschatError
from roschat.kernel.settings import Settings as AllSettings
from roschat.modules.ms.mail.api import (
    CancelLetter,
    GetMailState,
    Letter,
    ListLetters,
    RetryLetter,
    SendLetter,
    SendMail,
    TestMail,
)
from roschat.modules.ms.mail.letter import check, written
from roschat.modules.ms.mail.queue import KEPT, LONGEST_WAIT, Queue
from roschat.modules.ms.mail.service import Mail
from roschat.modules.ms.mail.settings import Settings
from roschat.modules.ms.mail.templates import TEMPLATES, filled
from roschat.wire.message import SYSTEM
from tests.harness.mail import PostOffice, post_office

TO = "anna@example.org"


@dataclass
class Post:
    """Mail without the loop that sends: tests say when."""

    mail: Mail
    queue: Queue
    clock: ManualClock
    settings: AllSettings

    async def configure(self, values: dict[str, Any]) -> None:
        for key, value in sorted(values.items(), key=lambda pair: pair[0] == "on"):
            await self.settings.set("mail", key, value, "test")

    async def send(self, to: str = TO, subject: str = "Тема", text: str = "Текст", expires: int = 0) -> None:
        await self.mail.send(SendMail(to, subject, text, expires), SYSTEM)

    async def letters(self, state: str = "") -> list[Letter]:
        return (await self.mail.letters(ListLetters(state), SYSTEM)).letters


@pytest.fixture
async def post(dsn: str) -> AsyncIterator[Post]:
    bus = LocalBus(strict=True)
    db = Database(dsn, bus)
    await db.open()
    clock, settings = ManualClock(), AllSettings(db, bus)
    live = await settings.section("mail", Settings)
    queue = Queue(db, clock, live, 1, 2)
    yield Post(Mail(db, clock, live, queue), queue, clock, settings)
    await bus.close()
    await db.close()


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[PostOffice]:
    async with post_office("no", tmp_path) as running:
        yield running


async def test_letter_goes_and_its_text_is_forgotten(post: Post, office: PostOffice) -> None:
    await post.configure(office.settings())
    await post.send(text="пароль 123")
    assert (await post.mail.state(GetMailState(), SYSTEM)).waiting == 1
    await post.queue.send_due()
    assert (await office.letter(TO)).get_content().strip() == "пароль 123"
    [letter] = await post.letters()
    assert (letter.state, letter.tries, letter.subject) == ("sent", 1, "Тема")
    state = await post.mail.state(GetMailState(), SYSTEM)
    assert (state.on, state.waiting, state.sent, state.error) == (True, 0, 1, "")
    async with post.queue._db.reading() as tx:
        assert await tx.value("SELECT body FROM ms.letter") == ""


async def test_mail_that_is_off_takes_no_letters(post: Post) -> None:
    with pytest.raises(RoschatError, match="switched off") as refused:
        await post.send()
    assert refused.value.code == "mail-off"
    test = await post.mail.test(TestMail(), SYSTEM)
    assert (test.ok, test.cause) == (False, "off")


async def test_server_that_is_away_delays_all_and_loses_none(post: Post, tmp_path: Path) -> None:
    async with post_office("no", tmp_path) as office:
        values = office.settings()
    await post.configure(values)
    await post.send()
    await post.send("boris@example.org")
    waits = []
    for _ in range(12):
        await post.queue.send_due()
        [second, first] = await post.letters("waiting")
        assert first.next_try == second.next_try
        waits.append(first.next_try - post.clock.now())
        post.clock.advance(waits[-1])
    assert waits == sorted(waits)
    assert waits[0] < waits[3]
    assert waits[-1] == LONGEST_WAIT
    state = await post.mail.state(GetMailState(), SYSTEM)
    assert "Nobody listens" in state.error
    async with post_office("no", tmp_path) as office:
        await post.configure({"port": office.port})
        assert post.queue.trouble == ""
        await post.queue.send_due()
        await office.letter("boris@example.org")
    assert {letter.state for letter in await post.letters()} == {"sent"}


async def test_letter_is_given_up_after_its_time(post: Post, tmp_path: Path) -> None:
    async with post_office("no", tmp_path) as office:
        values = office.settings(keep_trying=2)
    await post.configure(values)
    await post.send(expires=600)
    await post.send("later@example.org")
    await post.queue.send_due()
    post.clock.advance(601)
    await post.queue.send_due()
    [later, code] = await post.letters()
    assert (code.state, later.state) == ("failed", "waiting")
    assert "Nobody listens" in code.error
    post.clock.advance(2 * 3600)
    await post.queue.send_due()
    assert [letter.state for letter in await post.letters()] == ["failed", "failed"]
    post.clock.advance(KEPT + 3600)
    await post.queue.send_due()
    assert await post.letters() == []


async def test_one_bad_address_holds_nobody_up(post: Post, office: PostOffice) -> None:
    office.refused = {"nobody@example.org": "550 no such box", "full@example.org": "452 full"}
    await post.configure(office.settings())
    for to in ("nobody@example.org", "full@example.org", TO):
        await post.send(to)
    await post.queue.send_due()
    await office.letter(TO)
    states = {letter.to: letter.state for letter in await post.letters()}
    assert states == {"nobody@example.org": "failed", "full@example.org": "waiting", TO: "sent"}
    office.refused = {}
    post.clock.advance(61)
    await post.queue.send_due()
    await office.letter("full@example.org")


async def test_wrong_password_is_told_and_mended(post: Post, office: PostOffice) -> None:
    await post.configure(office.settings(password="guess"))
    await post.send()
    await post.queue.send_due()
    assert "user name and password" in post.queue.trouble
    await post.configure({"password": office.settings()["password"]})
    await post.queue.send_due()
    await office.letter(TO)


async def test_cancel_and_retry(post: Post, office: PostOffice) -> None:
    office.refused = {TO: "451 later"}
    await post.configure(office.settings())
    await post.send()
    await post.queue.send_due()
    [letter] = await post.letters("waiting")
    office.refused = {}
    await post.mail.retry(RetryLetter(letter.id), SYSTEM)
    await post.queue.send_due()
    await office.letter(TO)
    for gone in (letter.id, 0, -1, 2**70):
        with pytest.raises(NotFound):
            await post.mail.retry(RetryLetter(gone), SYSTEM)
        with pytest.raises(NotFound):
            await post.mail.cancel(CancelLetter(gone), SYSTEM)
    await post.send()
    [waiting] = await post.letters("waiting")
    await post.mail.cancel(CancelLetter(waiting.id), SYSTEM)
    await post.queue.send_due()
    assert (await post.letters())[0].state == "cancelled"


async def test_test_message(post: Post, office: PostOffice) -> None:
    await post.configure(office.settings())
    checked = await post.mail.test(TestMail(), SYSTEM)
    assert (checked.ok, checked.steps) == (True, ["connected", "signed-in", "accepted"])
    assert office.arrived.empty()
    sent = await post.mail.test(TestMail(TO, "en"), SYSTEM)
    assert sent.steps[-1] == "sent"
    assert (await office.letter(TO))["Subject"] == "RosChat: test letter"
    office.refused = {TO: "550 no such box"}
    refused = await post.mail.test(TestMail(TO), SYSTEM)
    assert (refused.ok, refused.cause) == (False, "address")
    with pytest.raises(Invalid) as invalid:
        await post.mail.test(TestMail("test@infotekru"), SYSTEM)
    assert invalid.value.fields == {"to": "bad-email"}


@pytest.mark.parametrize("subject", ["a\nBcc: eve@example.org", "a\r\nX: y", "a\u2028b", "", "x" * 201])
async def test_nobody_adds_headers(subject: str) -> None:
    with pytest.raises(Invalid) as invalid:
        check(TO, subject, "text")
    assert invalid.value.fields.keys() == {"subject"}


@pytest.mark.parametrize(
    "to", ["", "a@b", "a b@example.org", "a@example.org\nBcc: b@example.org", "a@example.org, b@c.de"]
)
async def test_only_one_plain_address(to: str) -> None:
    with pytest.raises(Invalid) as invalid:
        check(to, "subject", "text")
    assert invalid.value.fields.keys() == {"to"}


@given(st.text(min_size=1, max_size=200).filter(lambda s: s.isprintable() and bool(s.strip())), st.text(max_size=500))
def test_any_subject_and_text_survive_as_one_letter(subject: str, text: str) -> None:
    text = text.replace("\r", "").replace("\0", "") or "x"
    of = Settings(address="roschat@example.org", sender="Служба, «Связь» <x>")
    letter = message_from_bytes(written(of, 1, 0, TO, subject, text), policy=default)
    headers = {"Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"}
    assert set(letter.keys()) - {"Content-Transfer-Encoding"} == headers
    assert [str(address) for address in letter["To"].addresses] == [TO]
    assert letter["From"].addresses[0].addr_spec == "roschat@example.org"
    assert " ".join(letter["Subject"].split()) == " ".join(subject.split())


def test_every_letter_is_there_in_both_languages() -> None:
    names = {"name": "Анна", "server": "s", "login": "anna", "password": "p", "code": "123456", "minutes": "10"}
    values = names | {"device": "web", "address": "192.0.2.1", "time": "12:00", "text": "помогите\nмне"}
    for kind, languages in TEMPLATES.items():
        assert set(languages) == {"ru", "en"}
        for language in languages:
            subject, text = filled(kind, language, values)
            check(TO, subject, text)
            assert "{" not in subject + text
    with pytest.raises(Invalid, match="needs the value 'code'"):
        filled("code", "ru", {"minutes": "1"})
    with pytest.raises(Invalid, match="no letter"):
        filled("poem", "ru", {})
    assert "\n" not in filled("support", "ru", {"name": "a\nBcc: b@c.de", "login": "l", "text": "t"})[0]


async def test_templates_are_sent(post: Post, office: PostOffice) -> None:
    await post.configure(office.settings(language="en"))
    await post.mail.send_letter(SendLetter(TO, "code", {"code": "123456", "minutes": "10", "device": "web"}), SYSTEM)
    await post.queue.send_due()
    assert (await office.letter(TO))["Subject"] == "RosChat: your code is 123456"


HOSTS = [
    "t", ".chat", "testing2roschat", "r.chat", "-ros.chat", "ros.chat-", "ros-.chat", "ros..chat", "ros.chat.",
    "ros chat.ru", "ros!.chat", "ros_.chat", "росчат.рф", "ros№.chat", "ros/.chat", "ros@.chat",
]  # fmt: skip
EMAILS = [
    "testinfotek.ru", "test@infotekru", ".test@infotek.ru", "test@infotek.ru.", "te st@infotek.ru", "te(st@infotek.ru",
    "te,st@infotek.ru", "te:st@infotek.ru", "te;st@infotek.ru", "te<st@infotek.ru", "te[st@infotek.ru",
    "te\\st@infotek.ru", "те@infotek.ru", "t№@infotek.ru", "t“@infotek.ru", "t–@infotek.ru",
]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        *(("host", host, "bad-host") for host in HOSTS),
        *(("address", email, "bad-email") for email in EMAILS),
        *((key, "", "empty") for key in ("host", "address", "username", "password")),
    ],
)
def test_bad_values(key: str, value: str, reason: str) -> None:
    good = PostOffice("no", port=25).settings()
    with pytest.raises(Invalid) as invalid:
        Settings(**{**good, key: value})
    assert invalid.value.fields == {key: reason}


@pytest.mark.parametrize("port", [65536, 0, -1, "25a", "2.5"])
async def test_bad_ports(post: Post, port: object) -> None:
    with pytest.raises(Invalid):
        await post.settings.set("mail", "port", port, "test")
    for good in range(1, 10):
        await post.settings.set("mail", "port", good, "test")


async def test_sender_name_may_be_empty_and_off_needs_nothing() -> None:
    Settings(**{**PostOffice("no", port=25).settings(), "sender": ""})
    Settings()
