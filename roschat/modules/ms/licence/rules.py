"""What an installed licence is worth at a moment: pure functions over the file, the time and the last contact.

Times are Unix seconds. A licence ends with its last day (UTC) and stays in force for GRACE days more; one that belongs
to a licence server stays in force OFFLINE days without its answer. After that holds what it and the community licence
both allow: nobody who has something loses it, but nothing is added beyond.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec
from msgspec import Struct

from roschat.kernel.service import Health, State
from roschat.modules.ms.licence.api import LicenceFlags, LicenceLimits, LicenceProblem
from roschat.proto.licence import COMMUNITY, FLAGS, LIMITS, Licence

PAGE = "/settings/licence"
DAY = 86_400
GRACE = 10
OFFLINE = 30
SILENT = 2
"""Days without an answer of the licence server before that is a problem; it is asked daily."""
CLOCK = DAY
"""Seconds that the clock may go back: changes of a time zone, a leap, a repaired battery."""


class Standing(Struct, frozen=True):
    """What holds. `problems` are those of the licence itself; usage is not looked at."""

    state: str
    licence: Licence
    problems: list[LicenceProblem]


def judge(installed: Licence | None, refused: LicenceProblem | None, now: float, contacted: float) -> Standing:
    """`refused` is why the installed file does not count at all; `contacted` the last answer of the licence server."""
    if refused is not None:
        return Standing("ended", _least(installed) if installed else COMMUNITY, [refused])
    if installed is None:
        return Standing("community", COMMUNITY, [])
    problems: list[LicenceProblem] = []
    state = "active"
    if installed.login:
        silent = (now - contacted) / DAY
        if silent > OFFLINE:
            return Standing("ended", _least(installed), [LicenceProblem("ended-offline")])
        if silent > SILENT:
            state = "offline"
            problems.append(LicenceProblem("offline", int(OFFLINE - silent)))
    if installed.until and now >= (end := last_moment(installed.until)):
        over = (now - end) / DAY
        if over >= GRACE:
            return Standing("ended", _least(installed), [LicenceProblem("ended-expired")])
        state = "expired"
        problems.append(LicenceProblem("expired", int(GRACE - over)))
    return Standing(state, installed, problems)


def last_moment(day: str) -> float:
    """The end of a day."""
    end = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(days=1)
    return end.timestamp()


def day_of(now: float) -> str:
    """The day of a moment (UTC), as an ISO date."""
    return f"{datetime.fromtimestamp(now, UTC):%Y-%m-%d}"


def judged_time(now: float, seen: float) -> tuple[float, bool]:
    """The time to judge by, and whether the clock was set back behind one that was seen."""
    back = seen - now > CLOCK
    return (seen if back else now), back


def over(licence: Licence, used: Mapping[str, int]) -> list[LicenceProblem]:
    """The limits that are exceeded."""
    wire = dict(zip(LIMITS, LicenceLimits.__struct_encode_fields__, strict=True))
    return [
        LicenceProblem("over", what=wire[name], text=f"{used[name]} of {getattr(licence, name)}")
        for name in LIMITS
        if used.get(name, 0) > getattr(licence, name)
    ]


def limits(licence: Licence) -> LicenceLimits:
    """The limits as other modules see them."""
    return LicenceLimits(*(getattr(licence, name) for name in LIMITS))


def flags(licence: Licence) -> LicenceFlags:
    """The options as other modules see them."""
    return LicenceFlags(*(getattr(licence, name) for name in FLAGS))


SAID: dict[str, tuple[str, str]] = {
    "offline": (
        "The licence server does not answer; days that the licence stays in force: {days}.",
        "Сервер лицензий не отвечает; лицензия действует ещё дней: {days}.",
    ),
    "expired": (
        "The licence has expired; days that it stays in force: {days}. Ask the vendor for another one.",
        "Срок лицензии истёк; она действует ещё дней: {days}. Обратитесь к поставщику.",
    ),
    "ended-offline": (
        "The licence server has not answered for 30 days: the limits of the community licence hold.",
        "Сервер лицензий не отвечает 30 дней: действуют ограничения встроенной лицензии.",
    ),
    "ended-expired": (
        "The licence has ended: the limits of the community licence hold. Ask the vendor for another one.",
        "Лицензия закончилась: действуют ограничения встроенной. Обратитесь к поставщику.",
    ),
    "foreign": (
        "The installed licence does not belong to this installation: {text}",
        "Установленная лицензия выдана не этому серверу: {text}",
    ),
    "unknown": ("The installed licence does not count: {text}", "Установленная лицензия не действует: {text}"),
    "clock": (
        "The clock of the server was set back; the licence is judged by the latest time seen. Set it right.",
        "Часы сервера переведены назад; лицензия считается по последнему известному времени. Исправьте часы.",
    ),
    "over": (
        "More is used than the licence allows: {what}, {text}. Nothing more can be added.",
        "Использовано больше, чем разрешает лицензия: {what}, {text}. Добавить новых нельзя.",
    ),
    "trouble": ("The licence could not be updated: {text}", "Лицензию не удалось обновить: {text}"),
}
"""Problems in one sentence, English and Russian."""


def told(problem: LicenceProblem) -> str:
    """A problem in one sentence, for the log."""
    return SAID[problem.kind][0].format(days=problem.days, what=problem.what, text=problem.text)


def health(problems: Sequence[LicenceProblem]) -> Health:
    """The problems as the console's window shows them."""
    said = [
        Health(
            State.DEGRADED,
            told(problem),
            SAID[problem.kind][1].format(days=problem.days, what=problem.what, text=problem.text),
            code=f"licence-{problem.kind}",
            fix=PAGE,
        )
        for problem in problems
    ]
    return msgspec.structs.replace(said[0], also=tuple(said[1:])) if said else Health()


def _least(licence: Licence) -> Licence:
    """What both a licence and the community licence allow."""
    changes: dict[str, object] = {name: min(getattr(licence, name), getattr(COMMUNITY, name)) for name in LIMITS}
    changes |= {name: getattr(licence, name) and getattr(COMMUNITY, name) for name in FLAGS}
    return msgspec.structs.replace(licence, **changes)
