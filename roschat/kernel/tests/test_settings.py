"""Settings in the database: checked, remembered, rolled back, live in every process, and secrets that stay inside."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

import pytest
from msgspec import Meta, Struct

from roschat.kernel.bus_local import LocalBus
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid, NotFound
from roschat.kernel.options import option
from roschat.kernel.settings import HIDDEN, Live, Settings
from roschat.wire.settings import SettingsChanged


class Deep(Struct, frozen=True):
    depth: int = 1


class Files(Struct, frozen=True, forbid_unknown_fields=True):
    largest: Annotated[int, Meta(ge=1, le=1000)] = 50
    smallest: int = 0
    key: Annotated[str, option("Key", "Ключ", secret=True, max_length=30)] = ""
    names: list[str] = []
    deep: Deep = Deep()

    def __post_init__(self) -> None:
        if self.smallest > self.largest:
            raise ValueError("smallest must not be larger than largest")


@pytest.fixture
async def settings(db: Database, bus: LocalBus) -> Settings:
    return Settings(db, bus)


@pytest.fixture
async def live(settings: Settings) -> Live[Files]:
    return await settings.section("files", Files)


@pytest.fixture
async def other_process(dsn: str, bus: LocalBus) -> AsyncIterator[Settings]:
    """Hears the same bus, as over NATS."""
    db = Database(dsn, bus)
    await db.open()
    yield Settings(db, bus)
    await db.close()


async def test_defaults(settings: Settings, live: Live[Files]) -> None:
    assert live.value == Files()
    shown = {"largest": 50, "smallest": 0, "key": "", "names": [], "deep.depth": 1}
    assert await settings.get("files") == shown
    assert await settings.history("files") == []
    assert [o.key for o in settings.sections()["files"]] == list(shown)


async def test_change_is_live_and_stays(settings: Settings, live: Live[Files], db: Database) -> None:
    heard: list[int] = []
    live.on_change(lambda value: heard.append(value.largest))
    await settings.set("files", "largest", 60, "admin")
    await settings.set("files", "largest", "70", "admin")
    await settings.set("files", "deep.depth", 3, "admin")
    await settings.set("files", "names", ["a", "b"], "admin")
    assert live.value == Files(largest=70, names=["a", "b"], deep=Deep(3))
    assert heard[:2] == [60, 70]
    again = await Settings(db, LocalBus()).section("files", Files)
    assert again.value == live.value


async def test_other_processes_hear_of_it(
    settings: Settings, live: Live[Files], other_process: Settings, bus: LocalBus
) -> None:
    theirs = await other_process.section("files", Files)
    changed = asyncio.Event()
    theirs.on_change(lambda value: changed.set())
    await settings.set("files", "largest", 60, "admin")
    await asyncio.wait_for(changed.wait(), 10)
    assert theirs.value.largest == 60


async def test_missed_event_is_made_good_by_refresh(settings: Settings, live: Live[Files], db: Database) -> None:
    deaf = Settings(db, LocalBus())
    theirs = await deaf.section("files", Files)
    await settings.set("files", "largest", 60, "admin")
    assert theirs.value.largest == 50
    await deaf.refresh()
    assert theirs.value.largest == 60


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("largest", 1001, "Setting files.largest cannot be 1001: Expected `int` <= 1000"),
        ("largest", "many", "Setting files.largest cannot be 'many': Expected `int`, got `str`"),
        ("largest", None, "Setting files.largest cannot be None: Expected `int`, got `null`"),
        ("smallest", 51, "Setting files.smallest cannot be 51: smallest must not be larger than largest"),
        ("largets", 1, "Section 'files' has no setting 'largets'; did you mean 'largest'?"),
        ("deep", {}, "Section 'files' has no setting 'deep'"),
    ],
)
async def test_bad_value_changes_nothing(
    settings: Settings, live: Live[Files], key: str, value: object, text: str
) -> None:
    with pytest.raises(Invalid) as caught:
        await settings.set("files", key, value, "admin")
    assert text in caught.value.text
    assert live.value == Files()
    assert await settings.history("files") == []


async def test_unknown_section(settings: Settings, live: Live[Files]) -> None:
    with pytest.raises(Invalid, match="no settings section 'flies'; did you mean 'files'"):
        await settings.get("flies")


async def test_history_and_rollback(settings: Settings, live: Live[Files]) -> None:
    await settings.set("files", "largest", 60, "anna")
    await settings.set("files", "smallest", 5, "boris")
    await settings.set("files", "largest", 70, "boris")
    await settings.set("files", "largest", 70, "boris")  # the same value is no change
    changes = await settings.history("files")
    assert [(c.who, c.key, c.before, c.after) for c in changes] == [
        ("boris", "largest", 60, 70),
        ("boris", "smallest", None, 5),
        ("anna", "largest", None, 60),
    ]
    assert changes[0].time >= changes[-1].time > 1_600_000_000
    assert [c.after for c in await settings.history("files", "largest")] == [70, 60]
    assert [c.after for c in await settings.history("files", limit=1, before=changes[0].id)] == [5]

    await settings.rollback(changes[0].id, "anna")
    assert live.value.largest == 60
    await settings.rollback(changes[2].id, "anna")
    assert live.value.largest == 50
    latest = (await settings.history("files"))[0]
    assert (latest.who, latest.before, latest.after) == ("anna", 60, None)
    with pytest.raises(NotFound, match="99999"):
        await settings.rollback(99999, "anna")


async def test_rollback_that_breaks_a_rule_now(settings: Settings, live: Live[Files]) -> None:
    await settings.set("files", "largest", 60, "anna")
    await settings.set("files", "smallest", 55, "anna")
    first = (await settings.history("files"))[-1]
    with pytest.raises(Invalid, match="smallest must not be larger"):
        await settings.rollback(first.id, "anna")
    assert live.value.largest == 60


async def test_reset_goes_back_to_the_default(settings: Settings, live: Live[Files]) -> None:
    await settings.set("files", "largest", 60, "anna")
    await settings.reset("files", "largest", "anna")
    await settings.reset("files", "largest", "anna")
    assert live.value.largest == 50
    assert len(await settings.history("files")) == 2


async def test_secret_never_comes_out(
    settings: Settings, live: Live[Files], db: Database, bus: LocalBus, caplog: pytest.LogCaptureFixture
) -> None:
    events: list[SettingsChanged] = []
    bus.subscribe(SettingsChanged, lambda event: events.append(event))
    await settings.set("files", "key", "hunter2", "anna")
    await settings.set("files", "key", HIDDEN, "anna")
    await settings.set("files", "key", "hunter2 again", "anna")
    assert live.value.key == "hunter2 again"
    assert (await settings.get("files"))["key"] == HIDDEN
    changes = await settings.history("files")
    assert [(c.before, c.after, c.secret) for c in changes] == [(HIDDEN, HIDDEN, True)] * 2
    async with db.reading() as tx:
        assert (
            await tx.value("SELECT count(*) FROM kernel.setting_change WHERE before IS NOT NULL OR after IS NOT NULL")
            == 0
        )
    with pytest.raises(Invalid, match="is secret"):
        await settings.rollback(changes[0].id, "anna")
    with pytest.raises(Invalid) as caught:
        await settings.set("files", "key", "hunter2" * 10, "anna")
    assert "hunter2" not in caught.value.text + repr(events) + repr(changes) + caplog.text


async def test_two_administrators_at_once_keep_the_rules(settings: Settings, live: Live[Files]) -> None:
    results = await asyncio.gather(
        settings.set("files", "smallest", 40, "anna"),
        settings.set("files", "largest", 30, "boris"),
        return_exceptions=True,
    )
    assert [type(result) for result in results].count(Invalid) == 1
    assert live.value.smallest <= live.value.largest


async def test_keys_of_another_version_are_kept_but_not_used(
    settings: Settings, db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async with db.transaction() as tx:
        await tx.run("INSERT INTO kernel.setting (section, key, value) VALUES ('files', 'of_tomorrow', '1')")
    live = await settings.section("files", Files)
    await settings.set("files", "largest", 60, "anna")
    assert live.value == Files(largest=60)
    assert "'of_tomorrow'" in caplog.text
    async with db.reading() as tx:
        assert await tx.value("SELECT count(*) FROM kernel.setting") == 2


async def test_stored_value_that_breaks_a_rule(settings: Settings, db: Database) -> None:
    async with db.transaction() as tx:
        await tx.run("INSERT INTO kernel.setting (section, key, value) VALUES ('files', 'largest', '5000')")
    with pytest.raises(Invalid, match="Setting files is not valid: Expected `int` <= 1000"):
        await settings.section("files", Files)
    await settings.set("files", "largest", 500, "anna")
    assert (await settings.section("files", Files)).value.largest == 500


def test_failing_listener_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    live = Live(Files())
    heard: list[int] = []

    def fail(value: Files) -> None:
        raise ValueError("no good")

    live.on_change(fail)
    live.on_change(lambda value: heard.append(value.largest))
    live.become(Files(largest=60))
    live.become(Files(largest=60))
    assert heard == [60]
    assert "no good" in caplog.text
