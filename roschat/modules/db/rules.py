"""When a backup is due, and which old ones go. Times are Unix seconds; days and hours are those of the machine."""

import time as calendar
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from roschat.kernel.service import Health, State
from roschat.modules.db.settings import Settings
from roschat.modules.db.shelf import Archive

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY = 86_400.0
PAGE = "/maintenance/backups"
LATE = 0.5 * DAY
"""How much older than its period the last backup may be before health tells."""


def next_time(settings: Settings, after: float) -> float:
    """The first moment of the schedule behind `after`; 0 without a schedule."""
    if settings.schedule == "off":
        return 0.0
    hour, _, minute = settings.time.partition(":")
    local = datetime.fromtimestamp(after, UTC).astimezone().replace(tzinfo=None)
    moment = local.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
    while True:
        due = calendar.mktime(moment.timetuple())
        fits = settings.schedule == "daily" or moment.weekday() == DAYS.index(settings.weekday)
        if fits and due > after:
            return due
        moment += timedelta(days=1)


def outdated(archives: Iterable[Archive], settings: Settings, now: float) -> list[Archive]:
    """Those made by the schedule or before a restore that are too many or too old; the newest is never among them."""
    ours = [archive for archive in archives if archive.note.origin in ("schedule", "safety")]
    ours.sort(key=lambda archive: archive.note.made, reverse=True)
    return [
        archive
        for place, archive in enumerate(ours)
        if place > 0
        and (
            (settings.keep_count and place >= settings.keep_count)
            or (settings.keep_days and now - archive.note.made > settings.keep_days * DAY)
        )
    ]


def health(settings: Settings, now: float, since: float, good: float, failed: float, why: str, prepared: str) -> Health:
    """How backups stand: `good` and `failed` are the last ones (0: never), `since` is when there was a first chance.

    `prepared` is an archive whose restore waits for a restart.
    """
    if prepared:
        return Health(
            State.DEGRADED,
            f"A restore of {prepared} is prepared: restart the server, or cancel it.",
            f"Подготовлено восстановление из {prepared}: перезапустите сервер или отмените его.",
            code="restore-prepared",
            fix=PAGE,
        )
    if failed > good:
        return Health(
            State.DEGRADED,
            f"The last backup failed: {why}",
            f"Последняя резервная копия не создана: {why}",
            code="backup-failed",
            fix=PAGE,
        )
    if settings.schedule == "off":
        return Health()
    period = DAY if settings.schedule == "daily" else 7 * DAY
    reference = good or since
    if now - reference > period + LATE:
        days = int((now - reference) / DAY)
        told = f"The last backup is {days} days old" if good else f"No backup was made in {days} days"
        ru = f"Последней резервной копии дней: {days}" if good else f"Резервной копии нет уже дней: {days}"
        return Health(
            State.DEGRADED,
            f"{told}; the schedule asks for one each {'day' if period == DAY else 'week'}.",
            f"{ru}; по расписанию она делается {'каждый день' if period == DAY else 'раз в неделю'}.",
            code="backup-old",
            fix=PAGE,
        )
    return Health()
