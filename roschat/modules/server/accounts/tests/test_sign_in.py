"""Signing in by password and by token, and everything that must not work."""

import logging
import time

import argon2
import msgspec
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from roschat.kernel.errors import Invalid, NotSignedIn, RoschatError
from roschat.kernel.passwords import Passwords
from roschat.modules.server.accounts.api import (
    AddAccount,
    AuthenticateToken,
    GetSessions,
    GetUserInfo,
    Login,
    RefreshToken,
    SetAccountActive,
)
from roschat.modules.server.accounts.tests.office import ADDRESS, PASSWORD, Office
from roschat.modules.server.directory.api import AddContact, CardField
from roschat.types import Role
from roschat.wire.declare import declared
from roschat.wire.message import Caller
from roschat.wire.session import SessionsEnded


async def test_level_9_gets_tokens_that_sign_in(office: Office) -> None:
    cid = await office.hire("Орлова", login="orlova@ros.chat")
    reply = await office.login("orlova@ros.chat")
    assert (reply.status, reply.uid, reply.api_level) == ("ok", cid, 9)
    assert reply.tokens is not None
    stranger = office.stranger()
    grant = await office.call(Login(token=reply.tokens.access_token, api_level=9, client="pc"), stranger)
    assert grant.caller == Caller(Role.PERSON, cid, stranger.session, reply.device, ADDRESS, 9, "pc")
    assert grant.reply.status == "ok"
    assert await office.call(AuthenticateToken(reply.tokens.access_token)) == cid


async def test_level_0_answer_is_that_of_old_clients(office: Office) -> None:
    cid = await office.hire("7000", login="7000@ros.chat")
    login = declared("login")
    assert login is not None
    payload = {"login": "7000@ros.chat", "password": PASSWORD, "client": "pc", "APILevel": "0", "silentMode": "false"}
    command = login.decode(msgspec.json.encode(payload))
    grant = await office.call(command, office.stranger())
    assert msgspec.json.decode(msgspec.json.encode(grant.reply)) == {"status": "ok", "uid": cid, "APILevel": 0}


@pytest.mark.parametrize("wrong", ["unknown login", "bad password", "inactive"])
async def test_all_failures_look_the_same(office: Office, wrong: str) -> None:
    cid = await office.hire("Орлова", login="orlova")
    if wrong == "inactive":
        await office.call(SetAccountActive(cid, False))
    stranger = office.stranger()
    command = Login("nobody" if wrong == "unknown login" else "orlova", "wrong!" if "bad" in wrong else PASSWORD)
    grant = await office.call(command, stranger)
    assert grant.caller == stranger
    assert msgspec.json.decode(msgspec.json.encode(grant.reply)) == {
        "status": "error",
        "error": "bad-login-psw",
        "text": "The login or the password is wrong.",
    }


