"""Pure rules of the monitor: which problems there are, and which rows a chart is made of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from roschat.kernel.jobs import JobView
from roschat.modules.ms.monitor.api import Line, Problem, Series, Span
from roschat.modules.ms.monitor.settings import Settings
from roschat.modules.ms.monitor.store import COARSE, FINE, MIDDLE, Point
from roschat.wire.component import ProcessTold

GIGABYTE = 1_000_000_000
SEVERITY = {"ok": "notice", "degraded": "warning", "failed": "error"}
ORDER = ("error", "warning", "notice")


@dataclass(frozen=True, slots=True)
class Resolution:
    """A span in seconds, the step of the rows it is read from, the seconds that one point stands for."""

    span: int
    source: int
    width: int


RESOLUTIONS: Mapping[Span, Resolution] = {
    Span.HOUR: Resolution(3600, FINE, FINE),
    Span.DAY: Resolution(86_400, MIDDLE, MIDDLE),
    Span.WEEK: Resolution(7 * 86_400, MIDDLE, 1800),
    Span.MONTH: Resolution(31 * 86_400, MIDDLE, 7200),
    Span.YEAR: Resolution(366 * 86_400, COARSE, 86_400),
}


def series(points: Iterable[Point], resolution: Resolution, now: int) -> Series:
    """Lines over the same times; a step without a point is a gap."""
    width = resolution.width
    first = (now - resolution.span) // width * width + width
    times = list(range(first, now // width * width + 1, width))
    places = {time: at for at, time in enumerate(times)}
    lines: dict[str, list[float | None]] = {}
    for point in points:
        if point.time in places:
            line = lines.setdefault(point.name, [None] * len(times))
            line[places[point.time]] = round(point.value, 4)
    return Series(width, times, [Line(name, lines[name]) for name in sorted(lines)])


def said_by(told: Iterable[ProcessTold]) -> list[Problem]:
    """What the parts of processes say of themselves, each once."""
    found: dict[tuple[str, str, str], Problem] = {}
    for one in told:
        for part in one.problems:
            severity = SEVERITY[part.state]
            if severity == "error" and not part.required:
                severity = "warning"
            found.setdefault(
                (part.code, part.part, part.text),
                Problem(part.code, part.part, severity, part.text, part.text_ru or part.text, 0, part.fix, one.name),
            )
    return list(found.values())


def silent(names: Iterable[str]) -> list[Problem]:
    """Processes that do not answer."""
    return [
        Problem(
            "process-silent", name, "error", f"Process {name} does not answer.", f"Процесс {name} не отвечает.", 0,
            "/monitor", name,
        )
        for name in names
    ]  # fmt: skip


def measured(figures: Mapping[str, float], settings: Settings) -> list[Problem]:
    """What the figures say."""
    found: list[Problem] = []
    total = figures.get("disk_total", 0)
    if total:
        free = total - figures["disk_used"]
        share = 100 * free / total
        if share < settings.disk_free:
            room, per_cent = f"{free / GIGABYTE:.1f}", f"{share:.0f}"
            found.append(
                Problem(
                    "disk-full", "disk", "error" if share < settings.disk_free / 4 else "warning",
                    f"Only {room} GB of the disk ({per_cent} %) are free; delete old backups or files.",
                    f"На диске свободно {room} ГБ ({per_cent} %); удалите старые резервные копии или файлы.",
                    0, "/maintenance/backups", "",
                )
            )  # fmt: skip
    total = figures.get("memory_total", 0)
    if total:
        share = 100 * (total - figures["memory_used"]) / total
        if share < settings.memory_free:
            found.append(
                Problem(
                    "memory-full", "memory", "warning",
                    f"Only {share:.0f} % of the memory are free; give the machine more or stop other programs.",
                    f"Свободно {share:.0f} % памяти; добавьте память или остановите другие программы.",
                    0, "", "",
                )
            )  # fmt: skip
    delay = figures.get("loop_delay", 0)
    if delay > settings.loop_delay:
        found.append(
            Problem(
                "program-late", "program", "warning",
                f"The program answered {delay:.1f} s late; the machine has too much to do.",
                f"Программа отвечала с задержкой {delay:.1f} с; машина перегружена.",
                0, "/monitor", "",
            )
        )  # fmt: skip
    return found


def failed_jobs(jobs: Iterable[JobView], since: float) -> list[Problem]:
    """Long work that failed lately; of each kind only the last attempt counts."""
    last: dict[str, JobView] = {}
    for job in jobs:
        if job.kind not in last:
            last[job.kind] = job
    return [
        Problem(
            f"job-failed-{job.kind}", "jobs", "warning",
            f"{job.kind} {job.title}: {job.text}".strip(), f"{job.kind} {job.title}: {job.text}".strip(),
            job.ended, "", "",
        )
        for job in last.values() if job.state == "failed" and job.ended >= since
    ]  # fmt: skip


def worst_first(problems: Iterable[Problem]) -> list[Problem]:
    """Errors before warnings before notices, the oldest first among equals."""
    return sorted(problems, key=lambda one: (ORDER.index(one.severity), one.since, one.code))
