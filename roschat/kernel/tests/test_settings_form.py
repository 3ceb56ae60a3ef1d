"""Several values of a section at once: all or none, a reason beside every bad field, the difference between moments."""

from typing import Annotated, Literal

import pytest
from msgspec import Struct

from roschat.kernel import audit, formats
from roschat.kernel.bus_local import LocalBus
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid
from roschat.kernel.options import option
from roschat.kernel.settings import DEFAULT, HIDDEN, Difference, Live, Settings
from roschat.types import ContactId, Role
from roschat.wire.message import Caller
from roschat.wire.settings import SettingsChanged

ANNA = Caller(role=Role.ADMIN, cid=ContactId(1), address="10.0.0.1", name="anna", request="r1")


class Ports(Struct, frozen=True):
    __title__ = ("Voice ports", "Речевые порты")

    host: Annotated[str, option("Host", "Адрес", format="host", needed=True)] = ""
    low: Annotated[int, option("First port", "Минимальный порт", format="port", ge=1, le=65535)] = 49000
    high: Annotated[int, option("Last port", "Максимальный порт", format="port", ge=1, le=65535)] = 49150
    realm: Annotated[str, option("Realm", "Realm", min_length=1, max_length=8)] = "ros"
    way: Annotated[Literal["udp", "tcp"], option("Way", "Способ", restarts="turn")] = "udp"
    letters: Annotated[str, option("Letters", "Буквы", pattern="^[a-z]*$")] = ""
    share: Annotated[float, option("Share", "Доля", gt=0, lt=1)] = 0.5
    secret: Annotated[str, option("Secret", "Секрет", secret=True, max_length=20)] = ""
    names: list[str] = []
    on: bool = False

    def __post_init__(self) -> None:
        if self.high < self.low:
            formats.refuse({"high": "max-below-min"})


@pytest.fixture
def bus() -> LocalBus:
    return LocalBus()


@pytest.fixture
async def settings(db: Database, bus: LocalBus) -> Settings:
    return Settings(db, bus)


@pytest.fixture
async def live(settings: Settings) -> Live[Ports]:
    return await settings.section("ports", Ports)


