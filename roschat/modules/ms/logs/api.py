"""The technical log: its lines with filters, the level of its parts, the whole of it to take away."""

from enum import StrEnum

from roschat.wire.declare import ADMIN, command
from roschat.wire.message import Command, Empty, Message
from roschat.wire.rest import rest, stream


class LogLevel(StrEnum):
    """Levels, the least serious first."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogLine(Message, frozen=True, omit_defaults=False):
    """A line. `time` is ISO 8601 in UTC with milliseconds; `fields` are what was logged beside the text, as texts."""

    time: str
    level: str
    module: str
    text: str
    request: str
    trace: str
    process: str
    fields: dict[str, str]


class LogPage(Message, frozen=True, omit_defaults=False):
    """Lines, the newest first.

    `older` is the place to go on from towards the past (empty: there is nothing older), `newer` that to ask from for
    what comes. `searched` says up to which time was looked when a page is not full.
    """

    lines: list[LogLine]
    older: str
    newer: str
    searched: str


@rest("GET", "/logs", tag="logs")
@command("list-log", access=ADMIN)
class ListLog(Command[LogPage], frozen=True):
    """Lines of the log of all processes.

    `level` is the least serious one shown; `module` the beginning of a part's name; `request` the number of a request;
    `text` is sought in the whole line without regard to case; `since` and `until` are Unix seconds, 0 for no limit.
    `older` or `newer` of an answer go on from there: with `newer` come the lines written since, still the newest first.
    """

    level: LogLevel = LogLevel.DEBUG
    module: str = ""
    request: str = ""
    text: str = ""
    since: float = 0.0
    until: float = 0.0
    process: str = ""
    count: int = 200
    older: str = ""
    newer: str = ""


class LoggerLevel(Message, frozen=True, omit_defaults=False):
    """A part that logs. `level` is the one set for it, empty when it follows `effective`."""

    name: str
    level: str
    effective: str


class LogState(Message, frozen=True, omit_defaults=False):
    """The levels, and what is kept. `size` is in bytes, `oldest` Unix seconds."""

    level: str
    """The one set for the whole; empty: as the program was started."""
    loggers: list[LoggerLevel]
    processes: list[str]
    files: int
    size: int


@rest("GET", "/logs/levels", tag="logs")
@command("get-log-levels", access=ADMIN)
class GetLogLevels(Command[LogState], frozen=True):
    """The parts that log, their levels, and how much is kept."""


@rest("PUT", "/logs/levels", tag="logs")
@command("set-log-level", access=ADMIN)
class SetLogLevel(Command[Empty], frozen=True):
    """Set the level of a part (of the whole without `name`) at once in all processes; an empty one goes back."""

    name: str = ""
    level: str = ""


DOWNLOAD = stream(
    "GET",
    "/logs/download",
    tag="logs",
    summary="The lines that fit the filters of list-log, the oldest first, as JSON lines in gzip.",
    access=ADMIN,
    gives="application/gzip",
)
