"""Signing in from a new device: the code by mail, its limits, and the letter about it."""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any

import pytest

from roschat.kernel.errors import RoschatError, Unavailable
from roschat.modules.ms.mail.api import GetMailState, MailState, SendLetter
from roschat.modules.server.accounts.api import (
    ChangePassword,
    EndSession,
    GetSessions,
    Login,
    LoginReply,
    Logout,
    SetAccountActive,
)
from roschat.modules.server.accounts.second_factor.factor import LETTERS, LIFE, PAUSE, TRIES, WINDOW, masked
from roschat.modules.server.accounts.tests.office import PASSWORD, Office
from roschat.modules.server.directory.api import CardField
from roschat.types import Seconds
from roschat.wire.declare import declared
from roschat.wire.message import Caller, Empty

EMAIL = CardField("email", "orlova@example.org")


@dataclass
class Post:
    """The two commands of mail that signing in uses."""

    on: bool = True
    away: bool = False
    letters: list[SendLetter] = field(default_factory=list)
    told: asyncio.Event = field(default_factory=asyncio.Event)
    """A letter about a new device came."""

    async def state(self, _: GetMailState, __: Caller) -> MailState:
        if self.away:
            raise Unavailable("The mail is away.")
        return MailState(self.on, 0, 0, 0, Seconds(0), "")

    async def send(self, letter: SendLetter, _: Caller) -> Empty:
        self.letters.append(letter)
        if letter.kind == "new-device":
            self.told.set()
        return Empty()

    def code(self) -> str:
        """The newest code."""
        return next(letter.values["code"] for letter in reversed(self.letters) if letter.kind == "code")


@pytest.fixture
async def post(office: Office) -> Post:
    post = Post()
    office.bus.serve(GetMailState, post.state)
    office.bus.serve(SendLetter, post.send)
    return post


async def sign_in(office: Office, post: Post, login: str = "orlova", **more: Any) -> LoginReply:
    """With the code that comes."""
    first = await office.login(login, **more)
    assert first.error == "need-code", first
    reply = await office.login(login, code=post.code(), **more)
    assert reply.status == "ok", reply
    return reply


async def test_new_device_needs_the_code(office: Office, post: Post) -> None:
    await office.hire("Орлова", EMAIL, login="orlova")
    refused = await office.login("orlova", deviceName="Ноутбук", client="web")
    assert (refused.status, refused.error, refused.tokens) == ("error", "need-code", None)
    assert "o…@example.org" in refused.text
    assert "orlova@example.org" not in refused.text
    [letter] = post.letters
    assert (letter.to, letter.kind, letter.expires) == ("orlova@example.org", "code", 600)
    assert letter.values["device"] == "Ноутбук web"
    assert re.fullmatch(r"\d{6}", post.code())
    reply = await office.login("orlova", code=post.code())
    assert (reply.status, reply.error) == ("ok", "")
    assert (await office.login("orlova", device=reply.device)).status == "ok"
    assert len(post.letters) == 1


async def test_code_is_good_once(office: Office, post: Post) -> None:
    await office.hire("Орлова", EMAIL, login="orlova")
    await sign_in(office, post)
    assert (await office.login("orlova", code=post.code())).error == "bad-code"


async def test_wrong_password_tells_nothing_of_the_second_factor(office: Office, post: Post) -> None:
    await office.hire("Орлова", EMAIL, login="orlova")
    for code in ("", "000000"):
        assert (await office.login("orlova", "wrong password", code=code)).error == "bad-login-psw"
    assert post.letters == []


async def test_code_grows_old(office: Office, post: Post) -> None:
    await office.hire("Орлова", EMAIL, login="orlova")
    await office.login("orlova")
    office.clock.advance(LIFE)
    assert (await office.login("orlova", code=post.code())).error == "bad-code"


async def test_five_wrong_codes_end_it(office: Office, post: Post) -> None:
    await office.hire("Орлова", EMAIL, login="orlova")
    await office.login("orlova")
    right = post.code()
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    for _ in range(TRIES):
        assert (await office.login("orlova", code=wrong)).error == "bad-code"
    assert (await office.login("orlova", code=right)).error == "too-many-requests"
    office.clock.advance(PAUSE)
    assert (await office.login("orlova")).error == "need-code"
    assert (await office.login("orlova", code=post.code())).status == "ok"


@pytest.mark.parametrize("code", ["0", "x" * 5000, "١٢٣٤٥٦", " ", "\0", "000000\n"])
async def test_nonsense_codes(office: Office, post: Post, code: str) -> None:
    await office.hire("Орлова", EMAIL, login="orlova")
    await office.login("orlova")
    assert (await office.login("orlova", code=code)).error in ("bad-code", "need-code")


async def test_letters_are_limited_and_answers_stay_the_same(office: Office, post: Post) -> None:
    await office.hire("Орлова", EMAIL, login="orlova")
    first = await office.login("orlova")
    assert await office.login("orlova") == first
    assert len(post.letters) == 1
    for _ in range(LETTERS + 3):
        office.clock.advance(PAUSE)
        assert await office.login("orlova") == first
    assert len(post.letters) == LETTERS
    office.clock.advance(WINDOW)
    await office.login("orlova")
    assert len(post.letters) == LETTERS + 1


