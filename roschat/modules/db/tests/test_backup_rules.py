"""When a backup is due, which ones go, what health says."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from roschat.modules.db import rules
from roschat.modules.db.rules import DAY
from roschat.modules.db.settings import Settings
from roschat.modules.db.shelf import Archive, Note

NOW = 1_790_000_000.0


@pytest.fixture(autouse=True)
def moscow(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def local(seconds: float) -> str:
    return time.strftime("%a %d.%m %H:%M", time.localtime(seconds))


def test_every_day_at_its_time() -> None:
    settings = Settings(schedule="daily", time="03:30")
    first = rules.next_time(settings, NOW)
    assert first > NOW
    assert local(first).endswith("03:30")
    assert rules.next_time(settings, first - 1) == first
    assert rules.next_time(settings, first) == first + DAY


def test_once_a_week_on_its_day() -> None:
    settings = Settings(schedule="weekly", weekday="thursday", time="23:59")
    first = rules.next_time(settings, NOW)
    assert local(first).startswith("Thu")
    assert rules.next_time(settings, first) == first + 7 * DAY


def test_the_clock_changes_and_the_time_of_day_stays() -> None:
    before = time.mktime((2026, 10, 24, 12, 0, 0, 0, 0, -1))
    due = rules.next_time(Settings(time="03:30"), before)
    assert local(due) == "Sun 25.10 03:30"
    assert local(rules.next_time(Settings(time="03:30"), due)) == "Mon 26.10 03:30"


def test_without_a_schedule() -> None:
    assert rules.next_time(Settings(schedule="off"), NOW) == 0


def archive(days: float, origin: str = "schedule") -> Archive:
    return Archive(f"{origin}-{days}", Path(), 1, sealed=False, note=Note(made=NOW - days * DAY, origin=origin))


def gone(archives: list[Archive], **settings: int) -> list[str]:
    return [found.name for found in rules.outdated(archives, Settings(**settings), NOW)]  # type: ignore[arg-type]


def test_too_many_and_too_old_go() -> None:
    ours = [archive(days) for days in range(5)]
    assert gone(ours, keep_count=3, keep_days=0) == ["schedule-3", "schedule-4"]
    assert gone(ours, keep_count=0, keep_days=2) == ["schedule-3", "schedule-4"]
    assert gone(ours, keep_count=0, keep_days=0) == []
    assert gone([archive(500)], keep_count=1, keep_days=1) == []  # the newest stays
    assert gone([archive(1), archive(90, "hand"), archive(90, "upload"), archive(90, "safety")]) == ["safety-90"]


@pytest.mark.parametrize(
    ("good", "failed", "prepared", "code"),
    [
        (NOW - DAY, 0, "", ""),
        (NOW - DAY, NOW - 2 * DAY, "", ""),
        (NOW - DAY, NOW - 60, "", "backup-failed"),
        (NOW - 2 * DAY, 0, "", "backup-old"),
        (0, 0, "", "backup-old"),
        (NOW - DAY, 0, "x.tar.gz", "restore-prepared"),
    ],
)
def test_health(good: float, failed: float, prepared: str, code: str) -> None:
    found = rules.health(Settings(), NOW, NOW - 10 * DAY, good, failed, "no room", prepared)
    assert found.code == code
    assert bool(found.ru) is bool(code)
    assert rules.health(Settings(schedule="off"), NOW, NOW - 10 * DAY, good, 0, "", "").text == ""


def test_a_new_installation_has_time() -> None:
    assert rules.health(Settings(), NOW, NOW - DAY, 0, 0, "", "").text == ""
