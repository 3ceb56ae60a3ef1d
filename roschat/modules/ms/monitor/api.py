"""How the server is: its components, what it measures now and has measured, and what is wrong.

Figures have stable names: `people` (online), `clients_web`, `clients_mobile`, `clients_computer`, `messages` (a
minute), `cpu` and `process_cpu` (per cent), `memory_used`, `memory_total`, `process_memory`, `disk_used`, `disk_total`,
`database_size` (bytes), `database_connections`, `outbox`, `queue_…` (how many wait), `loop_delay` (seconds). A figure
is there when its source is: `calls` comes with telephony.
"""

from enum import StrEnum

from roschat.wire.declare import ADMIN, OPERATOR, command
from roschat.wire.message import Command, Empty, Message
from roschat.wire.rest import rest


class ComponentView(Message, frozen=True, omit_defaults=False):
    """A component in one process. `since` is Unix time in seconds."""

    name: str
    title: str
    title_ru: str
    summary: str
    state: str
    """ok, degraded, failed, stopped, starting, stopping; silent when its process does not answer"""
    text: str
    text_ru: str
    since: float
    who: str
    """Who stopped it, or restarted it last."""
    actions: list[str]
    """restart, stop, start: what can be done with it now."""
    process: str
    """The process on the bus; empty when there is only one."""
    process_name: str


@rest("GET", "/monitor/components", tag="monitor")
@command("list-components", access=OPERATOR)
class ListComponents(Command[list[ComponentView]], frozen=True):
    """All components of all processes."""


@rest("POST", "/monitor/components/{name}/restart", tag="monitor")
@command("restart-component", access=ADMIN)
class RestartComponent(Command[Empty], frozen=True):
    """Stop and start a component and those that need it; in one process, when that is named.

    The answer means that it has begun; `list-components` shows how it goes on. `not-found` for an unknown component,
    `bad-request` when it is just being stopped or started.
    """

    name: str
    process: str = ""


@rest("POST", "/monitor/components/{name}/stop", tag="monitor")
@command("stop-component", access=ADMIN)
class StopComponent(Command[Empty], frozen=True):
    """Stop a component and those that need it; as `restart-component`. `bad-request` for the console's own."""

    name: str
    process: str = ""


@rest("POST", "/monitor/components/{name}/start", tag="monitor")
@command("start-component", access=ADMIN)
class StartComponent(Command[Empty], frozen=True):
    """Start a stopped component, what it needs, and what its stop took along; as `restart-component`."""

    name: str
    process: str = ""


@rest("POST", "/monitor/restart", tag="monitor")
@command("restart-program", access=ADMIN)
class RestartProgram(Command[Empty], frozen=True):
    """End every process in order and begin it anew; the console is away for some seconds."""


class ProcessView(Message, frozen=True, omit_defaults=False):
    """A process now."""

    process: str
    name: str
    state: str
    """ok, degraded, failed; silent when it does not answer"""
    parts: dict[str, str]
    """ok, degraded or failed by name of the part."""
    figures: dict[str, float]


class Now(Message, frozen=True, omit_defaults=False):
    """Everything measured now. `time` is Unix seconds."""

    time: float
    state: str
    """The worst of all processes: ok, degraded, failed."""
    started: float
    figures: dict[str, float]
    """Sums and shared figures of all processes."""
    processes: list[ProcessView]


@rest("GET", "/monitor/now", tag="monitor")
@command("get-monitor", access=OPERATOR)
class GetMonitor(Command[Now], frozen=True):
    """What is measured now."""


class Span(StrEnum):
    """How far a chart goes back, in the resolution that suits it."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Line(Message, frozen=True, omit_defaults=False):
    """One figure over time; None where nothing was measured."""

    name: str
    values: list[float | None]


class Series(Message, frozen=True, omit_defaults=False):
    """Figures at the same times, Unix seconds, `step` apart; each value is the mean of its step."""

    step: int
    times: list[int]
    lines: list[Line]


@rest("GET", "/monitor/series", tag="monitor")
@command("get-series", access=OPERATOR)
class GetSeries(Command[Series], frozen=True):
    """Figures over a span; all when none is named. A figure that was not measured in the span has no line."""

    span: Span = Span.HOUR
    names: list[str] = []


class Problem(Message, frozen=True, omit_defaults=False):
    """Something that is wrong, or worth knowing."""

    code: str
    part: str
    severity: str
    """error, warning or notice"""
    text: str
    text_ru: str
    since: float
    fix: str
    """The page of the console where it is put right; may be empty."""
    process: str


@rest("GET", "/monitor/problems", tag="monitor")
@command("list-problems", access=OPERATOR)
class ListProblems(Command[list[Problem]], frozen=True):
    """What is wrong now, the worst first."""
