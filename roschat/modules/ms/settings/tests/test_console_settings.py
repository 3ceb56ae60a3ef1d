"""Settings as the console sees them: what can be set, export, import with a preview."""

from typing import Annotated, Any

import pytest
from msgspec import Struct

from roschat.kernel.bus_local import LocalBus
from roschat.kernel.clock import ManualClock
from roschat.kernel.db import Database
from roschat.kernel.errors import Denied, Invalid
from roschat.kernel.options import option
from roschat.kernel.settings import Settings
from roschat.modules.ms.settings.api import SettingRefusal
from roschat.modules.ms.settings.service import FORMAT, AllSettings
from roschat.types import Role
from roschat.wire.message import Caller

ANNA = Caller(role=Role.ADMIN, name="anna", request="r")


class Letters(Struct, frozen=True):
    __title__ = ("Letters", "Письма")

    host: Annotated[str, option("Host", "Узел", format="host", description_ru="Чей", needed=True)] = ""
    port: Annotated[int, option("Port", "Порт", format="port", ge=1, le=65535, restarts="mail")] = 25
    password: Annotated[str, option("Password", "Пароль", secret=True)] = ""


@pytest.fixture
async def settings(db: Database) -> AllSettings:
    held = Settings(db, LocalBus())
    await held.section("letters", Letters)
    return AllSettings(held, ManualClock())


async def test_a_section_tells_all_of_itself(settings: AllSettings) -> None:
    (section,) = await settings.sections(ANNA)
    assert (section.name, section.title, section.title_ru) == ("letters", "Letters", "Письма")
    assert section.values == {"host": "", "port": 25, "password": ""}
    host, port, password = section.options
    assert (host.title_ru, host.description_ru, host.format, host.needed) == ("Узел", "Чей", "host", True)
    assert (port.type, port.restarts, port.bounds) == ("integer", "mail", {"ge": 1, "le": 65535})
    assert password.secret


async def test_put_says_what_restarts(settings: AllSettings) -> None:
    applied = await settings.put("letters", {"host": "mail.example.org", "port": 26}, ANNA)
    assert [(one.key, one.before, one.after) for one in applied.changes] == [
        ("host", "", "mail.example.org"),
        ("port", 25, 26),
    ]
    assert applied.restarts == ["mail"]
    assert [one.key for one in await settings.changes("", "", 0, 50, ANNA)] == ["port", "host"]
    with pytest.raises(Invalid, match="no settings section 'lettres'; did you mean 'letters'"):
        await settings.put("lettres", {}, ANNA)


async def test_export_leaves_secrets_out_and_says_so(settings: AllSettings) -> None:
    await settings.put("letters", {"host": "mail.example.org", "password": "hunter2"}, ANNA)
    made = await settings.export(ANNA)
    assert made.format == FORMAT
    assert made.sections == {"letters": {"host": "mail.example.org"}}
    assert made.secrets == ["letters.password"]


async def test_import_is_looked_at_then_applied(settings: AllSettings) -> None:
    wanted: dict[str, dict[str, Any]] = {"letters": {"host": "mail.example.org", "port": 25}}
    seen = await settings.take(wanted, ANNA, apply=False)
    assert ([one.key for one in seen.changes], seen.refused, seen.applied) == (["host"], [], False)
    assert (await settings.section("letters", ANNA)).values["host"] == ""
    done = await settings.take(wanted, ANNA, apply=True)
    assert done.applied
    assert (await settings.section("letters", ANNA)).values["host"] == "mail.example.org"
    assert (await settings.take(wanted, ANNA, apply=False)).changes == []


async def test_an_import_with_a_refusal_changes_nothing(settings: AllSettings) -> None:
    wanted: dict[str, dict[str, Any]] = {
        "letters": {"host": "t", "port": 26, "colour": "red"},
        "weather": {"sun": True},
    }
    seen = await settings.take(wanted, ANNA, apply=True)
    assert [(one.section, one.key, one.reason) for one in seen.refused] == [
        ("letters", "colour", "unknown"),
        ("letters", "host", "bad-host"),
        ("weather", "", "unknown"),
    ]
    assert isinstance(seen.refused[0], SettingRefusal)
    assert not seen.applied
    assert (await settings.section("letters", ANNA)).values["port"] == 25


async def test_rollback_and_comparison(settings: AllSettings) -> None:
    await settings.put("letters", {"port": 26}, ANNA)
    change = (await settings.changes("letters", "port", 0, 1, ANNA))[0]
    assert [one.after for one in await settings.compare(change.time - 1, change.time, ANNA)] == [26]
    await settings.rollback(change.id, ANNA)
    assert (await settings.section("letters", ANNA)).values["port"] == 25


class Gate(Struct, frozen=True):
    __owner__ = Role.SECURITY

    tries: Annotated[int, option("Tries", "Попыток", ge=1)] = 5


async def test_a_section_is_seen_and_changed_by_its_owner_alone(db: Database) -> None:
    held = Settings(db, LocalBus())
    await held.section("letters", Letters)
    await held.section("gate", Gate)
    settings = AllSettings(held, ManualClock())
    guard = Caller(role=Role.SECURITY, name="ivan", request="s")
    await settings.put("gate", {"tries": 3}, guard)
    await settings.put("letters", {"port": 26}, ANNA)
    assert [one.name for one in await settings.sections(ANNA)] == ["letters"]
    assert [one.name for one in await settings.sections(guard)] == ["gate"]
    assert [one.section for one in await settings.changes("", "", 0, 50, guard)] == ["gate"]
    assert [one.section for one in await settings.compare(0.0, 4e9, ANNA)] == ["letters"]
    assert "gate" not in (await settings.export(ANNA)).sections
    [change] = await settings.changes("gate", "", 0, 50, guard)
    for attempt in (
        settings.section("gate", ANNA),
        settings.put("gate", {"tries": 1000}, ANNA),
        settings.changes("gate", "", 0, 50, ANNA),
        settings.rollback(change.id, ANNA),
        settings.put("letters", {"port": 27}, guard),
    ):
        with pytest.raises(Denied):
            await attempt
    seen = await settings.take({"gate": {"tries": 1000}}, ANNA, apply=True)
    assert ([one.reason for one in seen.refused], seen.applied) == (["unknown"], False)
    assert (await settings.rollback(change.id, guard)).changes[0].after == 5
