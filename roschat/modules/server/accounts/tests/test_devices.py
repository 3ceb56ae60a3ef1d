"""Devices: listed, ended, limited; deactivation; changing a password."""

from pathlib import Path

import pytest

from roschat.kernel.bus_local import LocalBus
from roschat.kernel.clock import ManualClock
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid, NotFound, NotSignedIn, RoschatError
from roschat.modules.server.accounts.api import (
    AddAccount,
    AuthenticateToken,
    ChangePassword,
    DevicesEnded,
    EndSession,
    GetAccount,
    GetSessions,
    Login,
    LoginReply,
    Logout,
    RefreshToken,
    SetAccountActive,
)
from roschat.modules.server.accounts.devices import Devices
from roschat.modules.server.accounts.settings import DAY, Settings
from roschat.modules.server.accounts.tests.office import PASSWORD, Office, opened_office
from roschat.modules.server.accounts.tokens import BadToken, Bearer
from roschat.modules.server.directory.api import GetContact, SetContactActive
from roschat.types import ContactId, DeviceId
from roschat.wire.session import SessionOpened, SessionsEnded


async def dead(office: Office, reply: LoginReply) -> bool:
    """Whether neither token of a device is good."""
    assert reply.tokens is not None
    try:
        await office.call(AuthenticateToken(reply.tokens.access_token))
    except NotSignedIn:
        with pytest.raises(RoschatError):
            await office.call(RefreshToken(reply.tokens.refresh_token), office.stranger())
        return True
    return False


async def test_sessions_are_listed_with_the_current_one(office: Office) -> None:
    await office.hire("Орлова", login="orlova")
    await office.login("orlova", deviceName="Телефон", client="android")
    office.clock.advance(10)
    here = await office.connect("orlova", device="Ноутбук")
    views = await office.call(GetSessions(), here)
    assert [(v.name, v.online, v.current) for v in views] == [("Ноутбук", True, True), ("Телефон", False, False)]
    assert views[1].client == "android"
    assert views[0].created_time - views[1].created_time == 10


async def test_logout_ends_this_device_only(office: Office) -> None:
    cid = await office.hire("Орлова", login="orlova")
    first, second = await office.login("orlova"), await office.login("orlova")
    ended = office.collect(SessionsEnded)
    grant_caller = office.person(cid)
    await office.call(Logout(), type(grant_caller)(grant_caller.role, cid, device=first.device))
    assert [event.device for event in ended] == [first.device]
    assert await dead(office, first)
    assert not await dead(office, second)


async def test_one_session_or_all_others_can_be_ended(office: Office) -> None:
    await office.hire("Орлова", login="orlova")
    away = [await office.login("orlova") for _ in range(3)]
    here = await office.connect("orlova")
    await office.call(EndSession(away[0].device), here)
    assert [await dead(office, reply) for reply in away] == [True, False, False]
    await office.call(EndSession(), here)
    assert [await dead(office, reply) for reply in away] == [True, True, True]
    assert [view.id for view in await office.call(GetSessions(), here)] == [here.device]


async def test_nobody_ends_the_session_of_another(office: Office) -> None:
    await office.hire("Орлова", login="orlova")
    await office.hire("Чужой", login="stranger")
    reply = await office.login("orlova")
    with pytest.raises(NotFound):
        await office.call(EndSession(reply.device), await office.connect("stranger"))
    assert not await dead(office, reply)


async def test_the_longest_unseen_device_makes_room(office: Office) -> None:
    cid = await office.hire("Орлова", login="orlova")
    await office.settings.set("server.accounts", "max_devices", 2, who="test")
    replies = []
    for _ in range(3):
        replies.append(await office.login("orlova"))
        office.clock.advance(1)
    assert [await dead(office, reply) for reply in replies] == [True, False, False]
    devices = await office.call(GetSessions(), office.person(cid))
    assert len(devices) == 2


async def test_a_device_without_tokens_goes_with_its_socket(office: Office) -> None:
    cid = await office.hire("Орлова", login="orlova")
    caller = await office.connect("orlova", level=0)
    devices = await office.call(GetSessions(), office.person(cid))
    assert len(devices) == 1
    office.disconnect(caller)

    async def gone() -> bool:
        return await office.call(GetSessions(), office.person(cid)) == []

    await office.eventually(gone)