async def test_unknown_login_costs_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    real = argon2.PasswordHasher.verify

    def verify(hasher: argon2.PasswordHasher, kept: str, password: str) -> bool:
        checked.append(kept)
        return real(hasher, kept, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", verify)
    passwords = Passwords()
    assert not await passwords.check("wrong", await passwords.hash(PASSWORD))
    assert not await passwords.check("wrong", None)
    assert not await passwords.check("nobody's password", None)
    passwords.close()
    assert len(checked) == 3
    assert len({str(argon2.extract_parameters(kept)) for kept in checked}) == 1


@pytest.mark.parametrize("typed", ["ORLOVA", "  orlova ", "ｏｒｌｏｖａ", "Orlova"])
async def test_logins_are_compared_without_case_and_width(office: Office, typed: str) -> None:
    await office.hire("Орлова", login="Orlova")
    assert (await office.login(typed)).status == "ok"


async def test_a_login_belongs_to_one_contact(office: Office) -> None:
    await office.hire("Орлова", login="straße")
    with pytest.raises(RoschatError) as refused:
        await office.hire("Другая", login="STRASSE")
    assert refused.value.code == "login-taken"


async def test_bots_have_no_account(office: Office) -> None:
    bot = await office.call(AddContact([CardField("name", "echo")], kind="bot", title="Эхо"))
    with pytest.raises(Invalid):
        await office.call(AddAccount(bot.cid, "echo-bot", PASSWORD))


async def test_a_socket_signs_in_once(office: Office) -> None:
    await office.hire("Орлова", login="orlova")
    caller = await office.connect("orlova")
    with pytest.raises(Invalid):
        await office.call(Login("orlova", PASSWORD), caller)


async def test_access_token_expires(office: Office) -> None:
    await office.hire("Орлова", login="orlova")
    tokens = (await office.login("orlova")).tokens
    assert tokens is not None
    office.clock.advance(tokens.expires_in - 1)
    await office.call(AuthenticateToken(tokens.access_token))
    office.clock.advance(1)
    with pytest.raises(NotSignedIn):
        await office.call(AuthenticateToken(tokens.access_token))
    grant = await office.call(Login(token=tokens.access_token), office.stranger())
    assert (grant.reply.status, grant.reply.error) == ("error", "bad-token")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", "я" * 50, "." * 5000])
async def test_nonsense_is_no_token(office: Office, token: str) -> None:
    with pytest.raises(NotSignedIn):
        await office.call(AuthenticateToken(token))
    with pytest.raises(RoschatError) as refused:
        await office.call(RefreshToken(token), office.stranger())
    assert refused.value.code == "bad-token"


async def test_another_servers_token_is_no_token(office: Office) -> None:
    key = OctKey.import_key(b"another server's key, 32 bytes..")
    claims = {"iss": "roschat", "sub": "1", "did": "x", "exp": int(office.clock.now()) + 100}
    with pytest.raises(NotSignedIn):
        await office.call(AuthenticateToken(jwt.encode({"alg": "HS256"}, claims, key)))


async def test_refresh_gives_a_new_pair(office: Office) -> None:
    cid = await office.hire("Орлова", login="orlova")
    first = (await office.login("orlova")).tokens
    assert first is not None
    office.clock.advance(1000)
    second = await office.call(RefreshToken(first.refresh_token), office.stranger())
    assert second.refresh_token != first.refresh_token
    assert await office.call(AuthenticateToken(second.access_token)) == cid
    third = await office.call(RefreshToken(second.refresh_token), office.stranger())
    assert third.refresh_token != second.refresh_token


async def test_a_refresh_whose_answer_was_lost_may_be_repeated(office: Office) -> None:
    await office.hire("Орлова", login="orlova")
    first = (await office.login("orlova")).tokens
    assert first is not None
    lost = await office.call(RefreshToken(first.refresh_token), office.stranger())
    office.clock.advance(30)
    again = await office.call(RefreshToken(first.refresh_token), office.stranger())
    office.clock.advance(600)
    await office.call(RefreshToken(again.refresh_token), office.stranger())
    with pytest.raises(RoschatError):
        await office.call(RefreshToken(lost.refresh_token), office.stranger())


@pytest.mark.parametrize("rotations", [1, 3])
async def test_a_stolen_refresh_token_ends_the_device(office: Office, rotations: int) -> None:
    cid = await office.hire("Орлова", login="orlova")
    ended = office.collect(SessionsEnded)
    reply = await office.login("orlova")
    assert reply.tokens is not None
    newest = reply.tokens
    for _ in range(rotations):
        newest = await office.call(RefreshToken(newest.refresh_token), office.stranger())
    office.clock.advance(61)
    with pytest.raises(RoschatError) as refused:
        await office.call(RefreshToken(reply.tokens.refresh_token), office.stranger())
    assert refused.value.code == "bad-token"
    assert [(event.cid, event.device) for event in ended] == [(cid, reply.device)]
    for dead in (newest, reply.tokens):
        with pytest.raises(NotSignedIn):
            await office.call(AuthenticateToken(dead.access_token))
        with pytest.raises(RoschatError):
            await office.call(RefreshToken(dead.refresh_token), office.stranger())


async def test_a_device_that_stays_away_too_long_signs_in_again(office: Office) -> None:
    await office.hire("Орлова", login="orlova")
    tokens = (await office.login("orlova")).tokens
    assert tokens is not None
    office.clock.advance(91 * 86_400)
    with pytest.raises(RoschatError) as refused:
        await office.call(RefreshToken(tokens.refresh_token), office.stranger())
    assert refused.value.code == "bad-token"


async def test_the_same_installation_stays_one_device(office: Office) -> None:
    cid = await office.hire("Орлова", login="orlova")
    first = await office.login("orlova")
    second = await office.login("orlova", device=first.device)
    assert second.device == first.device
    devices = await office.call(GetSessions(), office.person(cid))
    assert len(devices) == 1
    assert first.tokens is not None
    with pytest.raises(RoschatError):
        await office.call(RefreshToken(first.tokens.refresh_token), office.stranger())


async def test_a_device_of_another_is_not_taken_over(office: Office) -> None:
    await office.hire("Орлова", login="orlova")
    await office.hire("Чужой", login="stranger")
    first = await office.login("orlova")
    second = await office.login("stranger", device=first.device)
    assert second.device != first.device
    assert first.tokens is not None
    await office.call(AuthenticateToken(first.tokens.access_token))


async def test_tokens_are_stored_as_sums_only(office: Office) -> None:
    await office.hire("Орлова", login="orlova")
    tokens = (await office.login("orlova")).tokens
    assert tokens is not None
    async with office.db.reading() as tx:
        kept = await tx.value("SELECT string_agg(d::text || a::text, '') FROM server.device d, server.account a")
    assert tokens.refresh_token not in kept
    assert tokens.access_token not in kept
    assert PASSWORD not in kept


async def test_the_log_has_the_sign_in_without_secrets(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "roschat.audit")
    await office.hire("Орлова", login="orlova")
    tokens = (await office.login("orlova")).tokens
    await office.login("orlova", "a wrong one")
    assert tokens is not None
    assert "signed in: orlova from 192.0.2.7" in caplog.text
    assert "sign-in refused: bad-login-psw from 192.0.2.7" in caplog.text
    said = " ".join(str(record.__dict__) for record in caplog.records)
    assert not any(secret in said for secret in (PASSWORD, "a wrong one", tokens.access_token, tokens.refresh_token))


async def test_an_outdated_hash_is_made_anew(office: Office) -> None:
    cid = await office.hire("Орлова", login="orlova")
    weak = Passwords(time_cost=1, memory_cost=1024)
    old = await weak.hash(PASSWORD)
    weak.close()
    async with office.db.transaction() as tx:
        await tx.run("UPDATE server.account SET password = %s WHERE cid = %s", old, cid)
    assert (await office.login("orlova")).status == "ok"
    async with office.db.reading() as tx:
        kept = await tx.value("SELECT password FROM server.account WHERE cid = %s", cid)
    assert kept != old
    assert (await office.login("orlova")).status == "ok"


async def test_token_sign_ins_do_not_touch_the_database(office: Office) -> None:
    await office.hire("Орлова", login="orlova")
    tokens = (await office.login("orlova")).tokens
    assert tokens is not None
    await office.db.close()
    started = time.perf_counter()
    for _ in range(500):
        grant = await office.call(Login(token=tokens.access_token, api_level=9), office.stranger())
        assert grant.reply.status == "ok"
    assert time.perf_counter() - started < 0.5
    await office.db.open()


async def test_user_info(office: Office) -> None:
    cid = await office.hire("Орлова", login="orlova")
    info = await office.call(GetUserInfo(), office.person(cid))
    shown = msgspec.json.decode(msgspec.json.encode(info))
    expected = {"cid": cid, "login": "orlova", "phoneParams": {"type": "none"}, "extParams": {}}
    assert shown == {**expected, "maxFileSize": 52_428_800}