async def test_code_of_one_person_is_nothing_to_another(office: Office, post: Post) -> None:
    await office.hire("Орлова", EMAIL, login="orlova")
    await office.hire("Белов", CardField("email", "belov@example.org"), login="belov")
    await office.login("orlova")
    theirs = post.code()
    await office.login("belov")
    assert (await office.login("belov", code=theirs)).error in ("bad-code",)


async def test_device_of_another_person_is_not_known(office: Office, post: Post) -> None:
    await office.hire("Орлова", EMAIL, login="orlova")
    await office.hire("Белов", CardField("email", "belov@example.org"), login="belov")
    reply = await sign_in(office, post)
    assert (await office.login("belov", device=reply.device)).error == "need-code"


async def test_device_stays_known_after_its_own_sign_out(office: Office, post: Post) -> None:
    cid = await office.hire("Орлова", EMAIL, login="orlova")
    reply = await sign_in(office, post)
    caller = office.person(cid)
    await office.call(Logout(), Caller(caller.role, cid, caller.session, reply.device))
    again = await office.login("orlova", device=reply.device)
    assert again.status == "ok"
    assert (await office.login("orlova", device=again.device)).status == "ok"


@pytest.mark.parametrize("how", ["end-session", "password", "deactivated"])
async def test_device_that_was_ended_is_a_stranger(office: Office, post: Post, how: str) -> None:
    cid = await office.hire("Орлова", EMAIL, login="orlova")
    mine = await sign_in(office, post)
    office.clock.advance(PAUSE)
    other = await sign_in(office, post)
    caller = Caller(office.person(cid).role, cid, device=mine.device)
    password = PASSWORD
    if how == "end-session":
        await office.call(EndSession(other.device), caller)
    elif how == "password":
        password = "another password"
        await office.call(ChangePassword(PASSWORD, password), caller)
    else:
        await office.call(SetAccountActive(cid, False))
        await office.call(SetAccountActive(cid, True))

    async def stranger() -> bool:
        return (await office.login("orlova", password, device=other.device)).error == "need-code"

    await office.eventually(stranger)


async def test_everything_is_as_before_without_mail(office: Office, post: Post) -> None:
    post.on = False
    cid = await office.hire("Орлова", EMAIL, login="orlova")
    reply = await office.login("orlova")
    assert reply.status == "ok"
    post.on = True
    assert (await office.login("orlova", device=reply.device)).status == "ok"
    assert (await office.login("orlova")).error == "need-code"
    await office.settings.set("server.second-factor", "on", False, "test")
    assert (await office.login("orlova")).status == "ok"
    sessions = await office.bus.call(GetSessions(), office.person(cid))
    assert len(sessions) == 2


async def test_login_that_is_an_address_gets_the_code(office: Office, post: Post) -> None:
    await office.hire("Орлова", login="orlova@example.org")
    await office.login("orlova@example.org")
    assert post.letters[0].to == "orlova@example.org"


async def test_person_without_address(office: Office, post: Post) -> None:
    await office.hire("Орлова", login="orlova")
    assert (await office.login("orlova")).status == "ok"
    await office.settings.set("server.second-factor", "without_address", "refuse", "test")
    refused = await office.login("orlova")
    assert refused.error == "access-denied"
    assert "address" in refused.text


async def test_old_client_gets_a_readable_refusal(office: Office, post: Post) -> None:
    await office.hire("Орлова", EMAIL, login="orlova")
    login = declared("login")
    assert login is not None
    command = login.decode(b'{"login": "orlova", "password": "correct horse", "client": "pc", "APILevel": "0"}')
    grant = await office.call(command, office.stranger())
    assert grant.caller.cid == 0
    assert (grant.reply.status, grant.reply.error) == ("error", "need-code")
    assert "must be updated" in grant.reply.text


async def test_token_needs_no_code(office: Office, post: Post) -> None:
    await office.hire("Орлова", EMAIL, login="orlova")
    reply = await sign_in(office, post)
    assert reply.tokens is not None
    grant = await office.call(Login(token=reply.tokens.access_token, api_level=9), office.stranger())
    assert grant.reply.status == "ok"


async def test_letter_about_a_new_device_but_not_about_the_first(office: Office, post: Post) -> None:
    await office.hire("Орлова", EMAIL, CardField("name", "Анна"), login="orlova")
    first = await sign_in(office, post)
    assert {letter.kind for letter in post.letters} == {"code"}
    await office.login("orlova", device=first.device)
    office.clock.advance(PAUSE)
    await sign_in(office, post, deviceName="Телефон")

    await asyncio.wait_for(post.told.wait(), 5)
    values = post.letters[-1].values
    assert (values["name"], values["login"], values["address"]) == ("Анна Орлова", "orlova", "192.0.2.7")
    assert values["device"] == "Телефон"
    assert len([one for one in post.letters if one.kind == "new-device"]) == 1


async def test_mail_that_went_away_lets_nobody_slip_in(office: Office, post: Post) -> None:
    await office.hire("Орлова", EMAIL, login="orlova")
    await office.login("orlova")

    post.away = True
    with pytest.raises(RoschatError, match="away"):
        await office.login("orlova")


def test_masked() -> None:
    assert masked("orlova@example.org") == "o…@example.org"