async def test_deactivation_ends_everything_at_once(office: Office) -> None:
    cid = await office.hire("Орлова", login="orlova")
    other = await office.hire("Другой", login="other")
    replies = [await office.login("orlova") for _ in range(2)]
    ended = office.collect(SessionsEnded)
    await office.call(SetAccountActive(cid, False))
    assert any(event.cid == cid and not event.device for event in ended)
    assert {event.cid for event in ended} == {cid}
    assert [await dead(office, reply) for reply in replies] == [True, True]
    assert not (await office.call(GetContact(cid), office.person(other))).active
    assert not (await office.call(GetAccount(cid))).active
    await office.call(SetAccountActive(cid, True))
    assert [await dead(office, reply) for reply in replies] == [True, True]
    assert (await office.login("orlova")).status == "ok"


async def test_a_directory_that_deactivates_ends_sessions_too(office: Office) -> None:
    cid = await office.hire("Орлова", login="orlova")
    reply = await office.login("orlova")
    ended = office.collect(SessionsEnded)
    await office.call(SetContactActive(cid, False))
    await office.until(lambda: bool(ended))
    assert await dead(office, reply)


async def test_revocation_survives_a_restart(dsn: str, tmp_path: Path) -> None:
    async with opened_office(dsn, tmp_path) as office:
        await office.hire("Орлова", login="orlova")
        ended, alive = await office.login("orlova"), await office.login("orlova")
        await office.call(EndSession(ended.device), await office.connect("orlova"))
    async with opened_office(dsn, tmp_path) as office:
        assert await dead(office, ended)
        assert not await dead(office, alive)


async def test_a_new_password_signs_the_other_devices_out(office: Office) -> None:
    await office.hire("Орлова", login="orlova")
    away = await office.login("orlova")
    here = await office.connect("orlova")
    await office.call(ChangePassword(PASSWORD, "another horse"), here)
    assert await dead(office, away)
    assert [view.id for view in await office.call(GetSessions(), here)] == [here.device]
    assert (await office.login("orlova", PASSWORD)).status == "error"
    assert (await office.login("orlova", "another horse")).status == "ok"


@pytest.mark.parametrize(
    "new", ["short", "orlova.anna", "ORLOVA.ANNA@ros.chat", "Password123", "aaaaaaaaaa", "x" * 257]
)
async def test_easy_passwords_are_refused(office: Office, new: str) -> None:
    cid = await office.hire("Орлова", login="orlova.anna@ros.chat")
    here = office.person(cid)
    with pytest.raises(Invalid) as refused:
        await office.call(ChangePassword(PASSWORD, new), here)
    assert new not in refused.value.text
    with pytest.raises(Invalid):
        await office.call(AddAccount(cid, "orlova.anna@ros.chat", new))
    assert (await office.login("orlova.anna@ros.chat")).status == "ok"


async def test_the_old_password_is_needed_and_guarded(office: Office) -> None:
    cid = await office.hire("Орлова", login="orlova")
    codes = []
    for _ in range(6):
        with pytest.raises(RoschatError) as refused:
            await office.call(ChangePassword("wrong one", "another horse"), office.person(cid))
        codes.append(refused.value.code)
    assert codes == ["bad-login-psw"] * 5 + ["too-many-requests"]


async def test_a_password_set_by_the_administrator_signs_out(office: Office) -> None:
    cid = await office.hire("Орлова", login="orlova")
    reply = await office.login("orlova")
    await office.call(AddAccount(cid, "anna", "another horse"))
    assert await dead(office, reply)
    assert (await office.login("orlova", "another horse")).status == "error"
    assert (await office.login("anna", "another horse")).status == "ok"


@pytest.mark.parametrize("login", ["", "with blank", "tab\tin it", "x" * 129])
async def test_bad_logins_are_refused(office: Office, login: str) -> None:
    cid = await office.hire("Орлова")
    with pytest.raises(Invalid):
        await office.call(AddAccount(cid, login, PASSWORD))


async def test_a_device_signed_out_during_its_sign_in_is_closed(office: Office) -> None:
    await office.hire("Орлова", login="orlova")
    late = (await office.call(Login("orlova", PASSWORD, api_level=9), office.stranger())).caller
    await office.call(EndSession(), await office.connect("orlova"))
    ended = office.collect(SessionsEnded)
    office.bus.publish(SessionOpened(late))
    assert [(event.cid, event.device) for event in ended] == [(late.cid, late.device)]


async def test_a_clock_that_jumps_brings_no_signed_out_device_back(db: Database) -> None:
    clock = ManualClock()
    devices = Devices(db, LocalBus(), Settings, clock)
    bearer = Bearer(ContactId(1), DeviceId("phone"))
    devices.ended(DevicesEnded(bearer.cid, (bearer.device,)))
    for jump in (2 * DAY, -2 * DAY):
        clock.jump(jump)
        await devices.load()
        with pytest.raises(BadToken):
            devices.check(bearer)
    clock.advance(2 * DAY)
    await devices.load()
    devices.check(bearer)