async def test_values_are_written_together(settings: Settings, live: Live[Ports], db: Database) -> None:
    applied = await settings.change({"ports": {"host": " turn.example.org ", "low": "50000", "high": 50100}}, ANNA)
    assert live.value == Ports(host="turn.example.org", low=50000, high=50100)
    assert applied.changes == [
        Difference("ports", "host", "", "turn.example.org"),
        Difference("ports", "low", 49000, 50000),
        Difference("ports", "high", 49150, 50100),
    ]
    assert applied.restarts == []
    async with db.reading() as tx:
        entry = (await audit.entries(tx, audit.Search(action="change-settings")))[0]
    assert (entry.who, entry.address, entry.subject) == ("anna", "10.0.0.1", "ports")
    assert entry.before == {"host": "", "low": 49000, "high": 49150}
    assert entry.after == {"host": "turn.example.org", "low": 50000, "high": 50100}


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"host": ""}, {"host": "empty"}),
        ({"host": "  "}, {"host": "empty"}),
        ({"host": "t", "low": "8x", "high": 65536}, {"host": "bad-host", "low": "bad-port", "high": "bad-port"}),
        ({"low": ""}, {"low": "empty"}),
        ({"low": -1}, {"low": "bad-port"}),
        ({"low": 49151}, {"high": "max-below-min"}),
        ({"realm": ""}, {"realm": "empty"}),
        ({"realm": "x" * 9}, {"realm": "too-long"}),
        ({"realm": 7}, {"realm": "bad-value"}),
        ({"way": "pigeon"}, {"way": "bad-value"}),
        ({"letters": "A"}, {"letters": "bad-value"}),
        ({"share": 0}, {"share": "too-small"}),
        ({"share": 1}, {"share": "too-large"}),
        ({"share": "half"}, {"share": "bad-value"}),
        ({"secret": "x" * 21}, {"secret": "too-long"}),
        ({"names": "one"}, {"names": "bad-value"}),
        ({"names": [1]}, {"names": "bad-value"}),
        ({"on": "perhaps"}, {"on": "bad-value"}),
    ],
)
async def test_every_bad_field_has_its_reason_and_nothing_is_written(
    settings: Settings, live: Live[Ports], values: dict[str, object], fields: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as caught:
        await settings.change({"ports": {"host": "turn.example.org"} | values}, ANNA)
    assert caught.value.fields == fields
    assert set(fields.values()) <= formats.REASONS.keys()
    assert live.value == Ports()
    assert await settings.history("ports") == []


async def test_all_sections_or_none(settings: Settings, live: Live[Ports]) -> None:
    class Other(Struct, frozen=True):
        size: int = 1

    other = await settings.section("other", Other)
    with pytest.raises(Invalid):
        await settings.change({"other": {"size": 2}, "ports": {"host": "t"}}, ANNA)
    assert other.value.size == 1
    await settings.change({"other": {"size": 2}, "ports": {"low": 1}}, ANNA)
    assert (other.value.size, live.value.low) == (2, 1)


async def test_what_stays_is_not_written(settings: Settings, live: Live[Ports], bus: LocalBus) -> None:
    told: list[SettingsChanged] = []
    bus.subscribe(SettingsChanged, lambda event: told.append(event))
    applied = await settings.change({"ports": {"low": "49000", "way": "udp", "names": []}}, ANNA)
    assert applied.changes == []
    assert await settings.history("ports") == []
    assert told == []


async def test_default_takes_a_value_back(settings: Settings, live: Live[Ports]) -> None:
    await settings.change({"ports": {"way": "tcp"}}, ANNA)
    assert (await settings.change({"ports": {"way": DEFAULT}}, ANNA)).restarts == ["turn"]
    assert live.value == Ports()
    assert (await settings.history("ports"))[0].after is None


async def test_secrets_stay_inside(settings: Settings, live: Live[Ports], db: Database) -> None:
    applied = await settings.change({"ports": {"secret": "hunter2"}}, ANNA)
    assert applied.changes == [Difference("ports", "secret", "", HIDDEN, True)]
    assert (await settings.change({"ports": {"secret": HIDDEN, "low": 7}}, ANNA)).changes[0].key == "low"
    assert live.value.secret == "hunter2"
    assert await settings.stored() == {"ports": {"low": 7}}
    async with db.reading() as tx:
        entries = await audit.entries(tx, audit.Search())
    assert "hunter2" not in repr(entries)


async def test_plan_changes_nothing(settings: Settings, live: Live[Ports]) -> None:
    assert await settings.plan("ports", {"low": 5}) == [Difference("ports", "low", 49000, 5)]
    with pytest.raises(Invalid):
        await settings.plan("ports", {"low": 0})
    assert live.value == Ports()


async def test_rollback_is_recorded(settings: Settings, live: Live[Ports], db: Database) -> None:
    await settings.change({"ports": {"low": 5}}, ANNA)
    change = (await settings.history(""))[0]
    applied = await settings.rollback(change.id, "boris", ANNA)
    assert applied.changes == [Difference("ports", "low", 5, 49000)]
    assert live.value.low == 49000
    async with db.reading() as tx:
        assert len(await audit.entries(tx, audit.Search(action="change-settings"))) == 2


async def test_difference_between_two_moments(settings: Settings, live: Live[Ports]) -> None:
    await settings.change({"ports": {"low": 5, "realm": "a"}}, ANNA)
    start = (await settings.history("ports"))[0].time
    await settings.change({"ports": {"low": 6, "realm": "b", "secret": "x"}}, ANNA)
    await settings.change({"ports": {"low": 7, "realm": "a"}}, ANNA)
    end = (await settings.history("ports"))[0].time
    assert await settings.differences(start, end) == [
        Difference("ports", "low", 5, 7),
        Difference("ports", "secret", HIDDEN, HIDDEN, True),
    ]
    assert await settings.differences(end, end + 1) == []


async def test_a_process_edits_sections_of_others(settings: Settings, live: Live[Ports], db: Database) -> None:
    async with db.transaction() as tx:
        await tx.run(
            "INSERT INTO kernel.setting_section VALUES ('logs', 'roschat.kernel.log_file:Settings'), "
            "('gone', 'roschat.modules.gone.settings:Settings'), ('foreign', 'os:system'), "
            "('no_struct', 'roschat.kernel.log_file:log')"
        )
    await settings.discover()
    assert set(settings.sections()) == {"logs", "ports"}
    assert (await settings.get("logs")).keys()
    assert settings.titles("ports") == ("Voice ports", "Речевые порты")


async def test_a_section_of_an_unknown_name(settings: Settings) -> None:
    with pytest.raises(Invalid, match="no settings section 'prots'"):
        await settings.change({"prots": {}}, ANNA)
