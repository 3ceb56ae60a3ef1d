"""What is printed: the figures as a table, and how they stand to the targets."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

Row = dict[str, Any]

UNITS = {
    "idle": "sign-ins",
    "direct": "messages",
    "latency": "messages",
    "group50": "deliveries",
    "group500": "deliveries",
    "history": "pages",
}
COLUMNS = {
    "per_s": "per second",
    "cpu_s_per_1k": "CPU ms each (s per 1,000)",
    "lat_p50_ms": "p50 ms",
    "lat_p99_ms": "p99 ms",
    "last_p50_ms": "last member p50 ms",
    "mem_server_kb_per_conn": "KiB/connection",
    "gen_cpu_share": "generator's CPU",
    "undelivered": "undelivered",
}


class Target(NamedTuple):
    """A promise: `figure` gives our value from our row and the peer's; `want` and `aim` are what it should reach."""

    load: str
    name: str
    figure: Callable[[Row, Row], float]
    want: float
    aim: float
    at_most: bool = False


def _times(field: str) -> Callable[[Row, Row], float]:
    return lambda ours, peer: float(ours[field] / peer[field])


def _sooner(ours: Row, peer: Row) -> float:
    return float(peer["last_p50_ms"] / ours["last_p50_ms"])


def _own(field: str) -> Callable[[Row, Row], float]:
    return lambda ours, peer: float(ours[field])


TARGETS = (
    Target("direct", "messages/s, times the peer's", _times("per_s"), 5, 10),
    Target("direct", "CPU ms per message", _own("cpu_s_per_1k"), 0.10, 0.05, at_most=True),
    Target("latency", "p50 at 300/s, times the peer's", _times("lat_p50_ms"), 1, 0.5, at_most=True),
    Target("group50", "deliveries/s, times the peer's", _times("per_s"), 3, 4),
    Target("group500", "deliveries/s, times the peer's", _times("per_s"), 3, 4),
    Target("group500", "last member reached, times sooner", _sooner, 3, 4),
    Target("history", "pages/s, times the peer's", _times("per_s"), 5, 15),
    Target("idle", "KiB per idle connection", _own("mem_server_kb_per_conn"), 15, 10, at_most=True),
    Target("idle", "sign-ins/s with stored tokens", _own("per_s"), 1000, 1000),
)


def figures(rows: list[Row]) -> Iterator[str]:
    """A Markdown table, the servers beside each other for each load."""
    yield "| load | server | " + " | ".join(COLUMNS.values()) + " |"
    yield "|" + "---|" * (len(COLUMNS) + 2)
    for load, unit in UNITS.items():
        for row in rows:
            if row["load"] == load:
                cells = [f"{row[column]:.4g}" if column in row else "" for column in COLUMNS]
                cells = ["failed", *cells[1:]] if "failed" in row else cells
                yield f"| {load}: {unit} | {row['server']} | " + " | ".join(cells) + " |"


def targets(rows: list[Row], peer: str) -> Iterator[str]:
    """A Markdown table of the targets whose loads were measured on both."""
    by = {(row["server"], row["load"]): row for row in rows}
    yield "| load | target | measured | wanted | aim | |"
    yield "|---|---|---|---|---|---|"
    for target in TARGETS:
        ours, theirs = by.get(("roschat", target.load)), by.get((peer, target.load))
        if ours is None or theirs is None:
            continue
        try:
            value = target.figure(ours, theirs)
        except KeyError:
            yield f"| {target.load} | {target.name} | | {target.want:g} | {target.aim:g} | not measured |"
            continue
        reached = [value <= mark if target.at_most else value >= mark for mark in (target.want, target.aim)]
        verdict = "aim reached" if reached[1] else "pass" if reached[0] else "MISS"
        yield f"| {target.load} | {target.name} | {value:.3g} | {target.want:g} | {target.aim:g} | {verdict} |"
